"""Ratings as columns of numbers: who rated what, how, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

LIKE = 4.0
"""A rating of at least this is a like."""

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]
Scores = NDArray[np.float32]
"""Shape (n_users, n_items): the higher, the sooner recommended."""


@dataclass(frozen=True)
class Ratings:
    """One row a rating, sorted by user and time; equal times keep the order of the file.

    Args:
        users: names, by user number.
        items: names, by item number; items that nobody rated are there too.
        user, item: numbers, shape (n,).
        rating: shape (n,).
        time: seconds, shape (n,).
    """

    users: tuple[str, ...]
    items: tuple[str, ...]
    user: Rows
    item: Rows
    rating: NDArray[np.float64]
    time: Rows

    def __len__(self) -> int:
        return len(self.user)

    def where(self, rows: Mask | Rows) -> Ratings:
        """Those rows, by mask or by number, over the same users and items."""
        return replace(self, user=self.user[rows], item=self.item[rows], rating=self.rating[rows], time=self.time[rows])

    @property
    def likes(self) -> Ratings:
        """The rows rated ``LIKE`` or better."""
        return self.where(self.rating >= LIKE)

    def matrix(self, values: NDArray[np.floating] | None = None) -> Scores:
        """Shape (n_users, n_items), dense: ``values`` of the rows (one where not given), zero elsewhere."""
        dense = np.zeros((len(self.users), len(self.items)), np.float32)
        dense[self.user, self.item] = 1.0 if values is None else values
        return dense

    def counts(self) -> Rows:
        """Rows of each user (n_users,)."""
        return np.bincount(self.user, minlength=len(self.users))

    def popularity(self) -> Rows:
        """Rows of each item (n_items,)."""
        return np.bincount(self.item, minlength=len(self.items))


def in_order(ratings: Ratings) -> Ratings:
    """Sorted by user, then time; equal times keep their order."""
    return ratings.where(np.lexsort((ratings.time, ratings.user)))
