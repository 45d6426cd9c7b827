"""Gradient maps: which tokens the score is sensitive to, from one backward pass a side.

- ``masking``: ``sum_q dS/dl_qn = sum_q w_qn (g_qn - sum_k w_qk g_qk)``, with g the gradient with respect to the attention w
  and l its logits: to first order, what the score loses when a token is hidden and the attention is shared among the others.
- ``attention``: ``mean_q max(0, w_qn g_qn)``, gradient-weighted attention (Chefer, Gur and Wolf, ICCV 2021).
- ``input``: ``x_n . dS/dx_n``, gradient x input (Shrikumar 2016; Ancona 2018), for every fusion that torch can differentiate.

Gradients come from ``torch.autograd.grad`` on tensors of this call alone: no hooks, and no ``.grad`` on a shared model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from mmrec_core.explain.base import Explanation, Pair, SideFindings
from mmrec_core.explain.scorer import SideName, side_of
from mmrec_core.fusion.base import Summaries, TokenBatch
from mmrec_core.recommend.score import score
from mmrec_core.registry import Option, Plugin
from mmrec_core.types import Modality, TokenMap, told

if TYPE_CHECKING:
    from torch import Tensor

METHOD = "gradient"
MASKING, ATTENTION, INPUT = "masking", "attention", "input"


class Gradient:
    """Signed relevance of the tokens of both sides; ``attention`` keeps its positive part only.

    Args:
        kind: masking, attention or input.
    """

    name = METHOD

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def why_incompatible(self, pair: Pair) -> str | None:
        """Two kinds need a fusion that takes its attention from outside."""
        if self.kind == INPUT or hasattr(pair.fusion, "attend"):
            return None
        return told(
            "The fusion {name!r} does not take attention weights; choose the kind {kind!r}.",
            name=pair.fusion.name,
            kind=INPUT,
        )

    def explain(self, pair: Pair) -> Explanation:
        """Differentiate the score on both sides."""
        return Explanation(METHOD, self._side(pair, "query"), self._side(pair, "item"))

    def explain_medium(self, pair: Pair, side: SideName, modality: Modality) -> SideFindings:  # noqa: ARG002 - one pass gives all
        """Differentiate the score on one side."""
        return self._side(pair, side)

    def _side(self, pair: Pair, side: SideName) -> SideFindings:
        if not side_of(pair, side).players:
            return SideFindings()
        relevance = (input_relevance if self.kind == INPUT else _attention_kind(self.kind))(pair, side)
        own, maps = side_of(pair, side), {}
        for modality in own.players:
            tokens = own.tokens[modality]
            weights = relevance[modality][: len(tokens.mask)].detach().double().cpu().numpy()
            maps[modality] = TokenMap(modality, tokens.grid, np.where(tokens.mask, weights, 0.0), METHOD)
        return SideFindings(maps=maps)


Relevance = dict[Modality, "Tensor"]
"""By modality, (n_tokens,)."""


def input_relevance(pair: Pair, side: SideName) -> Relevance:
    """``x_n . dS/dx_n`` of every token."""
    import torch

    own = side_of(pair, side)
    with torch.enable_grad():
        values = {m: own.batch[m].values.detach().clone().requires_grad_() for m in own.players}
        batch = {m: TokenBatch(values[m], own.batch[m].mask) for m in own.players}
        gradients = _gradients(pair, side, pair.fusion.summarise(batch), values)
    return {m: (gradients[m] * values[m])[0].sum(dim=-1) for m in values}


def attention_gradients(pair: Pair, side: SideName) -> tuple[Relevance, Relevance]:
    """Attention weights of the learned queries and the score's gradients with respect to them: (queries, n) a modality."""
    import torch

    own, fusion = side_of(pair, side), pair.fusion
    with torch.enable_grad():
        batch = {m: TokenBatch(own.batch[m].values.detach().clone(), own.batch[m].mask) for m in own.players}
        weights = {m: w.detach().requires_grad_() for m, w in fusion.attend(batch).items()}  # type: ignore[attr-defined]
        summaries = fusion.summarise(batch, weights)  # type: ignore[call-arg]
        gradients = _gradients(pair, side, summaries, weights)
    return {m: w[0].detach() for m, w in weights.items()}, {m: g[0] for m, g in gradients.items()}


def masking_relevance(weights: Tensor, gradients: Tensor) -> Tensor:
    """The gradient with respect to the attention's logits, summed over queries: (n,). It sums to zero over the tokens."""
    centre = (weights * gradients).sum(dim=-1, keepdim=True)
    return (weights * (gradients - centre)).sum(dim=0)


def attention_relevance(weights: Tensor, gradients: Tensor) -> Tensor:
    """Gradient x attention, positive part, mean over queries: (n,)."""
    return (weights * gradients).clamp(min=0).mean(dim=0)


def _attention_kind(kind: str) -> Callable[[Pair, SideName], Relevance]:
    rule = masking_relevance if kind == MASKING else attention_relevance

    def relevance(pair: Pair, side: SideName) -> Relevance:
        weights, gradients = attention_gradients(pair, side)
        return {m: rule(weights[m], gradients[m]) for m in weights}

    return relevance


def _gradients(pair: Pair, side: SideName, summaries: Summaries, leaves: Mapping[Modality, Tensor]) -> Relevance:
    """Gradients of the score with respect to ``leaves``; zeros where the score ignores a leaf."""
    import torch

    target = differentiable_score(pair, side, summaries)
    found = torch.autograd.grad(target, list(leaves.values()), allow_unused=True)
    return {m: torch.zeros_like(leaf) if g is None else g for (m, leaf), g in zip(leaves.items(), found, strict=True)}


def differentiable_score(pair: Pair, side: SideName, summaries: Summaries) -> Tensor:
    """The score with one side summarised as given, the other side and the profile held as they are."""
    import torch

    fused = pair.fusion.fuse(summaries)[0]
    with torch.no_grad():
        other = pair.fusion.fuse((pair.item if side == "query" else pair.query).summaries)[0]
    profile = None if pair.profile is None else torch.as_tensor(pair.profile, device=fused.device)
    query, item = (fused, other) if side == "query" else (other, fused)
    return score(query, item, profile, pair.weight)


PLUGIN = Plugin(
    name=METHOD,
    title="Gradients",
    build=Gradient,
    requires=("torch",),
    options=(
        Option(
            "kind", INPUT, "Kind",
            "Input: gradient x token. Masking: first-order effect of hiding a token. Attention: gradient x attention.",
            choices=(INPUT, MASKING, ATTENTION),
        ),
    ),
)  # fmt: skip
