"""Tokens in the space that a contrastive model shares between modalities."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def centre_on(pooled: Tensor, cells: Tensor, mask: Tensor) -> Tensor:
    """Shift and scale the cells of each medium so that the mean of its real ones is the published unit embedding.

    A contrastive model aligns one vector a medium, taken from a [CLS] or [EOS] token or from an average; what its other
    tokens say, through the same projection, is only loosely in that space. So each cell becomes the published embedding plus
    what the cell says beyond the average cell: maps stay local, and mean pooling loses nothing.

    Args:
        pooled: (batch, dim), not normalised.
        cells: (batch, n, dim), projected like ``pooled``.
        mask: (batch, n) bool, True where the cell is real.
    """
    real = mask.unsqueeze(-1).to(cells.dtype)
    mean = (cells * real).sum(dim=1, keepdim=True) / real.sum(dim=1, keepdim=True)
    return (pooled.unsqueeze(1) + cells - mean) / pooled.norm(dim=-1).clamp_min(1e-12)[:, None, None]
