"""Evaluate and Train in {not set up, failing, busy}."""

from __future__ import annotations

import pytest

from mmrec_core.errors import BundleError
from mmrec_core.service import Service
from tests.fakes import UnsetService
from tests.ui.lab.left_behind import EVALUATE, TRAIN, start
from tests.ui.pages import markup, serve

BOTH = pytest.mark.parametrize("page", [EVALUATE, TRAIN], ids=["evaluate", "train"])


@BOTH
def test_not_set_up(monkeypatch, page):
    monkeypatch.setattr(Service, "open", UnsetService.open)
    app = start(page)
    assert not app.exception
    assert "Welcome to MMRec Lens" in markup(app)


@BOTH
def test_a_service_that_cannot_open(monkeypatch, page):
    serve(monkeypatch, BundleError("The bundle is damaged. Fetch it again."))
    app = start(page)
    assert not app.exception and "The bundle is damaged" in markup(app)


@BOTH
def test_while_a_job_runs_no_other_can_start(service, running, page):
    app = start(page)
    assert not app.exception
    if page == TRAIN:
        assert app.button(key="mm-stop-train").label == "Stop"
        assert "3 of 12 batches" in markup(app) and "best 0.5200 at epoch 2" in markup(app)
        assert "mm-train-start" not in [button.key for button in app.button]
    else:
        assert app.button(key="mm-evaluate-start").disabled
