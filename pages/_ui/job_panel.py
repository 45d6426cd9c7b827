"""A job as one sees it: how far it is, what it says, how to stop it and how to go on. It ticks by itself while the job runs."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mmrec_core.errors import MMRecError
from mmrec_core.jobs.desk import JobDesk
from mmrec_core.types import Job, JobStatus
from pages._ui import html, steps
from pages._ui.language import say, tell

TICK_SECONDS = 1.0
LATEST_STEPS = 4
Body = Callable[[Job], None]
"""Draws what is particular to a kind of job, e.g. its curves."""


def draw(desk: JobDesk, job: Job, body: Body | None = None) -> None:
    """The panel; only it is drawn anew while the job runs."""
    ticking = st.fragment(_panel, run_every=TICK_SECONDS if job.running else None)
    ticking(desk, job.id, job.running, body)


def start(desk: JobDesk, kind: str, title: str, arguments: list[str], about: dict[str, str] | None = None) -> None:
    """Start a job from a button (a callback); where another runs, say so."""
    try:
        desk.start(kind, title, arguments, about)
    except MMRecError as error:
        st.toast(tell(error.message), icon=":material/hourglass_top:")


def _panel(desk: JobDesk, job_id: str, was_running: bool, body: Body | None) -> None:
    job = desk.find(job_id)
    if job is None or was_running != job.running:  # cleared or ended: the page around it changes, too
        st.rerun(scope="app")
    with st.container(border=True, key=f"mm-job-{job.kind}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(_headline(job))
            _buttons(desk, job)
        _outcome(job)
        if job.running:
            st.html(f'<div class="mm-steps">{_steps(job)}</div>')
        if body is not None:
            body(job)


def _headline(job: Job) -> str:
    minutes, seconds = divmod(round(job.seconds), 60)
    took = say("{m} min {s:02d} s", m=minutes, s=seconds) if minutes else say("{s} s", s=seconds)
    return (
        f'<div class="mm-job"><b>{html.escape(say(job.title))}</b> <span class="mm-chip mm-is-{job.status}">{say(str(job.status))}</span>'
        f'<span class="mm-small">{took}</span></div>'
    )


def _buttons(desk: JobDesk, job: Job) -> None:
    if job.running:
        stopping = desk.is_stopping(job)
        tip = say("It is told to stop and keeps what is finished.")
        if stopping:
            tip = say("It is told to stop and keeps what is finished. Press again to end it at once.")
        st.button(
            say("Stopping …") if stopping else say("Stop"),
            icon=":material/stop:",
            help=tip,
            key=f"mm-stop-{job.kind}",
            on_click=desk.stop,
            args=(job.id,),
        )
        return
    if job.can_go_on:
        st.button(
            say("Go on"),
            icon=":material/resume:",
            type="primary",
            help=say("Continue from what is finished."),
            key=f"mm-resume-{job.kind}",
            on_click=_resume,
            args=(desk, job.id),
        )
    st.button(
        say("Clear"),
        icon=":material/close:",
        type="tertiary",
        help=say("Take this record away; what was made stays."),
        key=f"mm-clear-{job.kind}",
        on_click=desk.forget,
        args=(job.id,),
    )


def _resume(desk: JobDesk, job_id: str) -> None:
    try:
        desk.resume(job_id)
    except MMRecError as error:
        st.toast(tell(error.message), icon=":material/hourglass_top:")


def _outcome(job: Job) -> None:
    """What to know about a job that ended early."""
    if job.status is JobStatus.STOPPED:
        st.info(say("Stopped. What is finished is kept; “Go on” continues from there."), icon=":material/pause:")
    elif job.status is JobStatus.FAILED:
        st.warning(tell(job.problem or "") or say("It could not go on."), icon=":material/info:")
    elif job.status is JobStatus.CRASHED:
        st.error(
            say(
                "It ended unexpectedly: {problem} What was finished before is kept; “Go on” continues from there.",
                problem=job.problem,
            ),
            icon=":material/error:",
        )


def _steps(job: Job) -> str:
    latest = list(job.progress.values())[-LATEST_STEPS:]
    if not latest:
        note = say("a process of its own, which goes on when this page is closed")
        return steps.row(say("Starting"), note, "active")
    *past, present = latest
    rows = [steps.row(say(p.step), say(p.note), "done") for p in past]
    return "".join([*rows, steps.row(say(present.step), say(present.note), "active", present)])
