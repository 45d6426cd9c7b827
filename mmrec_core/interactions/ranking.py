"""How well lists find what users went on to like: every item ranked, seen likes left out, one value a user."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmrec_core.interactions.ratings import Mask, Rows, Scores
from mmrec_core.interactions.split import Split

Lists = NDArray[np.int64]
"""Shape (n_users, k): item numbers, best first; -1 where fewer than k items can be ranked."""
Hits = NDArray[np.bool_]
"""Shape (n_users, k): which places of the lists are finds."""
PerUser = NDArray[np.float64]

CUTOFFS = (5, 10, 20, 50)
TIE_SEED = 0


def ranked_lists(scores: Scores, split: Split, k: int = max(CUTOFFS)) -> Lists:
    """The k best items of each of ``split.users``. Between equal scores one fixed shuffle decides, not the number of the item.

    Args:
        scores: (n_users, n_items) of all users.
    """
    allowed = split.ranked & (split.train.likes.matrix()[split.users] == 0)
    return best_items(scores[split.users], allowed, k)


def best_items(scores: Scores, allowed: Mask, k: int) -> Lists:
    """The k best columns of each row among ``allowed`` (same shape)."""
    shuffle = np.random.default_rng(TIE_SEED).permutation(scores.shape[1])
    masked = np.where(allowed, scores, -np.inf)[:, shuffle]
    lists = shuffle[np.argsort(-masked, axis=1, kind="stable")[:, :k]]
    return np.where(np.take_along_axis(allowed, lists, axis=1), lists, -1)


def hits_of(lists: Lists, split: Split) -> Hits:
    """Which places of the lists are finds."""
    wanted = split.test.matrix()[split.users] > 0
    return np.take_along_axis(wanted, np.maximum(lists, 0), axis=1) & (lists >= 0)


def wanted_counts(split: Split) -> Rows:
    """How many items each of ``split.users`` has to find."""
    return split.test.counts()[split.users]


def ndcg(hits: Hits, wanted: Rows, k: int) -> PerUser:
    """Normalised discounted cumulative gain (Jarvelin and Kekalainen 2002), binary, ideal over min(wanted, k) places."""
    discounts = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(discounts)[np.minimum(wanted, k) - 1]
    gain: PerUser = hits[:, :k] @ discounts[: hits.shape[1]]
    return gain / ideal


def recall(hits: Hits, wanted: Rows, k: int) -> PerUser:
    """Share of what a user has to find that is in the first k."""
    return hits[:, :k].sum(axis=1) / wanted


def hit_rate(hits: Hits, wanted: Rows, k: int) -> PerUser:  # noqa: ARG001 - all metrics are called alike
    """1 where anything is found in the first k."""
    return (hits[:, :k].sum(axis=1) > 0).astype(np.float64)


def average_precision(hits: Hits, wanted: Rows, k: int) -> PerUser:
    """Mean precision at each find, over min(wanted, k) (MAP is its mean over users)."""
    found = hits[:, :k]
    precision = np.cumsum(found, axis=1) / np.arange(1, found.shape[1] + 1)
    return (precision * found).sum(axis=1) / np.minimum(wanted, k)


ACCURACY = {"NDCG": ndcg, "Recall": recall, "Hit rate": hit_rate, "MAP": average_precision}
"""Metric by name, each called as ``metric(hits, wanted, k)``."""


def mean_ndcg(scores: Scores, split: Split, k: int = 10) -> float:
    """What everything is selected by: mean NDCG at k."""
    return float(ndcg(hits_of(ranked_lists(scores, split, k), split), wanted_counts(split), k).mean())
