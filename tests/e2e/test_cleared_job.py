"""End to end: the record of a finished job is cleared with one press; only a browser runs the panel by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from mmrec_core.settings import get_settings
from mmrec_core.types import JobStatus
from tests.e2e.steps import settle
from tests.ui.lab.left_behind import write_job

pytestmark = [pytest.mark.browser, pytest.mark.catalogue, pytest.mark.weights]

KIND = "train"


@pytest.fixture
def finished() -> Iterator[None]:
    """A job that ended, among those of this machine; taken away again where the test did not."""
    home = get_settings().home
    folder = home / "jobs" / f"20260101-{KIND}"
    shutil.rmtree(folder, ignore_errors=True)
    write_job(home, KIND, JobStatus.FINISHED)
    yield
    shutil.rmtree(folder, ignore_errors=True)


def test_a_finished_job_is_cleared_and_the_page_goes_on(finished, open_page):
    page = open_page("Train")
    page.locator(".mm-is-finished").wait_for()
    page.get_by_role("button", name="Clear").first.click()
    page.locator(".mm-is-finished").wait_for(state="detached")
    settle(page)
    page.locator(".st-key-mm-train-start").first.wait_for()
    assert page.get_by_text("This did not work").count() == 0
    assert page.locator("[data-testid=stException]").count() == 0
