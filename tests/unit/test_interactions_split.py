"""Splits: nothing to be found was seen, nothing is lost, and cold items are cold."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.errors import InteractionsError, UnknownNameError
from mmrec_core.interactions.ratings import Ratings, in_order
from mmrec_core.interactions.split import NAMES, split_ratings


def random_ratings(users=30, items=40, rows=600, seed=0):
    random = np.random.default_rng(seed)
    pairs = random.permutation(users * items)[:rows]
    names = tuple(f"u{n}" for n in range(users)), tuple(f"i{n}" for n in range(items))
    rating, time = random.integers(1, 6, rows).astype(float), random.integers(0, 200, rows)
    return in_order(Ratings(*names, pairs // items, pairs % items, rating, time))


def pairs(ratings):
    return set(zip(ratings.user.tolist(), ratings.item.tolist(), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_to_be_found_is_liked_and_unseen(name):
    for split in split_ratings(random_ratings(), name):
        assert not pairs(split.train) & pairs(split.test)
        assert (split.test.rating >= 4).all()
        assert split.ranked[split.test.item].all()
        assert (split.train.likes.counts()[split.users] > 0).all()


def test_per_user_each_sees_the_first_four_fifths_of_likes():
    ratings = random_ratings()
    (split,) = split_ratings(ratings, "per-user")
    assert split.train.likes.counts().tolist() == np.ceil(0.8 * ratings.likes.counts()).tolist()
    for user in split.users:
        last_seen = split.train.time[split.train.user == user].max()
        assert last_seen <= split.test.time[split.test.user == user].min()


def test_a_history_ends_before_the_next_like():
    """Ratings that are no likes are seen up to the first like to be found, and not after it."""
    user, rating = np.zeros(7, int), np.array([5, 5, 5, 5, 1, 5, 1.0])
    ratings = Ratings(("a",), tuple("0123456"), user, np.arange(7), rating, np.arange(7))
    (split,) = split_ratings(ratings, "per-user")
    assert split.train.item.tolist() == [0, 1, 2, 3, 4]
    assert split.test.item.tolist() == [5]


def test_leave_one_out_leaves_the_last_like():
    (split,) = split_ratings(random_ratings(), "leave-one-out")
    assert (split.test.counts()[split.users] == 1).all()


def test_globally_nothing_is_seen_after_the_moment():
    (split,) = split_ratings(random_ratings(), "global")
    assert split.train.time.max() < split.test.time.min()


def test_cold_items_have_no_rating_in_training():
    cold, warm, everything = split_ratings(random_ratings(), "cold")
    assert cold.ranked.sum() == round(0.2 * 40)
    assert not cold.ranked[cold.train.item].any()
    assert (cold.ranked ^ warm.ranked).all()
    assert pairs(everything.test) >= pairs(cold.test) | pairs(warm.test)
    assert pairs(split_ratings(random_ratings(), "cold", seed=1)[0].test) != pairs(cold.test)


def test_unknown_split_lists_the_known():
    with pytest.raises(UnknownNameError, match="per-user"):
        split_ratings(random_ratings(), "random")


def test_a_split_that_leaves_nobody_is_refused():
    ratings = Ratings(
        ("a", "b"), ("1", "2"), np.array([0, 1]), np.array([0, 1]), np.array([5.0, 5.0]), np.array([1, 2])
    )
    with pytest.raises(InteractionsError, match="nobody"):
        split_ratings(ratings, "per-user")
