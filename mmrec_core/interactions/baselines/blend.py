"""Several recommenders as one: reciprocal rank fusion, and a weighted sum of scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mmrec_core.interactions.ratings import Ratings, Scores
from mmrec_core.metrics import ranks

Recommender = Callable[[Ratings], Scores]
"""Training ratings in, a score of every item for every user out."""


@dataclass(frozen=True)
class RankFusion:
    """Score: sum over ``parts`` of 1 / (k + rank) (Cormack, Clarke and Buettcher 2009)."""

    parts: Sequence[Recommender]
    k: int = 60

    def __call__(self, train: Ratings) -> Scores:
        """Scores (n_users, n_items)."""
        return np.sum([1 / (self.k + ranks(part(train))) for part in self.parts], axis=0)


@dataclass(frozen=True)
class WeightedSum:
    """Score: sum over ``parts`` of weight x score, each user's scores of a part brought to mean 0 and deviation 1."""

    parts: Sequence[Recommender]
    weights: Sequence[float]

    def __call__(self, train: Ratings) -> Scores:
        """Scores (n_users, n_items)."""
        return np.sum([w * standardised(part(train)) for w, part in zip(self.weights, self.parts, strict=True)], axis=0)


def standardised(scores: Scores) -> Scores:
    """Each row with mean 0 and standard deviation 1; a constant row becomes zeros."""
    centred = scores - scores.mean(axis=1, keepdims=True)
    return centred / np.maximum(centred.std(axis=1, keepdims=True), 1e-9)
