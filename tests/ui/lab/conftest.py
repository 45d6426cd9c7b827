"""A home of its own for every test, a service that is not real, and a job that runs."""

from __future__ import annotations

import os

import pytest
import streamlit as st

from mmrec_core.jobs.lock import JobLock
from mmrec_core.settings import get_settings
from tests.fakes import FakeService
from tests.ui.lab.left_behind import write_job
from tests.ui.pages import serve


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home of its own, and nothing cached."""
    monkeypatch.setenv("MMREC_HOME", str(tmp_path))
    for clear in (get_settings.cache_clear, st.cache_resource.clear, st.cache_data.clear):
        clear()
    yield tmp_path
    get_settings.cache_clear()
    st.cache_resource.clear()


@pytest.fixture
def service(monkeypatch) -> FakeService:
    fake = FakeService()
    serve(monkeypatch, fake)
    return fake


@pytest.fixture
def running(home):
    """A job whose process lives, as far as anybody can see."""
    write_job(home, "train")
    descriptor = JobLock(home / "jobs" / "lock").take("20260101-train")
    yield
    os.close(descriptor)
