"""Latent mixup with one coefficient for all modalities (FuseMix, Vouitsis et al., CVPR 2024)."""

from __future__ import annotations

import torch
from torch import Tensor

from mmrec_core.fusion.base import Summaries


def mix_summaries(summaries: Summaries, partner: Tensor, share: Tensor) -> Summaries:
    """Mix each row with its partner: ``share * row + (1 - share) * partner``, the same share in every modality.

    Two modalities of a mixture of two items belong together as two modalities of one item do, so a small catalogue gives
    many more pairs.

    Args:
        partner: (batch,) row numbers; share: (batch,) in [0, 1].

    Returns:
        Summaries that have a modality where both rows have it. Attention is that of the row.
    """
    weight = share[:, None]
    parts = {
        modality: {name: weight * part + (1 - weight) * part[partner] for name, part in named.items()}
        for modality, named in summaries.parts.items()
    }
    return Summaries(parts, summaries.presence & summaries.presence[partner], summaries.attention)


def mixing_plan(batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Random partners (batch,) and shares (batch,) drawn uniformly, i.e. from Beta(1, 1)."""
    return torch.randperm(batch, generator=generator), torch.rand(batch, generator=generator)
