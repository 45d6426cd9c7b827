"""Evaluate in {empty, measured, damaged}, on evaluations that were left."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.evaluate.report import compare
from mmrec_core.evaluate.store import EvaluationStore
from mmrec_core.training.lines import Line
from mmrec_core.types import Evaluation
from pages._ui import state
from tests.ui.lab.left_behind import EVALUATE, start, write_evaluations
from tests.ui.pages import markup


def test_empty_evaluate_offers_to_measure(service):
    app = start(EVALUATE)
    assert not app.exception
    assert "Not measured yet" in markup(app)
    assert app.button(key="mm-evaluate-start").label == "Measure"


@pytest.mark.parametrize("section", ["Missing modalities", "By category", "Worst cases", "Interactions"])
def test_every_section_has_an_empty_state(service, section):
    app = start(EVALUATE)
    app.segmented_control(key="mm-evaluate-section").set_value(section).run()
    assert not app.exception
    assert "evaluated yet" in markup(app) or "Not measured yet" in markup(app)


def test_the_section_is_in_the_address_and_kept_while_another_page_is_looked_at(service):
    app = start(EVALUATE)
    assert app.query_params["section"] == "Figures"
    app.segmented_control(key="mm-evaluate-section").set_value("By category").run()
    assert app.query_params["section"] == "By category"
    app.switch_page("app.py").run()
    app.switch_page("pages/4_Evaluate.py").run()
    assert app.segmented_control(key="mm-evaluate-section").value == "By category"


def test_figures_name_lines_methods_and_leads(service, home):
    write_evaluations(home, list(service.by_id))
    app = start(EVALUATE)
    assert not app.exception
    html = markup(app)
    assert "text category P@10" in html and "BM25" in html
    assert "fusion is clearly above BM25" in html
    assert "Share of the ten best" in html, "every line says what it means"


@pytest.mark.parametrize("section", ["Missing modalities", "By category", "Worst cases"])
def test_sections_draw_what_was_measured(service, home, section):
    write_evaluations(home, list(service.by_id))
    app = start(EVALUATE)
    app.segmented_control(key="mm-evaluate-section").set_value(section).run()
    assert not app.exception
    assert "Not measured yet" not in markup(app)


def test_figures_of_another_catalogue_are_said_to_be(service, home):
    write_evaluations(home, list(service.by_id), catalogue="another")
    app = start(EVALUATE)
    assert "another catalogue than the present one" in app.warning[0].value
    write_evaluations(home, list(service.by_id))  # as old as the others, of the present catalogue
    app.run()
    assert not app.exception and not app.warning


def test_missing_modalities_say_what_fusing_is_worth(service, home):
    write_evaluations(home, list(service.by_id))
    app = start(EVALUATE)
    app.segmented_control(key="mm-evaluate-section").set_value("Missing modalities").run()
    page = markup(app)
    assert "What fusing is worth" in page and "clearly ahead on 1 of 1 subsets" in page
    assert "<b>+0.040</b>" in page and "text, raw neighbours: 0.500" in page


def test_a_worst_case_becomes_the_query(service, home):
    write_evaluations(home, list(service.by_id))
    app = start(EVALUATE)
    app.segmented_control(key="mm-evaluate-section").set_value("Worst cases").run()
    app.button(key="mm-case-0").click().run()
    assert not app.exception
    assert app.session_state[state.Key.TEXT]


def test_interactions_that_others_measured_are_shown(service, home):
    rows = np.arange(30)
    cells = compare(
        {"EASE": [Line("NDCG@10", rows / 30, rows)], "popularity": [Line("NDCG@10", rows / 60, rows)]}, "EASE"
    )
    people = tuple(map(str, rows))
    queries, slices = {"NDCG@10": people}, {"likes seen": dict.fromkeys(people, "under 20")}
    measured = Evaluation("movielens per-user", "history@1", "ml", "EASE", cells, queries=queries, slices=slices)
    EvaluationStore(home / "evaluations").save(measured)
    app = start(EVALUATE)
    app.segmented_control(key="mm-evaluate-section").set_value("Interactions").run()
    assert not app.exception
    assert "NDCG@10" in markup(app) and "EASE is clearly above popularity" in markup(app)
    assert "By how many likes were seen" in markup(app)
    assert "Person 0: 0.00 · popularity 0.00" in [link.proto.label for link in app.get("page_link")]


def test_a_damaged_evaluation_is_named(service, home):
    (home / "evaluations").mkdir()
    (home / "evaluations" / "x.json").write_text("{}")
    app = start(EVALUATE)
    assert not app.exception and "measure again" in markup(app)
