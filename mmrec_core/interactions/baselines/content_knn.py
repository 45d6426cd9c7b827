"""Nearest neighbours of raw embeddings: what an encoder finds similar to the liked items, with nothing learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmrec_core.interactions.ratings import Ratings, Scores


@dataclass(frozen=True)
class ContentKNN:
    """Score: cosine of an item to the mean of the liked items' vectors.

    Args:
        vectors: (n_items, dim), rows of length one; a row of zeros where an item has no such medium.
    """

    vectors: NDArray[np.float32]

    def __call__(self, train: Ratings) -> Scores:
        """Scores (n_users, n_items)."""
        profile = train.likes.matrix() @ self.vectors
        length = np.linalg.norm(profile, axis=1, keepdims=True)
        return (profile / np.maximum(length, 1e-9)) @ self.vectors.T
