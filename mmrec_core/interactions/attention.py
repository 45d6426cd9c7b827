"""Attention over a history: how much each rating counts for what a person would like next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmrec_core.interactions.ratings import LIKE, Ratings, Scores

LOVED, DISLIKED = 5.0, 2.0


@dataclass(frozen=True)
class Attention:
    """Weight of a rating: value / (shift + likes since)^power, scaled so that absolute weights of a history sum to one.

    The value is 1 for a like, ``loved`` for the best rating, ``neutral`` between like and dislike, and ``disliked`` (which may
    be negative, so that it pushes away) for a rating of two or less.
    """

    shift: float = 3.0
    power: float = 1.0
    loved: float = 1.0
    neutral: float = 0.0
    disliked: float = 0.0

    def weights(self, ratings: Ratings) -> NDArray[np.float64]:
        """One weight a row (n,)."""
        value = np.select(
            [ratings.rating >= LOVED, ratings.rating >= LIKE, ratings.rating > DISLIKED],
            [self.loved, 1.0, self.neutral],
            self.disliked,
        )
        raw = value / (self.shift + likes_since(ratings)) ** self.power
        total = np.bincount(ratings.user, np.abs(raw), minlength=len(ratings.users))
        return raw / np.maximum(total, 1e-12)[ratings.user]

    def profiles(self, ratings: Ratings) -> Scores:
        """The weights as rows (n_users, n_items)."""
        return ratings.matrix(self.weights(ratings))


def likes_since(ratings: Ratings) -> NDArray[np.int64]:
    """How many likes of the same user come after each row (n,)."""
    like = ratings.rating >= LIKE
    up_to = np.cumsum(like)
    of_user = np.cumsum(ratings.likes.counts())
    return of_user[ratings.user] - up_to
