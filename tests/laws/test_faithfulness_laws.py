"""The trust strip on planted models, where the truth is known, and the laws of its curves."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.explain.agreement import agreement, on_parts
from mmrec_core.explain.faithfulness import (
    curve_counts,
    evaluate_curves,
    first_parts,
    joint_p,
    judge,
    judge_all,
    measure_curves,
    rank_p,
    rule,
    with_costs,
)
from mmrec_core.explain.parts import Part, spread
from mmrec_core.explain.random_maps import random_rankings, ranking_of
from mmrec_core.types import Attribution

PATCHES, WORDS, SECONDS = 49, 24, 60


def additive(weights):
    """A model whose score is the sum of the weights of what is kept, within [-1, 1]."""
    return lambda keep: keep @ np.asarray(weights, float)


def one_decides(n_parts, part):
    """A model that reads one part and nothing else: one patch, one word, one second."""
    return lambda keep: np.where(keep[:, part], 0.8, 0.1)


def all_measures(scorer, rankings):
    counts = curve_counts(rankings.shape[1])
    deletion, insertion, _ = evaluate_curves(scorer, rankings, counts)
    return measure_curves(deletion, insertion, counts)


@pytest.mark.parametrize("n_parts", [PATCHES, WORDS, SECONDS])
@pytest.mark.parametrize("seed", range(5))
def test_an_oracle_of_a_model_that_reads_one_part_is_better_than_random(n_parts, seed):
    part = (7 * seed + 3) % n_parts
    trust = judge(one_decides(n_parts, part), np.eye(n_parts)[part], random_maps=99, seed=seed)
    assert trust.better
    assert trust.verdict == "better than random"
    assert all(measure.gain > 0 for measure in trust.measures.values())


def test_the_default_number_of_random_maps_finds_an_oracle_out():
    """A random map puts the part first one time in 49; ten of them would hide one oracle in five behind a tie."""
    found = [judge(one_decides(PATCHES, 4), np.eye(PATCHES)[4], seed=seed).better for seed in range(40)]
    assert np.mean(found) >= 0.9


@pytest.mark.parametrize("n_parts", [PATCHES, WORDS, SECONDS])
def test_a_map_that_points_away_from_the_part_that_decides_is_not(n_parts):
    trust = judge(one_decides(n_parts, 4), -np.eye(n_parts)[4])
    assert trust.verdict == "not better than random"
    assert trust.p == 1.0
    assert all(measure.gain < 0 for measure in trust.measures.values())


def random_explainer_rate(scorer, n_parts, runs, random_maps=29):
    rng = np.random.default_rng(5)
    found = [judge(scorer, rng.random(n_parts), random_maps=random_maps, seed=run) for run in range(runs)]
    return np.array([t.p for t in found]), np.mean([t.better for t in found])


def test_a_planted_random_explainer_is_called_so_nine_times_in_ten():
    """With 29 random maps the verdict's size is 3/30: over 200 runs the rate has a standard error of 0.021."""
    weights = np.random.default_rng(0).normal(size=PATCHES) / PATCHES
    _, rate = random_explainer_rate(additive(weights), PATCHES, 200)
    assert 0.03 < rate < 0.17


def test_p_values_of_random_maps_are_uniform():
    """On the grid of k/20; the chi-square of 300 runs over five equal bins stays below its 99.9 % point of 18.5."""
    weights = np.random.default_rng(1).normal(size=30) / 30
    p, _ = random_explainer_rate(additive(weights), 30, 300, random_maps=19)
    counts = np.histogram(p, bins=np.linspace(0.025, 1.025, 6))[0]
    assert counts.sum() == 300
    assert (((counts - 60) ** 2) / 60).sum() < 18.5


def test_no_order_beats_the_true_one_on_an_additive_model():
    rng = np.random.default_rng(2)
    weights = rng.normal(size=20) / 20
    rankings = np.concatenate([[ranking_of(weights)], random_rankings(20, 200, seed=3), [ranking_of(-weights)]])
    scores = all_measures(additive(weights), rankings)
    for name, low_is_good in (("deletion", 1), ("sufficiency", 1), ("insertion", -1), ("comprehensiveness", -1)):
        values = low_is_good * scores[name]
        assert values[0] == pytest.approx(values.min(), abs=1e-9)
        assert values[-1] == pytest.approx(values.max(), abs=1e-9)


def test_a_constant_scorer_gives_every_map_the_same_and_nothing_is_better():
    scorer = lambda keep: np.full(len(keep), 0.3)  # noqa: E731
    scores = all_measures(scorer, random_rankings(15, 30))
    for name, value in (("deletion", 0.3), ("insertion", 0.3), ("sufficiency", 0), ("comprehensiveness", 0)):
        np.testing.assert_allclose(scores[name], value, atol=1e-12)
    trust = judge(scorer, np.arange(15))
    assert (trust.p, trust.better) == (1.0, False)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_of_few_parts_even_a_perfect_map_gets_no_verdict(n):
    values = np.arange(n, 0, -1.0)
    trust = judge(lambda keep: keep @ values, values)
    assert trust.better is None and not trust.doubted
    assert trust.verdict == "too few parts to test" and "no verdict" in trust.rule


def test_rounding_noise_of_the_scores_decides_nothing():
    rng = np.random.default_rng(4)
    trust = judge(lambda keep: 0.3 + 1e-8 * rng.random(len(keep)), np.arange(15))
    assert trust.p == 1.0


def test_a_constant_map_inherits_no_order():
    """The first part decides; a stable sort would hand it to a map that says nothing."""
    found = [judge(one_decides(20, 0), np.zeros(20), seed=seed).better for seed in range(40)]
    assert np.mean(found) < 0.3
    assert {int(ranking_of(np.zeros(5), seed)[0]) for seed in range(40)} == set(range(5))


def test_measures_by_hand():
    """Two parts worth 0.6 and 0.2: f = 0.8, 0.2, 0 deleted in order; 0, 0.6, 0.8 inserted."""
    trust = judge(additive([0.6, 0.2]), np.array([2.0, 1.0]))
    assert trust.deletion.value == pytest.approx((0.5 * 0.8 + 0.2 + 0) / 2)
    assert trust.insertion.value == pytest.approx((0 + 0.6 + 0.5 * 0.8) / 2)
    assert trust.comprehensiveness.value == pytest.approx(0.6)
    assert trust.sufficiency.value == pytest.approx(0.2)
    np.testing.assert_allclose(trust.curves.share, [0, 0.5, 1])
    np.testing.assert_allclose(trust.curves.deletion, [0.8, 0.2, 0.0])
    np.testing.assert_allclose(trust.curves.insertion, [0.0, 0.6, 0.8])
    assert "only 2 to rank" in trust.rule


def test_ends_of_all_curves_agree():
    rng = np.random.default_rng(6)
    trust = judge(additive(rng.random(25) / 25), rng.random(25))
    curves = trust.curves
    whole, nothing = curves.deletion[0], curves.insertion[0]
    assert nothing == 0
    np.testing.assert_allclose(curves.random_deletion[:, 0], whole)
    np.testing.assert_allclose(curves.random_insertion[:, -1], whole)
    np.testing.assert_allclose(curves.random_deletion[:, -1], nothing)
    assert curves.random_deletion.shape == (29, len(curves.share))


def test_the_names_of_parts_do_not_matter():
    """Permuting the parts of model and map permutes nothing that is measured."""
    rng = np.random.default_rng(7)
    weights, values, order = rng.random(18) / 18, rng.random(18), rng.permutation(18)
    one, other = judge(additive(weights), values), judge(additive(weights[order]), values[order])
    for name in one.measures:
        assert one.measures[name].value == pytest.approx(other.measures[name].value, abs=1e-6)


def test_everything_is_one_call_and_equal_coalitions_are_scored_once():
    calls = []

    def scorer(keep):
        calls.append(len(keep))
        assert len(np.unique(keep, axis=0)) == len(keep)
        return keep.mean(axis=1)

    maps = {"a": np.arange(6.0), "b": -np.arange(6.0)}
    judged = judge_all(scorer, maps)
    assert calls == [judged["a"].evaluations]
    assert calls[0] <= 2**6
    assert judged["a"].agreement == {"b": pytest.approx(-1.0)}


def test_judging_together_is_judging_apart():
    rng = np.random.default_rng(8)
    scorer, maps = additive(rng.random(10) / 10), {"a": rng.random(10), "b": rng.random(10)}
    together = judge_all(scorer, maps, seed=3)["b"]
    apart = judge(scorer, maps["b"], "b", seed=3)
    assert (together.measures, together.p) == (apart.measures, apart.p)


def test_long_curves_are_thinned_and_hold_the_shares_of_eraser():
    counts = curve_counts(1000)
    assert len(counts) <= 40
    assert {0, 10, 50, 100, 200, 500, 1000} <= set(counts.tolist())
    assert curve_counts(3).tolist() == [0, 1, 2, 3]
    kept = first_parts(np.array([[2, 0, 1]]), np.array([0, 1, 3]))[0]
    assert kept.tolist() == [[False] * 3, [False, False, True], [True] * 3]


def test_rank_p_counts_ties_against_the_map():
    assert rank_p(np.array([1.0, 0.0, 0.0, 0.0])) == 0.25
    assert rank_p(np.array([1.0, 1.0, 0.0, 2.0])) == 0.75
    assert joint_p({"deletion": np.array([0.1, 0.5, 0.6]), "insertion": np.array([0.9, 0.2, 0.3])}) == pytest.approx(
        1 / 3
    )


def test_the_rule_says_what_it_takes():
    assert "no one of 10" in rule(10, 20)
    assert "at most 9 of 99" in rule(99, 20)
    assert "too few" in rule(5, 20)


@pytest.mark.parametrize(
    ("maps", "random_maps", "message"),
    [
        ({}, 10, "one or more maps"),
        ({"a": np.ones(3), "b": np.ones(4)}, 10, r"\[3, 4\]"),
        ({"a": np.ones(0)}, 10, "one or more"),
        ({"a": np.ones(3)}, 0, "0 random maps"),
        ({"a": np.array([1.0, np.nan])}, 10, "not finite"),
    ],
)
def test_what_cannot_be_judged_is_named(maps, random_maps, message):
    with pytest.raises(ValueError, match=message):
        judge_all(additive(np.ones(3)), maps, random_maps)


def test_agreement_finds_what_is_disputed():
    maps = {"a": np.array([5.0, 4, 3, 2, 1]), "b": np.array([1.0, 4, 3, 2, 5]), "c": np.zeros(5)}
    found = agreement({"a": maps["a"], "b": maps["b"]})
    assert found.disputed == (0, 4)
    np.testing.assert_allclose(np.diag(found.spearman), 1)
    assert found.spearman[0, 1] == pytest.approx(-0.6)
    assert found.kendall[0, 1] == pytest.approx(-0.4)
    assert agreement(maps).spearman[0, 2] == 0
    assert agreement({"a": maps["a"]}).disputed == ()
    with pytest.raises(ValueError, match="same parts"):
        agreement({"a": np.ones(2), "b": np.ones(3)})


def test_on_parts_undoes_spread():
    parts = (Part("one", (0, 2)), Part("two", (3,)))
    values = np.array([0.4, -0.1])
    np.testing.assert_allclose(on_parts(parts, spread(parts, values, 5)), values)


def test_what_the_method_reports_stands_beside_its_trust():
    shares = Attribution("shap", ("a", "b"), np.array([0.3, 0.1]), 0.2, 0.7, 64, np.array([0.01, 0.03]), 0)
    trust = with_costs(judge(additive([0.6, 0.2]), shares.values), shares)
    assert trust.residual == pytest.approx(0.1)
    assert (trust.standard_error, trust.method_evaluations) == (0.03, 64)
