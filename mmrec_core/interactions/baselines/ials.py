"""Implicit alternating least squares (Hu, Koren and Volinsky 2008; tuned as in Rendle 2022)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmrec_core.interactions.ratings import Ratings, Scores


@dataclass(frozen=True)
class IALS:
    """Score: inner product of a user's and an item's factors.

    Args:
        dim: of the factors.
        unobserved: weight of a pair without a like; a like weighs one more.
        regularisation: on the squared length of the factors, scaled by how much each user and item was seen.
    """

    dim: int = 64
    unobserved: float = 0.1
    regularisation: float = 0.01
    epochs: int = 10
    seed: int = 0

    def __call__(self, train: Ratings) -> Scores:
        """Scores (n_users, n_items)."""
        likes = train.likes.matrix().astype(np.float64)
        random = np.random.default_rng(self.seed)
        users, items = (random.normal(0, self.dim**-0.5, (n, self.dim)) * 0.1 for n in likes.shape)
        for _ in range(self.epochs):
            users = self._solve(likes, items)
            items = self._solve(likes.T, users)
        return (users @ items.T).astype(np.float32)

    def _solve(self, likes: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
        """Factors of the rows, the columns' factors held fixed."""
        common = self.unobserved * other.T @ other
        found = np.zeros((len(likes), self.dim))
        for row, liked in enumerate(likes > 0):
            near = other[liked]
            weight = self.regularisation * (len(near) + self.unobserved * len(other))
            found[row] = np.linalg.solve(common + near.T @ near + weight * np.eye(self.dim), near.sum(axis=0))
        return found
