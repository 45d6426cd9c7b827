"""Laws of SHAP on parts and of interactions, on planted games of at most eight parts whose Shapley values are known."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.errors import OptionError
from mmrec_core.explain.hierarchy import linkage
from mmrec_core.explain.interactions import pairwise_interactions
from mmrec_core.explain.shapley import coalitions, shapley_values
from mmrec_core.explain.token_lime import TokenLime, cosine_distance, even_masks, text_masks
from mmrec_core.explain.token_shap import (
    EDITED_EVALUATIONS,
    EVALUATIONS,
    TokenShap,
    exact_shares,
    partition_shares,
    permutation_shares,
    seeded,
)
from tests.planted import PlantedScorer, random_game, smooth_game

SAMPLED = [permutation_shares, partition_shares]


def truth(scorer: PlantedScorer) -> np.ndarray:
    n = len(scorer.parts)
    return shapley_values(scorer.value(coalitions(n)), n)


def shap(scorer: PlantedScorer, evaluations: int, algorithm: str = "permutation", seed: int = 0):
    return TokenShap("query", algorithm, evaluations, seed).share(scorer)


@pytest.mark.parametrize("share", SAMPLED)
@pytest.mark.parametrize("budget", [40, 300])
def test_efficiency_holds_at_any_budget(share, budget):
    scorer = PlantedScorer(8, random_game(8, 0))
    values, _, (baseline, target) = share(scorer, budget, 0)
    assert values.sum() == pytest.approx(target - baseline, abs=1e-9)


@pytest.mark.parametrize("share", SAMPLED)
def test_a_dummy_gets_what_it_adds_alone(share):
    inner = random_game(6, 1)
    scorer = PlantedScorer(8, lambda keep: inner(keep[:, :6]) + 0.5 * keep[:, 6])
    values, _, _ = share(scorer, 200, 0)
    assert values[6] == pytest.approx(0.5, abs=1e-9)
    assert values[7] == pytest.approx(0.0, abs=1e-9)


def test_twins_get_the_same_within_the_error():
    game = smooth_game(7, 2)
    # parts 6 and 7 are worth the same in every company: only how many of them are there counts
    scorer = PlantedScorer(8, lambda keep: game(keep[:, :7] | keep[:, 7:8] & (np.arange(7) == 6)) + 0.0)
    values, errors, _ = permutation_shares(scorer, 17 * 200, 0)
    assert abs(values[6] - values[7]) < 4 * np.hypot(errors[6], errors[7])
    exact = truth(scorer)
    assert exact[6] == pytest.approx(exact[7])


@pytest.mark.parametrize("n", [3, 8])
def test_sampling_finds_the_exact_values_within_its_standard_errors(n):
    scorer = PlantedScorer(n, random_game(n, 3))
    values, errors, _ = permutation_shares(scorer, (2 * n + 1) * 300, 0)
    assert (errors > 0).all()
    assert np.abs((values - truth(scorer)) / errors).max() < 4
    np.testing.assert_allclose(values, truth(scorer), atol=0.15)


def test_standard_errors_are_honest():
    """Over many seeds, the estimates scatter about the truth as far as the standard errors say."""
    scorer = PlantedScorer(5, random_game(5, 4))
    runs = [permutation_shares(scorer, 11 * 12, seed) for seed in range(40)]
    off = np.array([values - truth(scorer) for values, _, _ in runs])
    said = np.sqrt(np.mean([errors**2 for _, errors, _ in runs], axis=0))
    ratio = np.sqrt((off**2).mean(axis=0)) / said
    assert (ratio > 0.7).all()
    assert (ratio < 1.4).all()


def test_more_evaluations_shrink_the_error_bars():
    scorer = PlantedScorer(8, random_game(8, 5))
    few, many = (permutation_shares(scorer, 17 * pairs, 0)[1].mean() for pairs in (20, 320))
    assert many == pytest.approx(few / 4, rel=0.35)


@pytest.mark.parametrize("n", [1, 4, 8])
def test_small_media_are_exact_and_agree_with_shapiq(n):
    from shapiq import ExactComputer

    scorer = PlantedScorer(n, random_game(n, 6))
    found = shap(scorer, 2000)
    oracle = ExactComputer(n_players=n, game=lambda rows: scorer.value(np.atleast_2d(rows)))("SV", order=1)
    np.testing.assert_allclose(found.values, [oracle[(i,)] for i in range(n)], atol=1e-9)
    assert found.standard_errors is None
    assert found.seed is None
    assert found.evaluations == 2**n == scorer.evaluations
    np.testing.assert_allclose(found.values, exact_shares(scorer).values)


def test_linearity_at_one_seed():
    a, b = smooth_game(8, 7), random_game(8, 8)
    mixed = permutation_shares(PlantedScorer(8, lambda keep: 2 * a(keep) - 3 * b(keep)), 17 * 5, 0)[0]
    apart = [permutation_shares(PlantedScorer(8, game), 17 * 5, 0)[0] for game in (a, b)]
    np.testing.assert_allclose(mixed, 2 * apart[0] - 3 * apart[1], atol=1e-9)


def test_partition_is_exact_where_halves_do_not_interact():
    """Owen values over halves are Shapley values when only parts of the same pair interact."""
    left, right = random_game(2, 9), random_game(2, 10)
    scorer = PlantedScorer(4, lambda keep: left(keep[:, :2]) + right(keep[:, 2:]))
    np.testing.assert_allclose(partition_shares(scorer, 400, 0)[0], truth(scorer), atol=1e-9)


@pytest.mark.parametrize("n", [1, 2, 5, 9])
def test_owen_values_are_those_of_shap_where_the_budget_reaches_every_part(n):
    from mmrec_core.evaluate.plain_methods import partition_shap

    scorer = PlantedScorer(n, random_game(n, 14))
    oracle = partition_shap(scorer, 10**6, 0) if n > 1 else np.diff(random_game(1, 14)(coalitions(1)))
    np.testing.assert_allclose(partition_shares(scorer, 10**6, 0)[0], oracle, atol=1e-12)


def test_what_the_budget_leaves_unsplit_is_divided_evenly():
    """The first half of the medium decides everything, so the second is never split."""
    scorer = PlantedScorer(8, lambda keep: np.tanh(keep[:, :4] @ np.array([4.0, 3, 2, 1])) + 0.1 * keep[:, 7])
    values = partition_shares(scorer, 6, 0)[0]
    np.testing.assert_allclose(values[4:], 0.025, atol=1e-9)


@pytest.mark.parametrize("algorithm", ["permutation", "partition"])
def test_budget_is_kept_and_counted(algorithm):
    scorer = PlantedScorer(20, smooth_game(20, 11))
    found = shap(scorer, 500, algorithm)
    assert found.evaluations == scorer.evaluations <= 500 + 2
    assert found.evaluations > 150
    assert abs(found.residual) < 1e-9


def test_a_seed_gives_the_same_numbers_and_leaves_numpys_generator_alone():
    scorer = PlantedScorer(20, smooth_game(20, 12))
    np.random.seed(5)
    before = np.random.get_state()[1].copy()
    first, second, other = (shap(scorer, 500, seed=seed).values for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)
    np.testing.assert_array_equal(before, np.random.get_state()[1])
    with seeded(3):
        pass
    np.testing.assert_array_equal(before, np.random.get_state()[1])


def test_a_budget_too_small_is_refused_with_what_it_takes():
    with pytest.raises(
        OptionError, match="evaluations' is 50; permutation sampling takes at least 82 for the 20 parts"
    ):
        shap(PlantedScorer(20, smooth_game(20, 0)), 50)


@pytest.mark.parametrize("budget", [EVALUATIONS, EDITED_EVALUATIONS])
def test_a_budget_that_nobody_chose_grows_with_the_parts(budget):
    weights = np.linspace(-1, 1, 512)  # as many as the multilingual encoder gives
    found = shap(PlantedScorer(512, lambda keep: keep @ weights), budget)
    assert found.evaluations >= 2050
    np.testing.assert_allclose(found.values, weights, atol=1e-9)
    with pytest.raises(OptionError, match="is 2049; permutation sampling takes at least 2050 for the 512 parts"):
        shap(PlantedScorer(512, lambda keep: keep @ weights), 2049)


def test_halving_splits_the_longer_axis_first():
    points = np.array([[r, c] for r in range(2) for c in range(4)], dtype=float)
    tree = linkage(points)
    left, right = (set(_leaves(tree, int(node), 8)) for node in tree[-1, :2])
    assert {tuple(sorted(left)), tuple(sorted(right))} == {(0, 1, 4, 5), (2, 3, 6, 7)}
    assert tree[-1, 3] == 8
    assert linkage(points[:1]).shape == (0, 4)


def _leaves(tree: np.ndarray, node: int, n: int) -> list[int]:
    if node < n:
        return [node]
    return [leaf for child in tree[node - n, :2] for leaf in _leaves(tree, int(child), n)]


@pytest.mark.parametrize("n", [2, 3, 4, 6])
def test_interactions_agree_with_shapiq_and_sum_to_the_score(n):
    from shapiq import ExactComputer

    game = random_game(n, 13)
    alone, pairs = pairwise_interactions(game(coalitions(n)), n)
    oracle = ExactComputer(n_players=n, game=lambda rows: game(np.atleast_2d(rows)))("k-SII", order=2)
    np.testing.assert_allclose(alone, [oracle[(i,)] for i in range(n)], atol=1e-9)
    for i in range(n):
        for j in range(i + 1, n):
            assert pairs[i, j] == pairs[j, i] == pytest.approx(oracle[(i, j)], abs=1e-9)
    values = game(coalitions(n))
    assert alone.sum() + np.triu(pairs, 1).sum() == pytest.approx(values[-1] - values[0], abs=1e-9)


def test_synergy_is_positive_and_redundancy_negative():
    both_needed = np.array([0.0, 0, 0, 1])
    either_enough = np.array([0.0, 1, 1, 1])
    assert pairwise_interactions(both_needed, 2)[1][0, 1] == 1.0
    assert pairwise_interactions(either_enough, 2)[1][0, 1] == -1.0
    assert pairwise_interactions(np.array([0.0, 2, 3, 5]), 2)[1][0, 1] == 0.0


def test_lime_finds_a_linear_game_and_says_how_well_it_fits():
    weights = np.array([0.5, -0.3, 0.0, 0.2, 0.1])
    found = TokenLime("query", 2000, 0).share(PlantedScorer(5, lambda keep: 0.1 + keep @ weights))
    np.testing.assert_allclose(found.attribution.values, weights, atol=0.01)
    assert found.attribution.baseline == pytest.approx(0.1, abs=0.01)
    assert found.fit.r2.min() > 0.99
    assert found.attribution.evaluations == 6000
    assert len(found.fit.r2) == len(found.fit.seeds) == 3


def test_lime_admits_a_bad_fit_and_an_unstable_one():
    parity = PlantedScorer(6, lambda keep: keep.sum(axis=1) % 2)
    found = TokenLime("query", 150, 0).share(parity)
    assert found.fit.r2.max() < 0.3
    assert found.fit.spread.max() > 0.02
    many = TokenLime("query", 5000, 0).share(parity)
    assert many.fit.spread.max() < found.fit.spread.max()


@pytest.mark.parametrize("draw", [even_masks, text_masks])
def test_lime_masks_begin_with_the_whole(draw):
    keep = draw(7, 400, np.random.default_rng(0))
    assert keep.shape == (400, 7)
    assert keep[0].all()
    assert not keep[1:].all()
    distances = cosine_distance(keep)
    assert distances[0] == 0
    ones = np.ones(7)
    expected = [1 - k @ ones / np.linalg.norm(k) / np.linalg.norm(ones) if k.any() else 1.0 for k in keep.astype(float)]
    np.testing.assert_allclose(distances, expected, atol=1e-12)


def test_text_masks_remove_any_number_of_words_alike():
    left = text_masks(5, 20_000, np.random.default_rng(0)).sum(axis=1)
    shares = np.bincount(left, minlength=6)[:5] / 20_000
    np.testing.assert_allclose(shares, 0.2, atol=0.02)
