"""What is loaded once is not searched for garbage after every run of a page."""

from __future__ import annotations

import sys
import threading
from types import SimpleNamespace

from pages._ui import cache
from tests.fakes import FakeService


def test_warming_takes_what_is_loaded_out_of_the_search_for_garbage(monkeypatch):
    done, here = [], threading.get_ident()

    def note(what: str) -> None:
        if threading.get_ident() == here:  # pages of other tests warm up two seconds after their first run
            done.append(what)

    search = SimpleNamespace(freeze=lambda: note("freeze"), collect=lambda: note("collect"))
    monkeypatch.setattr(cache, "gc", search)
    service = FakeService()
    monkeypatch.setattr(service, "warm_up", lambda: note("load"))
    cache.warm(service)
    assert done == ["freeze", "load", "collect", "freeze"]
    assert "shap" in sys.modules
