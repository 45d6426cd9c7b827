"""Train: a model of one's own, watched live in a process of its own, then measured against the one in use."""

from __future__ import annotations

import streamlit as st

from mmrec_core import service as core
from mmrec_core.charts.training import training_curves
from mmrec_core.errors import MMRecError
from mmrec_core.jobs.desk import JobDesk
from mmrec_core.types import Job, JobStatus
from pages._ui import cache, job_panel, movie_models, shell, train_compare, train_form
from pages._ui.language import say


def main() -> None:
    """One run of the page; an error of the core is shown as it is."""
    service = shell.bootstrap("Train")
    st.html(f'<h1 class="mm-h1">{say("Train a model of your own")}</h1>')
    try:
        draw(service)
    except MMRecError as error:
        shell.problem(error)


def draw(service: core.Service) -> None:
    """The latest training, the form while none runs, and how trained bundles compare; first of what has just ended."""
    train_form.keep()
    desk = cache.jobs()
    job = desk.latest(train_form.KIND)
    if job is not None:
        job_panel.draw(desk, job, curves)
    other = desk.latest("evaluate")
    if other is not None and other.running:
        job_panel.draw(desk, other)
    finished = job is not None and job.status is JobStatus.FINISHED
    if job is not None and finished:
        compare(service, desk, job.about.get("catalogue", train_form.OPEN_MEDIA))
    if job is None or not job.running:
        train_form.draw(service, desk)
    if not finished:
        compare(service, desk, train_form.catalogue())


def compare(service: core.Service, desk: JobDesk, catalogue: str) -> None:
    """What was trained of this catalogue beside what is in use."""
    if catalogue == train_form.MOVIELENS:
        movie_models.compare()
    else:
        train_compare.draw(service, desk)


def curves(job: Job) -> None:
    """Loss and validation so far."""
    if not job.epochs:
        if job.running:
            st.html(f'<div class="mm-small">{say("The curves appear with the first epoch.")}</div>')
        return
    best = max(job.epochs, key=lambda epoch: epoch.score)
    latest = job.epochs[-1]
    words = say(
        "Epoch {n}: validation {score:.4f}; best {best:.4f} at epoch {best_n}; {seconds:.0f} s an epoch. "
        "The best epoch is kept, not the last.",
        n=latest.number,
        score=latest.score,
        best=best.score,
        best_n=best.number,
        seconds=latest.seconds,
    )
    st.html(f'<div class="mm-small">{words}</div>')
    st.plotly_chart(
        training_curves(job.epochs, shell.template(), say), width="stretch", key="mm-train-curves", config=PLAIN
    )


PLAIN = {"displayModeBar": False}

main()
