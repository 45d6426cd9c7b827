"""Random subsets of the modalities an item holds."""

from __future__ import annotations

import torch
from torch import Tensor


def disjoint_subsets(presence: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Split each row's modalities at random into two non-empty subsets.

    Args:
        presence: (batch, m) bool. A row with a single modality gets that modality on both sides.

    Returns:
        Two (batch, m) bool tensors, disjoint wherever the row has two modalities or more.
    """
    order = torch.rand(presence.shape, generator=generator).masked_fill(~presence, 2.0)
    rank = order.argsort(dim=1).argsort(dim=1)
    count = presence.sum(dim=1, keepdim=True)
    cut = 1 + (torch.rand(len(presence), 1, generator=generator) * (count - 1).clamp(min=1)).long()
    first = presence & (rank < cut)
    second = presence & (rank >= cut)
    single = count == 1
    return first, torch.where(single, presence, second)


def random_subset(presence: Tensor, keep: float, generator: torch.Generator) -> Tensor:
    """Keep each modality with probability ``keep``; never none of a row that has any."""
    kept = presence & (torch.rand(presence.shape, generator=generator) < keep)
    return torch.where(kept.any(dim=1, keepdim=True), kept, presence)
