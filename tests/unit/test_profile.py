"""What a person liked -> a vector, and what is said where it cannot be used as it is."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.errors import QueryError
from mmrec_core.recommend.profile import HALF_LIFE, MOST, PUSH, History, read_profile
from mmrec_core.types import Profile

IDS = [f"i/{n}" for n in range(60)]
ROWS = {item_id: row for row, item_id in enumerate(IDS)}
EMBEDDINGS = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32)
EMBEDDINGS /= np.linalg.norm(EMBEDDINGS, axis=1, keepdims=True)
WORDS_VECTOR = np.eye(8, dtype=np.float32)[0]


def read(**profile):
    return read_profile(Profile(**profile), ROWS, EMBEDDINGS, lambda text: WORDS_VECTOR)


def test_one_like_is_its_embedding_and_one_dislike_pushes_away():
    liked, _ = read(liked=("i/3",))
    np.testing.assert_allclose(liked.toward(EMBEDDINGS[9]).vector, EMBEDDINGS[3], atol=1e-6)
    disliked, _ = read(disliked=("i/3",))
    np.testing.assert_allclose(disliked.toward(EMBEDDINGS[9]).vector, -PUSH * EMBEDDINGS[3], atol=1e-6)


def test_with_a_query_what_is_near_it_counts_most():
    history, _ = read(liked=("i/1", "i/2", "i/3"))
    for near in (1, 2, 3):
        pull = EMBEDDINGS[[1, 2, 3]] @ EMBEDDINGS[near]
        expected = np.exp(pull / 0.1) / np.exp(pull / 0.1).sum()
        vector = history.toward(EMBEDDINGS[near]).vector
        np.testing.assert_allclose(vector, expected @ EMBEDDINGS[[1, 2, 3]], atol=1e-5)


def test_without_a_query_attention_halves_with_age_within_each_kind():
    history, _ = read(liked=tuple(IDS[: HALF_LIFE + 1]), disliked=("i/50", "i/51"))
    weights = history.attention(history.logits(EMBEDDINGS[:1], np.array([False])), np.ones((1, 13), bool))[0, 0]
    assert weights[0] / weights[HALF_LIFE] == pytest.approx(0.5)
    assert weights[:11].sum() == pytest.approx(1.0)
    assert weights[11:].sum() == pytest.approx(-PUSH)


def test_words_count_among_the_likes():
    history, notices = read(text=" calm birds ")
    assert history.players == ("words",)
    assert notices == ()
    np.testing.assert_allclose(history.toward(EMBEDDINGS[0]).vector, WORDS_VECTOR)


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ({}, "empty"),
        ({"text": "  "}, "empty"),
        ({"liked": ("i/1",), "weight": 0.0}, "weight of your profile is 0"),
        ({"liked": ("gone/1",)}, "Nothing else is in your profile"),
    ],
)
def test_a_profile_that_cannot_count_says_so(profile, said):
    history, notices = read(**profile)
    assert history is None
    assert any(said in notice for notice in notices)


@pytest.mark.parametrize("weight", [-0.1, 1.5, float("nan")])
def test_a_weight_outside_its_limits_is_refused(weight):
    with pytest.raises(QueryError, match="between 0 and 1"):
        read(liked=("i/1",), weight=weight)


def test_items_that_are_gone_are_left_out_and_named():
    history, notices = read(liked=("i/1", "gone/1"), disliked=("gone/2",))
    assert history.players == ("like:i/1",)
    assert "gone/1, gone/2" in notices[0]
    assert "not recommended back" in notices[-1]


def test_only_dislikes_work_and_say_what_they_do():
    history, notices = read(disliked=("i/1",))
    assert "only dislikes" in notices[0]
    assert history.toward(EMBEDDINGS[1]).vector @ EMBEDDINGS[1] == pytest.approx(-PUSH)


def test_an_item_in_both_lists_counts_as_disliked():
    history, _ = read(liked=("i/1", "i/2"), disliked=("i/1",))
    assert history.players == ("like:i/2", "dislike:i/1")


def test_of_a_long_history_the_newest_count_and_all_is_known():
    history, notices = read(liked=tuple(IDS[: MOST + 5]))
    assert len(history.players) == MOST
    assert history.players[-1] == f"like:{IDS[MOST + 4]}"
    assert history.known == set(IDS[: MOST + 5])
    assert str(MOST) in notices[0]


def test_members_that_are_absent_do_not_count():
    history = History(("like:a", "like:b", "dislike:c"), EMBEDDINGS[:3], 0.5)
    logits = history.logits(EMBEDDINGS[:2], np.array([True, True]))
    weights = history.attention(logits, np.array([[True, False, False], [False, False, False]]))
    np.testing.assert_array_equal(weights[:, 0], [[1, 0, 0], [1, 0, 0]])
    np.testing.assert_array_equal(weights[:, 1], np.zeros((2, 3)))
