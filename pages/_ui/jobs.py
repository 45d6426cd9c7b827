"""Long work of a session, in a background thread that never touches streamlit: progress, a Stop button, one at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable
from time import monotonic
from typing import Any, TypeVar

import pandas  # noqa: F401 - plotly uses it as soon as it is half imported, which a thread must therefore not begin
import streamlit as st

from mmrec_core.errors import MMRecError, StoppedError
from mmrec_core.explain.ticks import listening
from mmrec_core.types import told
from pages._ui import shell, state
from pages._ui.language import say, tell

log = logging.getLogger(__name__)
T = TypeVar("T")
QUICK = 0.3
"""Seconds that a run is waited for before progress is shown: what is done by then needs none."""
TICK = 0.7
"""Seconds between two looks at the progress."""


class Job:
    """One piece of work. ``evaluations`` of the model are counted as they begin, of about ``expected``.

    Args:
        asked: what tells this work from other work.
        title: what it is called while it runs.
        work: does it; anything that scores inside can be stopped between two batches.
        expected: about how many evaluations it takes; 0 where nobody knows.
    """

    def __init__(self, asked: Hashable, title: str, work: Callable[[], object], expected: int = 0) -> None:
        self.asked, self.title, self.expected = asked, title, expected
        self.evaluations = 0
        self.result: object = None
        self.problem: str | None = None
        self.begun = monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(work,), name="mmrec-explain", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """True while the thread works."""
        return self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        """True from a press on Stop on."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask the work to end before its next batch."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Return when the work is done, or after so many seconds."""
        self._thread.join(seconds)

    def _heard(self, evaluations: int) -> None:
        if self._stop.is_set():
            raise StoppedError(told("Stopped. Nothing of it was kept; press the button to run it again."))
        self.evaluations += evaluations

    def _run(self, work: Callable[[], object]) -> None:
        try:
            with listening(self._heard):
                self.result = work()
        except MMRecError as error:
            self.problem = error.message
        except Exception as error:
            log.exception("%s broke", self.title)
            self.problem = told(
                "This ended unexpectedly ({kind}). Everything else on this page still works; the server’s log says more.",
                kind=type(error).__name__,
            )
            raise


def run(asked: Hashable, title: str, work: Callable[[], T], *, pressed: bool, expected: int = 0) -> T | None:
    """What ``work`` found, from memory or once it is done; None until then. ``bar`` draws its progress.

    Args:
        asked: names the work; its result is remembered under it for the session.
        title: shown while it runs.
        work: must not touch streamlit.
        pressed: True where it is to be started now; it takes the place of whatever this session was running.
        expected: about how many evaluations it takes.
    """
    found = state.found_for(asked)
    if found is not None:
        return found
    job = state.job()
    if pressed and not (job is not None and job.running and job.asked == asked):
        if job is not None:
            _put_away(job)
        job = Job(asked, title, work, expected)
        state.set_job(job)
        job.wait(QUICK)
        if job.running:
            # The whole page: the bar lies outside the section, since a polled fragment inside another gets lost. Only by
            # the run that starts the job: after a click in this wait, the script was seen to run on for as long as the job.
            st.rerun()
    if job is None or job.asked != asked or job.running:
        return None
    return _taken(job)


def run_by_itself(asked: Hashable, title: str, work: Callable[[], T]) -> T | None:
    """``run`` for quick work that needs no button; while something else runs, it says that it waits."""
    job = state.job()
    busy = job is not None and job.running and job.asked != asked
    found = run(asked, title, work, pressed=job is None or not (job.running or job.asked == asked))
    if found is None and busy:
        st.caption(say("This starts when what runs above has ended."))
    return found


def bar() -> None:
    """Progress and Stop of what this session runs, whichever section is looked at; nothing where nothing runs.

    Its place is kept while it is empty. Streamlit names a fragment by where it stands on the page: were the sections below
    to move as the bar appears, a click into them during that run would ask for a fragment that is no longer there.
    """
    job = state.job()
    with st.container():
        if job is not None and job.running:
            _watch(job)


def _put_away(job: Job) -> None:
    """Make room for other work: what is done is remembered, though nobody looked at it yet; what is not is stopped."""
    if job.running:
        job.stop()
    elif job.problem is None:
        state.keep_found(job.asked, job.result)


def _taken(job: Job) -> Any:
    """The result of what has ended, now remembered; or why there is none."""
    if job.problem is not None:
        if job.stopping:
            st.info(tell(job.problem), icon=":material/stop_circle:")
        else:
            shell.problem(MMRecError(job.problem))
        return None
    state.keep_found(job.asked, job.result)
    state.set_job(None)
    return job.result


@st.fragment(run_every=TICK)
def _watch(job: Job) -> None:
    """Progress and Stop, looked at again every moment; the page is drawn anew when the work has ended."""
    if not job.running:
        st.rerun()
    seconds = monotonic() - job.begun
    counted = say("{n:,} evaluations", n=job.evaluations) if job.evaluations else say("waiting for the model")
    text = f"{job.title} · {counted} · {say('{seconds:.0f} s', seconds=seconds)}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="mm-job"):
        share = min(job.evaluations / job.expected, 0.98) if job.expected else 0.0
        st.progress(share, text=say("Stopping after this batch …") if job.stopping else text)
        st.button(say("Stop"), icon=":material/stop:", key="mm-job-stop", on_click=job.stop, disabled=job.stopping)
