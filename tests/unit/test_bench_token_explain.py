"""The bench of SHAP and LIME on parts: the plain model is the same function, and the figures follow from the runs."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.evaluate import bench_token_explain as bench
from mmrec_core.evaluate.plain_methods import OneAtATime, kernel_shap, token_model
from mmrec_core.explain.scorer import TokenScorer
from mmrec_core.explain.shapley import coalitions, shapley_values
from mmrec_core.types import FUSED, Modality
from tests.planted import PlantedScorer, smooth_game
from tests.tiny import tiny_fusion
from tests.unit.test_bench_trust import TinyService


@pytest.fixture(scope="module")
def service():
    return TinyService(tiny_fusion())


def test_the_plain_model_is_the_same_function(service):
    pair = next(bench.choose_pairs(service, 1))
    for modality in FUSED:
        scorer = TokenScorer(pair, "query", modality)
        plain = OneAtATime(scorer, token_model(pair, modality, scorer))
        keep = np.random.default_rng(0).random((6, len(scorer.parts))) < 0.5
        np.testing.assert_allclose(plain(keep), scorer(keep), atol=1e-5)
        assert plain.evaluations == 6


def test_kernel_explainer_is_near_the_truth_of_a_planted_game():
    scorer = PlantedScorer(6, smooth_game(6, 0))
    truth = shapley_values(scorer.value(coalitions(6)), 6)
    np.testing.assert_allclose(kernel_shap(scorer, 200, 0), truth, atol=0.1)


def test_reports_every_method_and_ratio(service):
    found = bench.measure(service, lambda progress: None, pairs=2, media_pairs=0, evaluations=60)
    assert set(found["methods"]) == set(bench.OURS) | {bench.PREFIX + name for name in bench.PLAIN}
    assert found["pairs"] == 2
    assert set(found["faster"]) == set(bench.RIVALS)
    assert set(found["faster"]["lime"]["from tokens"]) == {str(m) for m in FUSED}
    for row in found["methods"].values():
        assert 30 < row["evaluations"] < 80
        assert row["milliseconds"] > 0
    assert min(found["evaluations_per_second"].values()) > 0


def run(method: str, milliseconds: float, gain: float, pair: int = 0, modality: Modality = Modality.IMAGE) -> bench.Run:
    return bench.Run(pair, modality, method, np.zeros(2), milliseconds, 100, gain)


def test_figures_are_medians_and_leads_are_paired():
    runs = [run("plain lime", 200.0, 0.1), run("plain lime", 300.0, 0.3), run("plain lime", 900.0, 0.1, pair=1)]
    runs += [run("token_lime", 10.0, 0.3), run("token_lime", 20.0, 0.3), run("token_lime", 30.0, 0.1, pair=1)]
    assert bench.figures(runs, "plain lime")["milliseconds"] == 300.0
    assert bench.faster(runs, "lime", runs) == {"image": pytest.approx(15.0)}
    np.testing.assert_allclose(bench.lead(runs, "token_lime", "plain lime"), [0.1, 0.0])
