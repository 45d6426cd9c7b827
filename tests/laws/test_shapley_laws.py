"""Laws that define Shapley values, and an independent implementation as oracle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mmrec_core.explain.shapley import bi_shapley, coalitions, shapley_operator, shapley_values, two_sided

FINITE = st.floats(-10, 10, allow_nan=False, width=32)


@st.composite
def games(draw: st.DrawFn) -> tuple[int, np.ndarray]:
    n = draw(st.integers(1, 5))
    return n, draw(arrays(np.float64, 2**n, elements=FINITE))


@st.composite
def two_sided_games(draw: st.DrawFn) -> np.ndarray:
    a, b = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    return draw(arrays(np.float64, (2**a, 2**b), elements=FINITE))


def index_of(members: np.ndarray) -> int:
    return int((members * 2 ** np.arange(len(members))).sum())


@given(games())
def test_efficiency(game):
    n, values = game
    assert shapley_values(values, n).sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


@given(games(), st.randoms(use_true_random=False))
def test_symmetry_permuting_players_permutes_values(game, random):
    n, values = game
    order = np.array(random.sample(range(n), n))
    permuted = np.array([values[index_of(row[np.argsort(order)])] for row in coalitions(n)])
    np.testing.assert_allclose(shapley_values(permuted, n), shapley_values(values, n)[order], atol=1e-9)


@given(games(), FINITE)
def test_dummy_gets_what_it_adds_alone(game, alone):
    n, values = game
    extended = np.concatenate([values, values + alone])
    shares = shapley_values(extended, n + 1)
    assert shares[n] == pytest.approx(alone, abs=1e-9)
    np.testing.assert_allclose(shares[:n], shapley_values(values, n), atol=1e-9)


@given(games(), FINITE, FINITE)
def test_linearity(game, a, b):
    n, values = game
    other = values[::-1] ** 2
    combined = shapley_values(a * values + b * other, n)
    separate = a * shapley_values(values, n) + b * shapley_values(other, n)
    np.testing.assert_allclose(combined, separate, atol=1e-6)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_agrees_with_shapiq(n):
    from shapiq import ExactComputer

    values = np.random.default_rng(n).normal(size=2**n)
    game = lambda rows: np.array([values[index_of(row)] for row in np.atleast_2d(rows)])  # noqa: E731
    oracle = ExactComputer(n_players=n, game=game)("SV", order=1)
    expected = [oracle[(player,)] for player in range(n)]
    np.testing.assert_allclose(shapley_values(values, n), expected, atol=1e-9)


def test_many_games_at_once_equal_one_by_one():
    values = np.random.default_rng(0).normal(size=(8, 10))
    one_by_one = np.stack([shapley_values(column, 3) for column in values.T], axis=1)
    np.testing.assert_allclose(shapley_values(values, 3), one_by_one, atol=1e-12)


@given(two_sided_games())
def test_two_sided_shares_sum_to_the_target(values):
    shares = two_sided(values)
    total = shares.baseline + shares.query_only.sum() + shares.item_only.sum() + shares.matrix.sum()
    assert total == pytest.approx(values[-1, -1], abs=1e-8)


@given(two_sided_games())
def test_matrix_is_the_share_of_the_interaction_alone(values):
    interaction = values - values[:, :1] - values[:1, :] + values[0, 0]
    np.testing.assert_allclose(bi_shapley(values), bi_shapley(interaction), atol=1e-8)


@given(two_sided_games())
def test_swapping_the_sides_transposes(values):
    forward, backward = two_sided(values), two_sided(values.T)
    np.testing.assert_allclose(forward.matrix, backward.matrix.T, atol=1e-9)
    np.testing.assert_allclose(forward.query_only, backward.item_only, atol=1e-9)


def test_bi_shapley_of_a_product_game_is_the_outer_product():
    rng = np.random.default_rng(1)
    left, right = rng.normal(size=8), rng.normal(size=4)
    expected = np.outer(shapley_values(left, 3), shapley_values(right, 2))
    np.testing.assert_allclose(bi_shapley(np.outer(left, right)), expected, atol=1e-12)


def test_coalitions_are_every_subset_once():
    rows = coalitions(4)
    assert rows.shape == (16, 4)
    assert len({tuple(row) for row in rows}) == 16
    assert not rows[0].any()
    assert rows[-1].all()


def test_no_players():
    assert shapley_operator(0).shape == (0, 1)
    assert shapley_values(np.array([3.0]), 0).shape == (0,)


@pytest.mark.parametrize("n", [-1, 17])
def test_refuses_what_cannot_be_enumerated(n):
    with pytest.raises(ValueError, match="cannot be enumerated"):
        coalitions(n)


def test_refuses_a_wrong_number_of_values():
    with pytest.raises(ValueError, match="3 players have 8"):
        shapley_values(np.zeros(4), 3)
    with pytest.raises(ValueError, match="not a power of two"):
        bi_shapley(np.zeros((3, 2)))
