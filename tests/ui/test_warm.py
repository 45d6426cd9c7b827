"""What is loaded once is not searched for garbage after every run of a page."""

from __future__ import annotations

import gc

from pages._ui import cache
from tests.fakes import FakeService


def test_warming_takes_what_is_loaded_out_of_the_search_for_garbage():
    service, called = FakeService(), []
    service.warm_up = lambda: called.append(gc.get_freeze_count())
    before = gc.get_freeze_count()
    try:
        cache.warm(service)
        assert called[0] > before
        assert gc.get_freeze_count() >= called[0]
    finally:
        gc.unfreeze()
