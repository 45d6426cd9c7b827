"""Both pages on a machine that is not set up, or whose service cannot open; no browser."""

from __future__ import annotations

import pytest

from mmrec_core import bootstrap
from mmrec_core.errors import BundleError
from mmrec_core.service import Service
from mmrec_core.types import SetupStep
from pages._ui import first_run
from tests.fakes import UnsetService
from tests.ui.pages import EXPLAIN, HOME, markup, serve, start, tiles

PAGES = pytest.mark.parametrize("page", [HOME, EXPLAIN], ids=["recommend", "explain"])


@pytest.fixture
def bare_machine(monkeypatch):
    monkeypatch.setattr(Service, "open", UnsetService.open)
    waiting = [SetupStep("weights", "Fetch", False), SetupStep("index", "Build the index", True, "built")]
    monkeypatch.setattr(bootstrap, "steps", lambda settings: waiting)


@PAGES
def test_not_set_up_shows_the_first_run_page(bare_machine, page):
    app = start(page)
    assert not app.exception
    assert "Welcome to MMRec Lens" in markup(app)
    assert "MB from the Python package index" in markup(app)
    assert app.button(key="mm-setup-start").label == "Set up this machine"
    assert tiles(app) == 0


@PAGES
def test_a_service_that_cannot_open_shows_its_message(monkeypatch, page):
    serve(monkeypatch, BundleError("The index belongs to another bundle. Run: python -m mmrec_core setup"))
    app = start(page)
    assert not app.exception
    assert "The index belongs to another bundle" in markup(app)


def test_a_page_that_is_left_behind_sees_that_set_up_went_on_elsewhere(monkeypatch):
    monkeypatch.setattr(first_run.st, "session_state", {})
    looks = [(1, False), (1, False), (2, False), (2, True), (3, True), (3, False), (3, False)]
    assert [first_run._moved_elsewhere(*look) for look in looks] == [False, False, True, False, False, True, False]
