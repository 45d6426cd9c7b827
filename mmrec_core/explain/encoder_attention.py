"""Where the frozen encoders themselves looked, before the fusion: for encoders that have attention (``encoders.attending``).

The medium is encoded once more with its attention kept; the rules are those of ``explain.looking``. ``relevance`` differentiates
the score of the pair, through the fusion, down to the attention inside the encoder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmrec_core.encoders.attending import Attended
from mmrec_core.explain import looking
from mmrec_core.explain.base import Explanation, Pair, SideFindings
from mmrec_core.explain.gradient import differentiable_score
from mmrec_core.explain.scorer import SIDES, SideName, side_of
from mmrec_core.fusion.base import TokenBatch
from mmrec_core.registry import Option, Plugin
from mmrec_core.types import Modality, TokenMap
from mmrec_core.types.sentence import in_a_row

if TYPE_CHECKING:
    from torch import Tensor

METHOD = "encoder_attention"
RELEVANCE, ROLLOUT, LAST = "relevance", "rollout", "last"


class EncoderAttention:
    """Non-negative maps on every medium whose encoder attends; the other media get none.

    Args:
        kind: relevance, rollout or last.
    """

    name = METHOD

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def why_incompatible(self, pair: Pair) -> str | None:
        """At least one medium needs an encoder with attention."""
        reasons = [_why_not(pair, side, m) for side in SIDES for m in side_of(pair, side).players]
        return None if None in reasons else in_a_row(list(dict.fromkeys(filter(None, reasons))))

    def explain(self, pair: Pair) -> Explanation:
        """Look into the encoders of both sides."""
        maps: dict[SideName, dict[Modality, TokenMap]] = {
            side: {m: self._map(pair, side, m) for m in side_of(pair, side).players if _why_not(pair, side, m) is None}
            for side in SIDES
        }
        return Explanation(METHOD, SideFindings(maps=maps["query"]), SideFindings(maps=maps["item"]))

    def explain_medium(self, pair: Pair, side: SideName, modality: Modality) -> SideFindings:
        """One medium only; no map of one whose encoder has no attention."""
        attends = _why_not(pair, side, modality) is None
        return SideFindings(maps={modality: self._map(pair, side, modality)} if attends else {})

    def _map(self, pair: Pair, side: SideName, modality: Modality) -> TokenMap:
        assert pair.inside is not None  # noqa: S101 - _why_not said so
        one, tokens = pair.inside.attend(side, modality), side_of(pair, side).tokens[modality]
        weights = self._weights(pair, side, modality, one).double().cpu().numpy()
        return TokenMap(modality, tokens.grid, np.where(tokens.mask, weights, 0.0), METHOD)

    def _weights(self, pair: Pair, side: SideName, modality: Modality, one: Attended) -> Tensor:
        if self.kind == LAST:
            return looking.last(one)
        if self.kind == ROLLOUT:
            return looking.rollout(one)
        return looking.relevance(one, attention_gradients(pair, side, modality, one))


def attention_gradients(pair: Pair, side: SideName, modality: Modality, one: Attended) -> list[Tensor]:
    """Gradients of the pair's score with respect to the attention (windows, heads, n, n) of every layer of one encoder."""
    import torch

    own = side_of(pair, side)
    with torch.enable_grad():
        batch = {m: TokenBatch(own.batch[m].values.detach().clone(), own.batch[m].mask) for m in own.players}
        mask = batch[modality].mask
        values = batch[modality].values.clone()
        values[0, : len(one.tokens)] = one.tokens.to(values)
        batch[modality] = TokenBatch(values, mask)
        target = differentiable_score(pair, side, pair.fusion.summarise(batch))
    weights = [layer.weights for layer in one.layers]
    found = torch.autograd.grad(target, weights, allow_unused=True)
    return [torch.zeros_like(w) if g is None else g for w, g in zip(weights, found, strict=True)]


def _why_not(pair: Pair, side: SideName, modality: Modality) -> str | None:
    if pair.inside is None:
        return "The media of this pair are not at hand, so no encoder can be looked into."
    return pair.inside.why_not(side, modality)


PLUGIN = Plugin(
    name=METHOD,
    title="Attention inside the encoders",
    build=EncoderAttention,
    requires=("torch",),
    options=(
        Option(
            "kind", RELEVANCE, "Kind",
            "Relevance: attention that raises the score. Rollout: attention of all layers. Last: of the last layer alone.",
            choices=(RELEVANCE, ROLLOUT, LAST),
        ),
    ),
)  # fmt: skip
