"""The same list for everybody: what most users like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmrec_core.interactions.ratings import Ratings, Scores


@dataclass(frozen=True)
class Popularity:
    """Score of an item: how many users like it."""

    def __call__(self, train: Ratings) -> Scores:
        """Scores (n_users, n_items); every row is the same."""
        liked = train.likes.popularity().astype(np.float32)
        return np.broadcast_to(liked, (len(train.users), len(liked)))
