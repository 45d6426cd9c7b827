"""Items that the same people like (Sarwar 2001; Deshpande and Karypis 2004)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmrec_core.interactions.ratings import Ratings, Scores


@dataclass(frozen=True)
class ItemKNN:
    """Score of an item: the sum of its cosines to the liked items, among each item's nearest ``neighbours``.

    ``shrink`` is added to the denominator, so that cosines of rarely rated items count less.
    """

    neighbours: int = 100
    shrink: float = 0.0

    def __call__(self, train: Ratings) -> Scores:
        """Scores (n_users, n_items)."""
        likes = train.likes.matrix()
        return likes @ keep_nearest(cosines(likes, self.shrink), self.neighbours)


def cosines(likes: Scores, shrink: float) -> Scores:
    """Cosine of each pair of columns (n_items, n_items), zero with itself."""
    together = likes.T @ likes
    length = np.sqrt(np.diag(together))
    similar = together / np.maximum(np.outer(length, length) + shrink, 1e-9)
    np.fill_diagonal(similar, 0)
    return similar.astype(np.float32)


def keep_nearest(similar: Scores, neighbours: int) -> Scores:
    """Zero in each column all but its largest ``neighbours`` entries."""
    if neighbours >= len(similar):
        return similar
    floor = -np.partition(-similar, neighbours - 1, axis=0)[neighbours - 1]
    return np.where(similar >= floor, similar, 0)
