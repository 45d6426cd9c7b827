"""Missing modalities, variety of lists, and one model against another: laws that hold whatever the model."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from mmrec_core import metrics
from mmrec_core.errors import OptionError, UnknownNameError
from mmrec_core.evaluate.baselines import BM25Scorer
from mmrec_core.evaluate.report import compare
from mmrec_core.evaluate.robustness import (
    RATES,
    RETENTION,
    SUBSETS,
    Precision,
    drop_at_random,
    drop_one,
    missing_curves,
    subset_cells,
)
from mmrec_core.evaluate.versus import versus
from mmrec_core.evaluate.words import is_accuracy, lower_is_better, meaning
from mmrec_core.training.lines import Line
from mmrec_core.training.recipe import AUGMENTATION, TASKS, Recipe, options, recipe_of
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.types import Evaluation, Modality
from tests.tiny import tiny_data, tiny_fusion

PRESENCE = np.random.default_rng(0).random((400, 3)) < 0.7
PRESENCE = PRESENCE[PRESENCE.any(axis=1)]


def test_nothing_is_dropped_at_rate_zero_and_never_everything() -> None:
    assert (drop_at_random(PRESENCE, 0.0, seed=1) == PRESENCE).all()
    for rate in (0.5, 1.0):
        kept = drop_at_random(PRESENCE, rate, seed=1)
        assert not (kept & ~PRESENCE).any() and kept.any(axis=1).all()
    assert (drop_at_random(PRESENCE, 1.0, seed=1).sum(axis=1) == 1).all()


def test_a_higher_rate_only_takes_more() -> None:
    kept = [drop_at_random(PRESENCE, rate, seed=1) for rate in RATES]
    assert all(not (more & ~less).any() for less, more in itertools.pairwise(kept))
    assert kept[2].sum() / PRESENCE.sum() == pytest.approx(0.68, abs=0.06)  # 0.6, and the last ones that stay


def test_one_modality_goes_missing_alone() -> None:
    kept = drop_one(PRESENCE, Modality.TEXT, 0.6, seed=1)
    assert (kept[:, [0, 2]] == PRESENCE[:, [0, 2]]).all()
    assert kept[:, 1].sum() / PRESENCE[:, 1].sum() == pytest.approx(0.4, abs=0.1)


def test_curves_and_subsets_of_a_fusion_beside_a_method_that_reads_text_only() -> None:
    data = tiny_data(240)
    methods = {
        "fusion": FusionScorer(tiny_fusion(), data, "cpu"),
        "BM25": BM25Scorer([i.reading for i in data.items]),
    }
    presence, split = data.presence.numpy(), data.split
    measure = Precision(data.categories.numpy(), split.train)
    curves = missing_curves(methods, split.test, presence, measure, seed=0)
    assert {curve.method for curve in curves} == {"fusion"}, "what cannot score every subset has no curve"
    assert len(curves) == 4 and all(len(curve.values) == len(RATES) for curve in curves)
    cells, asked = subset_cells(methods, split.test, presence, measure, "fusion")
    assert len([c for c in cells if c.method == "fusion"]) == len(SUBSETS) + 1
    assert [c.line for c in cells if c.method == "BM25"] == ["text category P@10"]
    retained = next(c for c in cells if c.line == RETENTION).value.mean
    means = {c.line: c.value.mean for c in cells if c.method == "fusion"}
    whole = measure(methods["fusion"], asked["image category P@10"], presence[asked["image category P@10"]])
    assert retained <= means["image category P@10"] / whole.mean() + 1e-9


@pytest.mark.parametrize("k", [1, 7, 30, 50])
def test_the_best_are_those_of_a_stable_sort(k) -> None:
    rng = np.random.default_rng(0)
    for scores in (rng.random((20, 30)), rng.integers(0, 4, (20, 30)), np.zeros((3, 30)), np.zeros((0, 30))):
        expected = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        np.testing.assert_array_equal(metrics.top_k(scores.astype(np.float32), k), expected)


def test_diversity_is_zero_for_copies_and_one_for_strangers() -> None:
    vectors = np.repeat(np.eye(4, dtype=np.float32), 2, axis=0)
    found = metrics.diversity(np.array([[0, 1], [0, 2]]), vectors)
    np.testing.assert_allclose(found, [0.0, 1.0])


def test_novelty_is_higher_for_what_is_seldom_chosen() -> None:
    counts = np.array([9, 0, 0])
    often, seldom = metrics.novelty(np.array([[0], [1]]), counts, total=9)
    assert often == pytest.approx(-np.log2(10 / 12)) and seldom == pytest.approx(-np.log2(1 / 12))


@pytest.mark.parametrize(
    ("shown", "gini", "coverage"), [([2, 2, 2, 2], 0.0, 1.0), ([0, 0, 0, 8], 0.75, 0.25), ([0, 0, 0, 0], 0.0, 0.0)]
)
def test_gini_and_coverage(shown, gini, coverage) -> None:
    assert metrics.gini(np.array(shown)) == pytest.approx(gini)
    assert metrics.coverage(np.array(shown)) == coverage


def evaluated(values: np.ndarray, variety: np.ndarray | None = None) -> Evaluation:
    rows = np.arange(len(values))
    lines = [Line("text accuracy", values.astype(float), rows)]
    lines += [Line("text diversity@10", variety, rows)] if variety is not None else []
    queries = {line.name: tuple(map(str, rows)) for line in lines}
    return Evaluation("held-out", "a@1", "c", "fusion", compare({"fusion": lines}, "fusion"), queries=queries)


def test_a_model_is_better_worse_or_not_clearly_different() -> None:
    rng = np.random.default_rng(0)
    weak = (rng.random(300) < 0.4).astype(float)
    strong = np.maximum(weak, rng.random(300) < 0.3)
    assert versus(evaluated(strong), evaluated(weak)).sentence.startswith("Better")
    assert versus(evaluated(weak), evaluated(strong)).sentence.startswith("Worse")
    same = versus(evaluated(weak), evaluated(weak))
    assert same.sentence.startswith("No clear difference") and same.overall.mean == 0


def test_only_common_queries_and_lines_of_accuracy_are_compared() -> None:
    one, two = evaluated(np.ones(30), np.ones(30)), evaluated(np.zeros(20), np.zeros(20))
    result = versus(one, two)
    assert [line.line for line in result.lines] == ["text accuracy"]
    assert result.lines[0].difference.n == 20
    assert versus(one, replace(two, queries={})) is None


def test_every_line_has_words() -> None:
    for line in ("text->image R@10", "image category P@10", "text accuracy", "audio Gini@10", "NDCG@20", RETENTION):
        assert meaning(line)
    assert lower_is_better("text Gini@10") and not lower_is_better("NDCG@10")
    assert is_accuracy("NDCG@10") and not is_accuracy("text coverage@10")
    assert "must find itself" in meaning("text->image R@1")


def test_the_recipe_draws_itself_and_checks_what_it_is_given() -> None:
    for option in options((*TASKS, *AUGMENTATION, "epochs")):
        assert option.help and option.minimum is not None and option.maximum is not None
        assert option.check(option.default) == getattr(Recipe(), option.name)
    assert recipe_of({"category_weight": "0.5", "epochs": "3"}).category_weight == 0.5
    with pytest.raises(UnknownNameError, match="category_wait"):
        recipe_of({"category_wait": "1"})
    inner = recipe_of({"fusion": "feature_level", "features.select": "l1", "features.normalise": "False"}).features
    assert (inner.select, inner.normalise, inner.noise_filter) == ("l1", False, True)
    assert [o.choices for o in options(("features.select",))] == [("none", "importance", "l1")]
    for wrong in ("features.selekt", "views.image", "seed.x"):
        with pytest.raises(UnknownNameError, match=wrong):
            recipe_of({wrong: "1"})
    with pytest.raises(OptionError, match=r"features\.select is 'all'"):
        recipe_of({"features.select": "all"})
    with pytest.raises(OptionError, match=r"epochs is '-1'"):
        recipe_of({"epochs": "-1"})
