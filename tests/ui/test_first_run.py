"""The first run: set-up as a job of its own, started, watched, stopped and taken up again from the page."""

from __future__ import annotations

import os

import pytest
import streamlit as st

from mmrec_core import bootstrap
from mmrec_core.jobs.desk import JobDesk
from mmrec_core.jobs.journal import Journal
from mmrec_core.jobs.lock import JobLock
from mmrec_core.service import Service
from mmrec_core.settings import get_settings
from mmrec_core.types import JobStatus, Progress, SetupStep
from tests.fakes import FakeService, UnsetService
from tests.ui.pages import HOME, markup, start

DESCRIPTION = (
    '{"kind": "setup", "title": "Set up", "arguments": ["setup"], "about": {}, "started": "2026-01-01T00:00:00"}'
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A machine that is not set up, with a home of its own."""
    monkeypatch.setenv("MMREC_HOME", str(tmp_path))
    monkeypatch.setattr(Service, "open", UnsetService.open)
    waiting = [SetupStep("weights", "Fetch", False), SetupStep("index", "Build the index", True, "built")]
    monkeypatch.setattr(bootstrap, "steps", lambda settings: waiting)
    for clear in (get_settings.cache_clear, st.cache_resource.clear, st.cache_data.clear):
        clear()
    yield tmp_path
    for clear in (get_settings.cache_clear, st.cache_resource.clear, st.cache_data.clear):
        clear()


def write(home, end: JobStatus | None = None, problem: str | None = None) -> None:
    folder = home / "jobs" / "a-setup"
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(DESCRIPTION)
    (folder / "pid").write_text("0")
    journal = Journal(folder)
    journal.begin()
    journal.progress(Progress("Fetch", 3e6, 12e6, "bytes", "halfway"))
    if end:
        journal.end(end, problem)


def test_the_button_starts_a_job(monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(JobDesk, "start", lambda self, *words: asked.append(words))
    start(HOME).button(key="mm-setup-start").click().run()
    assert asked[0][0] == "setup" and asked[0][2] == ["setup"]


def test_a_running_set_up_is_watched_and_can_be_stopped(home, monkeypatch) -> None:
    stopped = []
    monkeypatch.setattr(JobDesk, "stop", lambda self, job_id: stopped.append(job_id))
    write(home)
    descriptor = JobLock(home / "jobs" / "lock").take("a-setup")
    app = start(HOME)
    assert "3.0 of 12.0 MB" in markup(app) and "halfway" in markup(app)
    assert app.button(key="mm-setup-start").disabled
    app.button(key="mm-setup-stop").click().run()
    os.close(descriptor)
    assert stopped == ["a-setup"]


@pytest.mark.parametrize(
    ("end", "problem", "said"),
    [(JobStatus.STOPPED, None, "Set-up was stopped"), (JobStatus.FAILED, "No mirror answers.", "No mirror answers.")],
)
def test_a_set_up_that_ended_early_can_go_on(home, end, problem, said) -> None:
    write(home, end, problem)
    app = start(HOME)
    assert said in app.warning[0].value
    assert app.button(key="mm-setup-start").label == "Go on with set-up"
    assert not app.button(key="mm-setup-start").disabled


def test_a_crash_says_why(home) -> None:
    write(home)
    (home / "jobs" / "a-setup" / "log.txt").write_text("Traceback\nOSError: No space left on device\n")
    assert "No space left on device" in start(HOME).error[0].value


def test_when_set_up_is_finished_the_page_opens(home, monkeypatch) -> None:
    write(home, JobStatus.FINISHED)
    opened = iter([UnsetService.open, lambda settings=None: FakeService()])
    monkeypatch.setattr(Service, "open", staticmethod(lambda settings=None: next(opened)(settings)))
    app = start(HOME)
    assert not app.exception
    assert "Welcome to MMRec Lens" not in markup(app)
    assert not (home / "jobs" / "a-setup").exists()
