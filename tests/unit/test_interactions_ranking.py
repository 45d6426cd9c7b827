"""Metrics of lists: by hand, at their ends, and without a preference among ties."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.interactions.ranking import (
    ACCURACY,
    average_precision,
    best_items,
    hits_of,
    mean_ndcg,
    ndcg,
    ranked_lists,
    recall,
)
from mmrec_core.interactions.split import split_ratings
from tests.unit.test_interactions_split import random_ratings

HITS = np.array([[True, False, True, False]])
WANTED = np.array([3])


def test_by_hand():
    assert ndcg(HITS, WANTED, 4)[0] == pytest.approx((1 + 0.5) / (1 + 1 / np.log2(3) + 0.5))
    assert recall(HITS, WANTED, 4)[0] == pytest.approx(2 / 3)
    assert average_precision(HITS, WANTED, 4)[0] == pytest.approx((1 + 2 / 3) / 3)
    assert ndcg(HITS, WANTED, 1)[0] == 1


def test_perfect_scores_are_one_and_the_worst_zero():
    (split,) = split_ratings(random_ratings(), "per-user")
    best = split.test.matrix()
    lists = ranked_lists(best, split, 50)
    for metric in ACCURACY.values():
        assert metric(hits_of(lists, split), split.test.counts()[split.users], 50) == pytest.approx(1)
    assert mean_ndcg(-best, split, 1) == 0


def test_seen_likes_are_never_ranked_and_short_lists_end_in_nothing():
    (split,) = split_ratings(random_ratings(items=22, rows=400), "per-user")
    lists = ranked_lists(np.zeros((30, 22), np.float32), split, 50)
    seen = split.train.likes.matrix()[split.users] > 0
    for row, liked in zip(lists, seen, strict=True):
        assert set(row[row >= 0]) == set(np.flatnonzero(~liked))
    assert not hits_of(lists, split)[lists < 0].any()


def test_ties_do_not_favour_low_numbers_and_are_always_the_same():
    allowed = np.ones((1, 1000), bool)
    first = best_items(np.zeros((1, 1000), np.float32), allowed, 50)
    assert 300 < first.mean() < 700
    assert (first == best_items(np.zeros((1, 1000), np.float32), allowed, 50)).all()
