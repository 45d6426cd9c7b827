"""What evaluations find: the same queries for every method, leads that are paired, and JSON that gives back what went in."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from mmrec_core.cli.train import fields
from mmrec_core.errors import MMRecError, OptionError
from mmrec_core.evaluate.best_single import BEST_SINGLE, subset_lines, subset_table
from mmrec_core.evaluate.report import compare, figures
from mmrec_core.evaluate.run import RAW, evaluate_data, robustness_of
from mmrec_core.evaluate.store import EvaluationStore, newest_by
from mmrec_core.training.lines import Line
from mmrec_core.types import FUSED, Curve, Evaluation, Interval
from tests.tiny import random_fusion, tiny_data, tiny_fusion

ROWS = np.arange(40)


def line(name: str, values: np.ndarray) -> Line:
    return Line(name, values.astype(float), ROWS)


def evaluation(protocol: str = "held-out", bundle: str = "a@1", date: str = "2026-01-01T00:00:00+00:00") -> Evaluation:
    good, bad = (ROWS % 4 > 0), (ROWS % 4 > 1)
    values = {"fusion": [line("R@1", good)], "BM25": [line("R@1", bad), line("text only", bad)]}
    curve = Curve(
        "fusion", "R@1", "missing at random", (0.0, 0.5), (Interval(1, 1, 1, 40), Interval(0.5, 0.4, 0.6, 40))
    )
    return Evaluation(
        protocol, bundle, "catalogue", "fusion", compare(values, "fusion"), {"test": 40}, (curve,),
        {"R@1": tuple(map(str, ROWS))}, {"category": {str(row): "tools" for row in ROWS}}, 3, 1.5, date,
    )  # fmt: skip


def test_of_each_key_the_newest_is_kept_newest_first(tmp_path) -> None:
    for day, bundle in ((1, "a@1"), (3, "a@1"), (2, "b@1")):
        found = replace(evaluation(bundle=bundle, date=f"2026-01-0{day}T00:00:00+00:00"), catalogue=f"of day {day}")
        EvaluationStore(tmp_path).save(found)
    newest = newest_by(EvaluationStore(tmp_path).all(), lambda e: e.bundle)
    assert [(bundle, e.catalogue) for bundle, e in newest.items()] == [("a@1", "of day 3"), ("b@1", "of day 2")]


def test_leads_are_paired_and_signed() -> None:
    found = evaluation()
    lead = found.cell("BM25", "R@1").lead
    assert lead.mean == pytest.approx(0.25)
    assert lead.side == 1
    assert lead.high - lead.low < 0.3, "a paired interval is narrower than that of two samples"
    assert found.cell("fusion", "R@1").lead is None
    assert found.cell("BM25", "text only").lead is None
    assert found.cell("fusion", "text only") is None


@pytest.mark.parametrize(("low", "high", "side"), [(0.1, 0.2, 1), (-0.2, -0.1, -1), (-0.1, 0.1, 0), (0.0, 0.1, 0)])
def test_an_interval_knows_on_which_side_of_zero_it_lies(low: float, high: float, side: int) -> None:
    assert Interval((low + high) / 2, low, high, 9).side == side


def test_what_is_stored_comes_back_as_it_was(tmp_path) -> None:
    store = EvaluationStore(tmp_path)
    store.save(evaluation())
    assert store.find("held-out", "a@1", "catalogue") == evaluation()
    assert store.find("held-out", "b@2", "catalogue") is None


def test_the_newest_is_first_and_replaces_its_own_kind(tmp_path) -> None:
    store = EvaluationStore(tmp_path)
    old, new = evaluation(date="2026-01-01T00:00:00+00:00"), evaluation(date="2026-02-01T00:00:00+00:00")
    for each in (old, new, evaluation(bundle="b@2"), evaluation("robustness")):
        store.save(each)
    assert [e.bundle for e in store.all("held-out")] == ["a@1", "b@2"]
    assert store.all("held-out")[0] == new
    assert len(store.all()) == 3


def test_a_damaged_file_says_what_to_do(tmp_path) -> None:
    (tmp_path / "x.json").write_text('{"protocol": 1}')
    with pytest.raises(MMRecError, match="measure again"):
        EvaluationStore(tmp_path).all()


def test_figures_are_plain_and_rounded() -> None:
    found = figures(evaluation())
    assert json.dumps(found)
    assert found["R@1"]["BM25"]["lead"].keys() == {"mean", "low", "high"}
    assert found["R@1"]["fusion"]["mean"] == 0.75


@pytest.mark.parametrize("measure", [evaluate_data, robustness_of])
def test_other_bundles_stand_in_the_same_table(measure) -> None:
    data, bundle = tiny_data(240), SimpleNamespace(name="tiny", hash="f" * 64, fusion=tiny_fusion(), device="cpu")
    others = [
        SimpleNamespace(name=name, fusion=random_fusion(name), device="cpu")
        for name in ("feature_level", "decision_level")
    ]
    found = measure(bundle, data, "print", lambda _: None, (), others)
    assert {"fusion", "feature_level", "decision_level"} <= set(found.methods)
    for cell in found.cells:
        if cell.method == "decision_level" and cell.values:
            assert cell.lead is not None


def test_a_bundle_is_measured_whole_and_with_modalities_missing(tmp_path) -> None:
    data, bundle = tiny_data(240), SimpleNamespace(name="tiny", hash="f" * 64, fusion=tiny_fusion(), device="cpu")
    steps: list[str] = []
    whole = evaluate_data(bundle, data, "print", lambda p: steps.append(p.step))
    missing = robustness_of(bundle, data, "print", lambda p: steps.append(p.step))
    assert (whole.protocol, missing.protocol, whole.bundle) == ("held-out", "robustness", "tiny@" + "f" * 12)
    assert set(whole.methods) == {"fusion", "untrained ensemble", "raw neighbours", "BM25"}
    assert {"text->image R@10", "text diversity@10", "text novelty@10", "text coverage@10"} <= set(whole.lines)
    assert {curve.kind for curve in missing.curves} == {"any, at random", "image", "text", "audio"}
    for found in (whole, missing):
        for cell in found.cells:
            assert not cell.values or len(cell.values) == len(found.queries[cell.line]) == cell.value.n
        EvaluationStore(tmp_path).save(found)
    assert EvaluationStore(tmp_path).find("held-out", whole.bundle, "print") == whole
    assert "Evaluating" in steps and "Taking modalities away" in steps


@pytest.mark.parametrize("measure", [evaluate_data, robustness_of])
def test_a_source_without_held_out_items_is_named_and_nothing_is_measured(measure) -> None:
    data, bundle = tiny_data(60), SimpleNamespace(name="tiny", hash="f" * 64, fusion=tiny_fusion(), device="cpu")
    lone = int(data.split.train[0])
    items = tuple(replace(item, source="lone") if n == lone else item for n, item in enumerate(data.items))
    with pytest.raises(OptionError, match=r"of this source: lone\. Held-out items are of: tiny"):
        measure(bundle, replace(data, items=items), "print", lambda _: None, ("lone",))


def test_two_runs_of_robustness_are_equal() -> None:
    data, bundle = tiny_data(160), SimpleNamespace(name="tiny", hash="f" * 64, fusion=tiny_fusion(), device="cpu")
    one, two = (robustness_of(bundle, data, "print", lambda _: None) for _ in range(2))
    assert (one.cells, one.curves) == (two.cells, two.curves)


def test_words_of_a_recipe_on_the_command_line() -> None:
    assert fields(["a=1", "b=x=y"]) == {"a": "1", "b": "x=y"}
    with pytest.raises(OptionError, match="NAME=VALUE"):
        fields(["a"])


def test_every_subset_is_held_against_the_best_single_modality_and_against_votes() -> None:
    data, bundle = tiny_data(240), SimpleNamespace(name="tiny", hash="f" * 64, fusion=tiny_fusion(), device="cpu")
    other = SimpleNamespace(name="decisions", fusion=random_fusion("decision_level"), device="cpu")
    found = robustness_of(bundle, data, "print", lambda _: None, (), [other])
    singles = {cell.line: cell for cell in found.cells if cell.method == BEST_SINGLE}
    assert list(singles) == subset_lines(found) and subset_table(found).row_count == len(singles) == 7
    assert {cell.note for cell in singles.values()} <= {f"{m}, {who}" for m in FUSED for who in ("fusion", RAW)}
    for line, cell in singles.items():
        own, modality = found.cell("fusion", line), cell.note.partition(",")[0]
        assert modality in line and cell.value.n == own.value.n
        assert cell.lead.mean == pytest.approx(own.value.mean - cell.value.mean)
        if "+" not in line:
            assert cell.note.endswith(RAW), "one modality is not held against itself"
            for voter in ("fusion", "decisions"):
                votes = {
                    name: found.cell(f"{voter}, {name}", line) for name in ("Borda count", "Reciprocal rank fusion")
                }
                assert {vote.values for vote in votes.values()} == {found.cell(voter, line).values}
    assert figures(found)[line][BEST_SINGLE]["note"] == cell.note
