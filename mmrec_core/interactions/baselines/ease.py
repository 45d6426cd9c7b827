"""EASE^R: the best linear item-item model, in closed form (Steck 2019)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmrec_core.interactions.ratings import Ratings, Scores


@dataclass(frozen=True)
class EASE:
    """Score: likes @ B, where B minimises |X - X B|^2 + ``regularisation`` |B|^2 with a diagonal of zeros."""

    regularisation: float = 100.0

    def __call__(self, train: Ratings) -> Scores:
        """Scores (n_users, n_items)."""
        likes = train.likes.matrix()
        return likes @ item_weights(likes.T @ likes, self.regularisation)


def item_weights(gram: Scores, regularisation: float) -> Scores:
    """B = I - P diag(1 / diag P) with P = (gram + regularisation I)^-1; shape (n_items, n_items), diagonal zero.

    Args:
        gram: X^T X.
    """
    inverse = np.linalg.inv(gram.astype(np.float64) + regularisation * np.eye(len(gram)))
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return weights.astype(np.float32)
