"""What is loaded once is not searched for garbage after every run of a page."""

from __future__ import annotations

import sys
from types import SimpleNamespace

from pages._ui import cache
from tests.fakes import FakeService


def test_warming_takes_what_is_loaded_out_of_the_search_for_garbage(monkeypatch):
    done = []
    search = SimpleNamespace(freeze=lambda: done.append("freeze"), collect=lambda: done.append("collect"))
    monkeypatch.setattr(cache, "gc", search)
    service = FakeService()
    monkeypatch.setattr(service, "warm_up", lambda: done.append("load"))
    cache.warm(service)
    assert done == ["freeze", "load", "collect", "freeze"]
    assert "shap" in sys.modules
