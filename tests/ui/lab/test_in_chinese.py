"""Evaluate and Train in Chinese, on what jobs and evaluations left: lines, methods, steps and verdicts follow the language."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from mmrec_core.types import JobStatus
from tests.ui.lab.left_behind import EVALUATE, TRAIN, write_evaluations, write_job
from tests.ui.pages import HOME, ROOT, markup


def start(page) -> AppTest:
    app = AppTest.from_file(str(HOME), default_timeout=60)
    app.query_params["lang"] = "zh"
    app.run()
    app.switch_page(str(page.relative_to(ROOT)))
    return app.run()


@pytest.mark.parametrize("section", ["Figures", "Missing modalities", "By category", "Worst cases"])
def test_sections_of_evaluate(service, home, section):
    write_evaluations(home, list(service.by_id))
    app = start(EVALUATE)
    app.segmented_control(key="mm-evaluate-section").set_value(section).run()
    assert not app.exception
    assert "融合" in markup(app) or section == "By category"


def test_figures_say_lines_and_what_they_mean(service, home):
    write_evaluations(home, list(service.by_id))
    page = markup(start(EVALUATE))
    assert "文本类别 P@10" in page
    assert "融合明显高于 BM25" in page
    assert "前十名中与查询同类别者所占比例" in page
    assert "Share of the ten best" not in page


def test_a_training_that_failed_says_why(service, home):
    write_job(home, "train", JobStatus.FAILED, "why")
    app = start(TRAIN)
    assert not app.exception
    assert "失败" in markup(app)
