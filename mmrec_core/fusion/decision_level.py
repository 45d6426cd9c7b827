"""Decision-level fusion: every pair of modalities scores by itself; calibrated scores are combined by learned weights.

A pair of modalities, or a modality with itself, has a space of its own, in which its score is a cosine. Put side by side,
each space scaled by the root of its weight, these vectors have one inner product: the weighted mean of the pairs' scores.
So the index, the one score function and every explainer work on decisions as they do on any embedding.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmrec_core.fusion.anchor import Anchor
from mmrec_core.fusion.anchored import kept_modalities
from mmrec_core.fusion.base import Summaries
from mmrec_core.fusion.pooled import PooledFusion
from mmrec_core.registry import Option, Plugin
from mmrec_core.types import FUSED, Modality

ModalityPair = tuple[Modality, Modality]
"""In the order of FUSED; twice the same for what a modality says of itself."""


class DecisionLevelFusion(PooledFusion):
    """``<e, e'> = sum_p w_p cos_p / sqrt(W W')``, over the pairs p in which both sides have a say.

    ``w_p = exp(theta_p) / spread_p``: the spread of a pair's cosines over the training part is divided out (calibration), so
    that ``exp(theta_p)``, learned, is the weight of a decision. ``W`` is the sum of the weights of all pairs in which a side
    has a say; a pair in which it has none abstains. Where nothing is kept, a learned vector stands for the whole.

    Args:
        modalities: by modality, the keyword arguments of its ``Anchor`` except ``out``.
        width: of each pair's space; the embedding is as many times wider as there are pairs.
    """

    name = "decision_level"
    spread: Tensor

    def __init__(self, modalities: Mapping[str, Mapping[str, Any]], width: int) -> None:
        super().__init__()
        self._config = {"modalities": {str(m): dict(spec) for m, spec in modalities.items()}, "width": width}
        known = [m for m in FUSED if m in modalities]
        self.pairs: tuple[ModalityPair, ...] = tuple(itertools.combinations_with_replacement(known, 2))
        self.width = width
        self.dim = width * len(self.pairs)
        self.anchors = nn.ModuleDict(
            {str(m): Anchor(out=width * len(self.pairs_of(m)), **modalities[m]) for m in known}
        )
        self.log_weights = nn.Parameter(torch.zeros(len(self.pairs)))
        self.nothing = nn.Parameter(torch.randn(self.dim) * 0.01)
        self.register_buffer("spread", torch.ones(len(self.pairs)))

    def pairs_of(self, modality: Modality) -> list[int]:
        """Numbers of the pairs in which the modality has a say, in order."""
        return [n for n, pair in enumerate(self.pairs) if modality in pair]

    def weights(self) -> Tensor:
        """(pairs,): what multiplies each pair's cosine, before the sum is divided by the voters' total."""
        return self.log_weights.exp() / self.spread

    def parts(self, modality: Modality, pooled: Tensor) -> dict[str, Tensor]:
        """The modality's vector in the space of each of its pairs, end to end."""
        anchor = self.anchor(modality)
        return {"said": anchor.linear(anchor.features(pooled))}

    def opinions(self, summaries: Summaries, presence: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Unit vectors (batch, pairs, width), zeros where nobody has a say, and who has one (batch, pairs)."""
        kept = kept_modalities(summaries, presence)
        total = self.nothing.new_zeros(len(kept), len(self.pairs), self.width)
        voted = torch.zeros(len(kept), len(self.pairs), dtype=torch.bool, device=kept.device)
        for modality, part in summaries.parts.items():
            there = kept[:, FUSED.index(modality)]
            numbers = torch.tensor(self.pairs_of(modality), device=kept.device)
            said = part["said"].unflatten(-1, (len(numbers), self.width)) * there[:, None, None]
            total = total.index_add(1, numbers, said)
            voted[:, numbers] |= there[:, None]
        return F.normalize(total, dim=-1), voted

    def fuse(self, summaries: Summaries, presence: Tensor | None = None) -> Tensor:
        """Unit vectors (batch, dim) of the modalities that ``presence`` keeps."""
        opinions, voted = self.opinions(summaries, presence)
        side_by_side = (opinions * self.weights().sqrt()[:, None]).flatten(1)
        whole = torch.where(voted.any(dim=1, keepdim=True), side_by_side, self.nothing)
        return F.normalize(whole, dim=-1)


def build(modalities: Mapping[str, Mapping[str, Any]], **options: Any) -> DecisionLevelFusion:
    """The untrained fusion for encoders of the given widths."""
    return DecisionLevelFusion(modalities, **options)


PLUGIN = Plugin(
    name="decision_level",
    title="Decision-level (weighted scores of pairs)",
    build=build,
    requires=("torch",),
    options=(Option("width", 96, "Width of a pair", "Length of a vector in one pair's space.", 8, 1024),),
)
