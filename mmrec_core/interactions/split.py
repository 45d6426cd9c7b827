"""What is learned from and what is to be found: four ways of cutting ratings in two. Only likes are to be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mmrec_core.errors import InteractionsError, UnknownNameError
from mmrec_core.interactions.ratings import LIKE, Mask, Ratings, Rows
from mmrec_core.types import told

SplitName = Literal["global", "per-user", "leave-one-out", "cold"]
NAMES: tuple[SplitName, ...] = ("global", "per-user", "leave-one-out", "cold")
TRAIN_SHARE = 0.8
COLD_SHARE = 0.2


@dataclass(frozen=True)
class Split:
    """One question to a recommender: ``train`` is what it may see, ``test`` the likes that it has to find.

    Args:
        name: as shown, e.g. ``"cold, cold items only"``.
        train: every rating, likes or not, that may be seen.
        test: likes; only users with a like in ``train`` are in it.
        ranked: which items are ranked (n_items,); a user's likes in ``train`` are never ranked.
    """

    name: str
    train: Ratings
    test: Ratings
    ranked: Mask

    @property
    def users(self) -> Rows:
        """Numbers of the users who have something to find, ascending."""
        return np.unique(self.test.user)


def split_ratings(ratings: Ratings, name: str, seed: int = 0) -> tuple[Split, ...]:
    """The split called ``name``; cold start is three, over cold items, over warm items and over all.

    Raises:
        UnknownNameError: for a name that is not in ``NAMES``.
        InteractionsError: nobody has a like on either side of the cut.
    """
    if name == "cold":
        splits: tuple[Split, ...] = cold_items(ratings, seed)
    elif name in NAMES:
        cut = {"global": global_temporal, "per-user": per_user_temporal, "leave-one-out": leave_one_out}[name]
        splits = (_split(name, ratings, *cut(ratings)),)
    else:
        raise UnknownNameError("split", name, list(NAMES))
    for split in splits:
        if not len(split.test):
            raise InteractionsError(
                told("The split {split!r} leaves nobody with likes on both sides of the cut.", split=split.name)
            )
    return splits


def global_temporal(ratings: Ratings) -> tuple[Mask, Mask]:
    """One moment for everybody: the first 80% of all ratings are seen, the likes after it are to be found."""
    moment = np.sort(ratings.time)[int(np.ceil(TRAIN_SHARE * len(ratings))) - 1]
    return ratings.time <= moment, _is_like(ratings) & (ratings.time > moment)


def per_user_temporal(ratings: Ratings) -> tuple[Mask, Mask]:
    """Each user's first 80% of likes (rounded up) are seen, with every rating made before the next like; later likes are to be found."""
    likes = ratings.likes
    return _after(ratings, np.ceil(TRAIN_SHARE * likes.counts()).astype(np.int64))


def leave_one_out(ratings: Ratings) -> tuple[Mask, Mask]:
    """Each user's last like is to be found; what came before it is seen."""
    return _after(ratings, ratings.likes.counts() - 1)


def cold_items(ratings: Ratings, seed: int = 0) -> tuple[Split, Split, Split]:
    """Strict item cold start: a fifth of the rated items has no rating in ``train``; every like of them is to be found.

    Of the warm items, each user's first 80% of likes are seen, as in ``per_user_temporal``. Three questions: find among cold
    items, among warm ones, among all.
    """
    rated = np.flatnonzero(ratings.popularity())
    cold = np.zeros(len(ratings.items), bool)
    cold[np.random.default_rng(seed).permutation(rated)[: round(COLD_SHARE * len(rated))]] = True
    of_cold = cold[ratings.item]
    seen, later = np.zeros(len(ratings), bool), np.zeros(len(ratings), bool)
    seen[~of_cold], later[~of_cold] = per_user_temporal(ratings.where(~of_cold))
    unseen = of_cold & _is_like(ratings)
    return (
        _split("cold, cold items only", ratings, seen, unseen, cold),
        _split("cold, warm items only", ratings, seen, later, ~cold),
        _split("cold, all items", ratings, seen, unseen | later),
    )


def _after(ratings: Ratings, seen_likes: Rows) -> tuple[Mask, Mask]:
    """Cut each history before its like number ``seen_likes[user]`` (from 0)."""
    like = _is_like(ratings)
    before: Rows = np.cumsum(like) - like  # likes before each row, over all users
    first = np.concatenate([[0], np.cumsum(ratings.likes.counts())[:-1]])
    number = before - first[ratings.user]  # likes of the same user before each row
    found = like & (number >= seen_likes[ratings.user])
    return number + like <= seen_likes[ratings.user], found


def _split(name: str, ratings: Ratings, seen: Mask, found: Mask, ranked: Mask | None = None) -> Split:
    train = ratings.where(seen)
    known = train.likes.counts() > 0
    everything = np.ones(len(ratings.items), bool)
    return Split(name, train, ratings.where(found & known[ratings.user]), everything if ranked is None else ranked)


def _is_like(ratings: Ratings) -> Mask:
    return ratings.rating >= LIKE
