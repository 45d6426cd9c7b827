"""Evaluate: how good the model is, beside simpler ones, on queries it never saw; and where it fails."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.evaluate.robustness import PROTOCOL as ROBUSTNESS
from mmrec_core.evaluate.store import HELD_OUT, newest_by
from mmrec_core.jobs.desk import JobDesk
from mmrec_core.types import Evaluation
from pages._ui import cache, evaluate_cases, evaluate_people, evaluate_views, html, job_panel, navigation, shell
from pages._ui.language import say
from pages._ui.state import Key
from pages._ui.train_compare import bundle_in_use

KIND = "evaluate"
View = Callable[[Evaluation], None]
SECTIONS = ("Figures", "Missing modalities", "By category", "Worst cases", "Interactions")


def main() -> None:
    """One run of the page; an error of the core is shown as it is."""
    service = shell.bootstrap("Evaluate")
    st.html(f'<h1 class="mm-h1">{say("How good is it?")}</h1>')
    try:
        draw(service)
    except MMRecError as error:
        shell.problem(error)


def draw(service: core.Service) -> None:
    """What runs, then what was measured."""
    desk = cache.jobs()
    job = desk.latest(KIND)
    if job is not None and (job.running or job.can_go_on):
        job_panel.draw(desk, job)
    found, name, present = cache.evaluations(), service.bundle_info().name, cache.summary(service).fingerprint
    own = [e for e in found if e.bundle == bundle_in_use(service)]
    mine = newest_by(sorted(own, key=lambda e: e.catalogue != present), lambda e: e.protocol)
    section = choose_section()
    if section == "Interactions":
        evaluate_people.draw(desk, found, KIND)
    elif section == "Missing modalities":
        show(desk, mine.get(ROBUSTNESS), present, measure(MEASURE_ROBUSTNESS, name), evaluate_views.robustness)
    elif section == "By category":
        show(desk, mine.get(HELD_OUT), present, measure(MEASURE, name), evaluate_views.slices)
    elif section == "Worst cases":
        show(desk, mine.get(HELD_OUT), present, measure(MEASURE, name), lambda e: evaluate_cases.draw(service, e))
    else:
        show(desk, mine.get(HELD_OUT), present, measure(MEASURE, name), evaluate_views.figures)


def choose_section() -> str:
    """The address keeps the choice, and the session does while other pages are looked at."""
    asked = st.query_params.get("section", st.session_state.get(Key.SECTION))
    key = "mm-evaluate-section"
    if key not in st.session_state or navigation.through_history():
        st.session_state[key] = asked if asked in SECTIONS else SECTIONS[0]
    chosen = st.segmented_control(
        say("Section"),
        SECTIONS,
        required=True,
        format_func=say,
        key=key,
        label_visibility="collapsed",
    )
    st.query_params["section"] = st.session_state[Key.SECTION] = chosen
    return chosen


def measure(what: tuple[str, list[str], str], bundle: str) -> tuple[str, list[str], str]:
    """The job that measures this bundle."""
    title, words, why = what
    return title, [*words, "--bundle", bundle], why


def show(
    desk: JobDesk, evaluation: Evaluation | None, present: str, what: tuple[str, list[str], str], view: View
) -> None:
    """The view of an evaluation, or a way to make it; of a catalogue other than the ``present`` one, it is said so."""
    title, words, why = what
    if evaluation is None:
        st.html(html.notice("text", say("Not measured yet"), say(why)))
    else:
        if evaluation.catalogue != present:
            st.warning(say(ELSEWHERE), icon=":material/history:")
        view(evaluation)
    st.button(
        say("Measure") if evaluation is None else say("Measure again"),
        type="primary" if evaluation is None else "tertiary",
        icon=":material/straighten:",
        disabled=desk.running() is not None,
        help=say("Runs in the background, in a process of its own; it goes on when this page is closed."),
        key="mm-evaluate-start",
        on_click=job_panel.start,
        args=(desk, KIND, title, words),
    )


ELSEWHERE = "These figures belong to another catalogue than the present one. Measure again to have those of this one."
MEASURE = (
    "Evaluate the model in use",
    ["evaluate", "--json"],
    "Every held-out item is asked for through one modality and must be found through the others; the same queries go to "
    "simpler methods. It takes a few minutes and runs in the background.",
)
MEASURE_ROBUSTNESS = (
    "Measure robustness",
    ["evaluate", "--robustness", "--json"],
    "Modalities are taken away from held-out queries, at random and one at a time, and every subset is asked by itself. "
    "It takes a few minutes and runs in the background.",
)

main()
