"""What an embedding says of categories, set beside it, so that it counts in every score."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Categories(nn.Module):
    """``[e; sqrt(share) softmax(W e + b)]``.

    The score of two of these is ``<q, e> + share <p_q, p_e>``: what was asked for plus, weighed, the chance that a category drawn
    from what the one side says and one drawn from what the other says are the same.

    Args:
        count: how many categories there are.
        dim: width of the embedding e.
        share: how much they count, at least 0.
    """

    share: Tensor

    def __init__(self, count: int, dim: int, share: float = 0.0) -> None:
        super().__init__()
        self.linear = nn.Linear(dim, count)
        self.register_buffer("share", torch.tensor(share))

    @property
    def count(self) -> int:
        """How many categories there are."""
        return self.linear.out_features

    def forward(self, embedding: Tensor) -> Tensor:
        """(batch, dim) -> (batch, dim + count)."""
        likely = torch.softmax(self.linear(embedding), dim=-1)
        return torch.cat([embedding, self.share.sqrt() * likely], dim=-1)
