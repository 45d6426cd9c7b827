"""Laws of the profile as a player, and of the shares within it: by definition, against shapiq, and when sampled."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from mmrec_core.explain.modality_shapley import attribute_results, embed_side, query_scores
from mmrec_core.explain.profile_shapley import MOST_EXACT, brought, history_game, sampled_shapley, share_history
from mmrec_core.explain.shapley import coalitions, shapley_values
from mmrec_core.recommend.profile import PUSH, History
from mmrec_core.recommend.score import score
from mmrec_core.types import Query
from tests.fake_media import draw_picture
from tests.fake_model import DIM, make_encoder

ENCODER = make_encoder()
FUSION = ENCODER.bundle.fusion
QUERY = ENCODER.encode_query(Query(image=draw_picture("x"), text="a bird"))
QUERIES = embed_side(FUSION, QUERY)


def units(n, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(n, DIM)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def history_of(n, disliked=1, weight=0.4):
    kinds = ["dislike:" if i < disliked else "like:" for i in range(n)]
    return History(tuple(f"{kind}{i}" for i, kind in enumerate(kinds)), units(n, n), weight)


def value(history, item, modalities, entries):
    """v(S, T) from its definition, entry by entry."""
    logits = history.logits(QUERIES, brought(len(QUERIES)))[modalities]
    profile = np.zeros(DIM)
    for kind, sign in (("like:", 1.0), ("dislike:", -PUSH)):
        mine = [i for i in entries if history.players[i].startswith(kind)]
        total = sum(np.exp(logits[i]) for i in mine)
        for i in mine:
            profile += sign * np.exp(logits[i]) / total * history.embeddings[i]
    return float(score(QUERIES[modalities], item, profile, history.weight))


def owen_by_definition(history, item):
    """The mean over all orders in which the entries of the profile join one after the other, with none between."""
    n, shares, count = len(history.players), np.zeros(len(history.players)), 0
    for groups in permutations(range(3)):
        before = sum(1 << m for m in groups[: groups.index(2)])
        for order in permutations(range(n)):
            for step, entry in enumerate(order):
                shares[entry] += value(history, item, before, order[: step + 1])
                shares[entry] -= value(history, item, before, order[:step])
            count += 1
    return shares / count


@pytest.mark.parametrize("disliked", [0, 2, 4])
def test_shares_within_the_profile_are_owen_values(disliked):
    history, items = history_of(4, disliked), units(2, 9)
    for item, shares in zip(items, share_history(history, QUERIES, items), strict=True):
        np.testing.assert_allclose(shares.values, owen_by_definition(history, item), atol=1e-6)


def test_the_profile_and_the_modalities_share_as_shapiq_says():
    from shapiq import ExactComputer

    history, items = history_of(3), units(1, 9)
    table = query_scores(QUERIES, items, history)[:, 0]
    bits = 2 ** np.arange(3)
    game = lambda rows: np.array([table[int((row * bits).sum())] for row in np.atleast_2d(rows)])  # noqa: E731
    oracle = ExactComputer(n_players=3, game=game)("SV", order=1)
    found = attribute_results(FUSION, QUERY, items, history)[0]
    assert found.players == ("image", "text", "profile")
    np.testing.assert_allclose(found.values, [oracle[(player,)] for player in range(3)], atol=1e-9)
    everything = value(history, items[0], 3, range(3))
    assert found.target == pytest.approx(everything, abs=1e-6)


@pytest.mark.parametrize("n", [1, 5, MOST_EXACT, MOST_EXACT + 1, 30])
def test_every_share_is_accounted_for(n):
    history, items = history_of(n, n // 3), units(4, 9)
    for found in attribute_results(FUSION, QUERY, items, history):
        inside = found.within["profile"]
        assert abs(found.residual) < 1e-9
        assert abs(inside.residual) < 1e-9
        assert inside.target == pytest.approx(found.as_dict()["profile"], abs=1e-6)
        assert inside.players == history.players
        assert (inside.standard_errors is None) == (n <= MOST_EXACT)


def test_a_profile_alone_is_all_of_the_score():
    history, items = history_of(5, 2).alone(), units(3, 9)
    for item, found in zip(items, attribute_results(FUSION, QUERY.emptied(), items, history), strict=True):
        assert found.players == ("profile",)
        assert found.baseline == 0
        pull = history.toward(np.zeros(DIM, np.float32), False).vector @ item
        assert found.within["profile"].values.sum() == pytest.approx(pull, abs=1e-6)


def test_sampled_shares_lie_within_their_errors():
    history, items = history_of(8, 2), units(3, 9)
    game = history_game(history, QUERIES, items)
    exact = shapley_values(game(coalitions(8)), 8)
    sampled, errors = sampled_shapley(game, 8, permutations=200)
    assert (np.abs(sampled - exact) <= 4 * errors + 1e-9).all()
    assert errors.max() < 0.02


def test_equal_entries_get_equal_shares_and_permuting_them_permutes_the_shares():
    vectors = units(3, 5)
    history = History(("like:a", "like:b", "like:c"), vectors[[0, 0, 1]], 0.5)
    item = units(1, 9)
    queries = np.concatenate([QUERIES[3:], QUERIES[3:]])  # no recency: both rows hold a query
    shares = _without_recency(history, queries, item)
    assert shares[0] == pytest.approx(shares[1], abs=1e-9)
    turned = History(("like:c", "like:a", "like:b"), vectors[[1, 0, 0]], 0.5)
    np.testing.assert_allclose(_without_recency(turned, queries, item), shares[[2, 0, 1]], atol=1e-9)


def _without_recency(history, queries, items):
    logits = history.logits(queries, np.ones(len(queries), dtype=bool))
    members = coalitions(len(history.players))
    values = history.attention(logits, members)[0] @ history.embeddings @ items.T
    return shapley_values(values[:, 0], len(history.players))
