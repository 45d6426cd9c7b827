"""Laws of re-ranking: zero changes nothing, the order of the catalogue does not matter, moves add up, scores stay true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmrec_core.errors import QueryError
from mmrec_core.recommend.rerank import Reranker, inverse_exposure, mmr, ranked, unlike, without_duplicates
from mmrec_core.types import Rerank

STRENGTH = st.floats(0, 1, allow_nan=False)


def candidates(seed, n=24):
    """Rows best first, with scores, embeddings (some nearly alike) and ids."""
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(n, 6)).astype(np.float32)
    vectors[n // 2 :] = vectors[: n - n // 2] + rng.normal(size=(n - n // 2, 6)) * rng.choice(
        [0.02, 1.0], (n - n // 2, 1)
    )
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = [f"i/{i:02d}" for i in range(n)]
    scores = vectors @ vectors[0]
    order = ranked(scores.astype(float), ids)
    return np.arange(n), scores[order], vectors[order], [ids[i] for i in order]


@settings(max_examples=30)
@given(st.integers(0, 50), STRENGTH, st.integers(1, 30))
def test_each_pick_is_the_best_of_what_is_left(seed, diversity, k):
    rows, scores, vectors, _ = candidates(seed)
    picked = mmr(rows, scores.astype(float), vectors, diversity, k).tolist()
    assert len(picked) == len(set(picked)) == min(k, len(rows))
    for place, pick in enumerate(picked):
        before = vectors[picked[:place]].astype(float)
        nearest = (vectors.astype(float) @ before.T).max(axis=1) if place else np.zeros(len(rows))
        gains = (1 - diversity) * scores - diversity * nearest
        assert gains[pick] >= max(gains[row] for row in rows if row not in picked[:place]) - 1e-9


@given(st.integers(0, 50), st.integers(1, 30))
def test_zero_leaves_the_ranking_unchanged(seed, k):
    rows, scores, vectors, ids = candidates(seed)
    shown, moves = Reranker(Rerank(), np.ones(len(rows))).rearrange(rows, scores, vectors, ids, k)
    np.testing.assert_array_equal(shown, np.arange(min(k, len(rows))))
    assert not any(moves)
    np.testing.assert_array_equal(mmr(np.arange(len(rows)), scores.astype(float), vectors, 0.0, len(rows)), rows)


@settings(max_examples=30)
@given(st.integers(0, 50), STRENGTH, STRENGTH, st.booleans(), st.integers(0, 5))
def test_permuting_the_catalogue_changes_nothing(seed, diversity, novelty, hide, other):
    rows, scores, vectors, ids = candidates(seed)
    fresh = np.random.default_rng(seed).uniform(size=len(rows))
    rules = Rerank(diversity, novelty, hide)
    shown, moves = Reranker(rules, fresh).rearrange(rows, scores, vectors, ids, 10)
    # the same candidates, standing elsewhere in the catalogue
    elsewhere = np.random.default_rng(other).permutation(len(rows))
    moved_novelty = np.empty_like(fresh)
    moved_novelty[elsewhere] = fresh
    again, moves_again = Reranker(rules, moved_novelty).rearrange(elsewhere, scores, vectors, ids, 10)
    assert [ids[i] for i in shown] == [ids[i] for i in again]
    assert moves == moves_again


@settings(max_examples=30)
@given(st.integers(0, 50), STRENGTH, STRENGTH, st.booleans())
def test_moves_add_up_to_the_places_between_score_and_list(seed, diversity, novelty, hide):
    rows, scores, vectors, ids = candidates(seed)
    fresh = np.random.default_rng(seed).uniform(size=len(rows))
    shown, moves = Reranker(Rerank(diversity, novelty, hide), fresh).rearrange(rows, scores, vectors, ids, 10)
    assert len(set(shown.tolist())) == len(shown)
    for place, (position, moved) in enumerate(zip(shown.tolist(), moves, strict=True)):
        assert sum(move.places for move in moved) == position - place


def test_near_duplicates_are_hidden_and_what_follows_moves_up():
    vectors = np.array([[1, 0], [0.999, 0.0447], [0, 1]], dtype=np.float32)
    np.testing.assert_array_equal(without_duplicates(np.arange(3), vectors), [0, 2])
    rules = Reranker(Rerank(hide_duplicates=True))
    shown, moves = rules.rearrange(np.arange(3), np.array([0.9, 0.8, 0.1]), vectors, ["a", "b", "c"], 3)
    assert shown.tolist() == [0, 2]
    assert [(move.by, move.places) for move in moves[1]] == [("near-duplicates", 1)]


def test_full_diversity_picks_what_is_least_like_the_picked():
    vectors = np.array([[1, 0, 0], [0.9, 0.4359, 0], [0, 1, 0], [-1, 0, 0]], dtype=np.float32)
    picked = mmr(np.arange(4), np.array([0.9, 0.8, 0.3, 0.1]), vectors, 1.0, 3)
    assert picked.tolist() == [0, 3, 2]


def test_diversity_makes_lists_less_alike():
    rows, scores, vectors, ids = candidates(3)

    def alike(diversity):
        shown, _ = Reranker(Rerank(diversity=diversity)).rearrange(rows, scores, vectors, ids, 8)
        similar = vectors[shown] @ vectors[shown].T
        return similar[np.triu_indices(8, 1)].mean()

    assert alike(0.0) > alike(0.4) > alike(1.0)


def test_novelty_is_one_where_nobody_was_and_zero_where_most_were():
    np.testing.assert_allclose(inverse_exposure(np.array([0, 3, 8])), [1, 1 - np.log(4) / np.log(9), 0])
    np.testing.assert_array_equal(inverse_exposure(np.zeros(3, int)), np.ones(3))
    vectors = np.eye(2, dtype=np.float32)
    everything = np.concatenate([vectors, -vectors[:1]])
    np.testing.assert_allclose(unlike(vectors[:1], everything), [0, 0.5, 1])
    np.testing.assert_allclose(unlike(0.9 * vectors[:1], 1.1 * everything), [0, 0.5, 1], atol=1e-9)


def test_novelty_lifts_what_is_new():
    rows, scores, vectors, ids = candidates(1)
    fresh = np.zeros(len(rows))
    fresh[-1] = 1.0
    shown, moves = Reranker(Rerank(novelty=1.0), fresh).rearrange(rows, scores, vectors, ids, 3)
    assert ids[shown[0]] in (ids[0], ids[-1])
    assert any(move.by == "novelty" and move.places > 0 for moved in moves for move in moved)


@pytest.mark.parametrize("rules", [Rerank(diversity=1.5), Rerank(novelty=-0.1)])
def test_strengths_outside_their_range_are_refused(rules):
    with pytest.raises(QueryError, match="takes 0 to 1"):
        Reranker(rules)
