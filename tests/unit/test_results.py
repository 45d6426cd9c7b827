"""RESULTS.md: drawn from whatever was measured; and what follows from it for interfaces."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mmrec_core.evaluate import results
from mmrec_core.evaluate.ablation import WHOLE, ablation_section
from mmrec_core.evaluate.bench_fidelity import RUNS, compared, random_walks, walk_count, walk_shares
from mmrec_core.evaluate.report import compare
from mmrec_core.explain import measured
from mmrec_core.explain.shapley import coalitions, shapley_values
from mmrec_core.training.lines import Line
from mmrec_core.types import FUSED, Evaluation, Modality
from tests.planted import PlantedScorer, random_game, smooth_game

ABOUT = {"date": "2026-01-02", "machine": "a machine", "bundle": "0123456789abcdef", "command": "bench report"}


def fidelity(mean: float) -> dict:
    row = {"spearman": {"mean": mean, "low": mean - 0.1, "high": mean + 0.1}, "ceiling": 0.9, "pairs": 15, "runs": 200}
    return {"about": ABOUT, "figures": {str(m): row for m in FUSED}}


def test_sections_are_kept_until_they_are_measured_again(tmp_path):
    figures, page = tmp_path / "results.json", tmp_path / "RESULTS.md"
    encode = {
        "image_per_s": 70.0, "image_plain_per_s": 40.0, "image_ratio": 1.9, "image_least_cosine": 0.9998, "text_per_s": 300.0, "audio_per_s": 10.0,
        "image_operations": 7.7e8, "floor_ms": {"float32": 4.0, "bfloat16": 2.0}, "precision": "float32",
    }  # fmt: skip
    results.save({"encode": {"about": ABOUT, "figures": encode}}, figures, page)
    results.save({"fidelity": fidelity(0.3)}, figures, page)
    text = page.read_text()
    assert "| pictures | 70 | 1.90 x" in text
    assert "| image | 0.30 [0.20, 0.40] | 0.90 | 15 | 200 |" in text
    assert "`0123456789ab`" in text
    assert "0.77 G operations" in text
    assert set(json.loads(figures.read_text())) == {"encode", "fidelity"}


def test_the_order_of_what_is_kept_is_the_order_of_measuring(tmp_path):
    figures, page = tmp_path / "results.json", tmp_path / "RESULTS.md"
    first = fidelity(0.3)
    results.save({"fidelity": first}, figures, page)
    results.save({}, figures, page)
    assert list(json.loads(figures.read_text())["fidelity"]["figures"]) == list(first["figures"])


@pytest.mark.parametrize(
    ("mean", "words"), [(0.8, "agree with careful"), (0.5, "agree in part"), (0.1, "hardly agree")]
)
def test_an_interface_learns_whether_to_warn(tmp_path, monkeypatch, mean, words):
    monkeypatch.setattr(measured, "FIGURES", tmp_path / "results.json")
    measured.fidelity_facts.cache_clear()
    (tmp_path / "results.json").write_text(json.dumps({"fidelity": fidelity(mean)}))
    fact = measured.fidelity_facts()[Modality.IMAGE]
    measured.fidelity_facts.cache_clear()
    assert words in fact.sentence
    assert fact.agrees == (mean >= 0.7)


def test_no_verdict_where_careful_maps_disagree_with_themselves():
    row = fidelity(0.3)["figures"]["image"] | {"ceiling": 0.1}
    assert "is open" in measured.fidelity_sentence(Modality.IMAGE, row)


def test_the_default_is_a_method_that_can_be_built():
    from mmrec_core.explain.base import EXPLAINERS

    declared = {option.name: option.default for option in EXPLAINERS.get(measured.DEFAULT_METHOD).options}
    assert set(measured.DEFAULT_OPTIONS) <= set(declared)
    EXPLAINERS.build(measured.DEFAULT_METHOD, **(declared | dict(measured.DEFAULT_OPTIONS)))


def test_nothing_measured_is_nothing_said(tmp_path, monkeypatch):
    monkeypatch.setattr(measured, "FIGURES", tmp_path / "none.json")
    measured.fidelity_facts.cache_clear()
    assert measured.fidelity_facts() == {}
    measured.fidelity_facts.cache_clear()


def test_walks_find_shapley_values():
    game = random_game(5, 0)
    shares = walk_shares(PlantedScorer(5, game), random_walks(5, 20_000, 0))
    np.testing.assert_allclose(shares.mean(axis=0), shapley_values(game(coalitions(5)), 5), atol=0.05)
    np.testing.assert_allclose(shares.sum(axis=1), shares.sum(axis=1)[0])


@pytest.mark.parametrize(("parts", "walks"), [(1, 24), (32, 24), (49, 16), (150, 4), (1000, 4)])
def test_the_more_parts_the_fewer_walks(parts, walks):
    assert walk_count(parts) == walks
    assert walks == 4 or walks * (parts + 1) <= RUNS


def test_equal_scorers_agree_and_opposite_ones_do_not():
    game = smooth_game(8, 1)
    same = compared(PlantedScorer(8, game), PlantedScorer(8, game), 0)
    other = compared(PlantedScorer(8, lambda keep: -game(keep)), PlantedScorer(8, game), 0)
    assert same.correlation == pytest.approx(1.0)
    assert other.correlation == pytest.approx(-1.0)
    assert same.runs == 24 * 9


def test_the_floor_counts_two_operations_a_multiplication():
    import torch

    from mmrec_core.evaluate.floor import operations, peak

    assert operations(torch.nn.Linear(8, 4, bias=False), torch.zeros(3, 8)) == 2 * 3 * 8 * 4
    assert peak(torch.device("cpu")) > 1e8


def test_an_ablation_tells_what_each_step_is_worth(tmp_path):
    rows = np.arange(40)
    better, same = np.ones(40), rows / 40
    cells = compare(
        {WHOLE: [Line("a R@10", better, rows)], "no PCA": [Line("a R@10", better - 0.25, rows)],
         "no filter": [Line("a R@10", better, rows)], "other": [Line("a R@10", same, rows)]}, WHOLE,
    )  # fmt: skip
    split = {"trained on": 100, "corpus": 7, "asked": 40}
    found = Evaluation("ablation", "", "", WHOLE, cells, split=split, date="2026-01-02T00:00:00+00:00")
    results.save({"ablation": ablation_section(found, 2, "a machine")}, tmp_path / "results.json", tmp_path / "page.md")
    text = (tmp_path / "page.md").read_text()
    assert "| all steps | 1.000 |" in text
    assert "| no PCA | **-0.250 [-0.250, -0.250]** |" in text and "| no filter | +0.000 [+0.000, +0.000] |" in text
    assert "after 2 epochs: trained on 100 items and 7 of the training corpus, asked with 40" in text
    assert "| variant | a R@10 (40) |" in text and "paired by query" in text
    assert "*2026-01-02, a machine; `python -m mmrec_core evaluate ablation --epochs 2 --publish`.*" in text
