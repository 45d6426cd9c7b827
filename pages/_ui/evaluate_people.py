"""What was measured on people's ratings: many methods, several cut-offs, accuracy beside everything else lists are like."""

from __future__ import annotations

import streamlit as st

from mmrec_core.charts import evaluation as charts
from mmrec_core.evaluate.words import is_accuracy, meaning
from mmrec_core.jobs.desk import JobDesk
from mmrec_core.types import Evaluation, label, told
from pages._ui import evaluate_cases, evaluate_views, html, job_panel, shell, tables
from pages._ui.evaluate_views import PLAIN
from pages._ui.language import say, tell
from pages._ui.splits import SPLITS

PROTOCOL = "movielens"
MAIN, VARIED = "NDCG@10", "Diversity@10"
SLICED = ("profile", "EASE", "popularity")
"""Of the many methods, those that rows of slices show."""
FAILED = "Nothing that they went on to like is among the first ten; first those whom another method serves best."


def draw(desk: JobDesk, evaluations: list[Evaluation], kind: str) -> None:
    """Choose among what was measured, or measure a split."""
    titles = {e.protocol: e for e in reversed(evaluations) if e.protocol.startswith(PROTOCOL)}
    if titles:
        chosen = st.selectbox(say("Protocol"), list(titles), format_func=_named, key="mm-people-protocol", width=320)
        show(titles[chosen])
    else:
        st.html(html.notice("profile", say("No interactions were evaluated yet"), say(WHY)))
    _measure(desk, kind)


def show(evaluation: Evaluation) -> None:
    """The line that everything is selected by, every cut-off, and the rest."""
    evaluate_views.provenance(evaluation)
    right = [line for line in evaluation.lines if is_accuracy(line)]
    beyond = [line for line in evaluation.lines if not is_accuracy(line)]
    if MAIN in right:
        st.html(f"<h2>{MAIN}</h2><div class='mm-small'>{html.escape(tell(meaning(MAIN)))}</div>")
        chart = charts.by_method(evaluation, MAIN, say("{line}, mean over people", line=MAIN), shell.template(), say)
        st.plotly_chart(chart, width="stretch", key="mm-people-main", config=PLAIN)
    cuts = list(dict.fromkeys(line.partition("@")[2] for line in right))
    cut = st.segmented_control(
        say("Length of the list"), cuts, default="10" if "10" in cuts else cuts[0], required=True, key="mm-people-cut"
    )
    st.html(tables.by_method(evaluation, [line for line in right if line.endswith(f"@{cut}")]))
    if {MAIN, VARIED} <= set(evaluation.lines):
        st.html(f"<h2>{say('Being right against being varied')}</h2>")
        chart = charts.trade_off(evaluation, MAIN, VARIED, shell.template(), say)
        st.plotly_chart(chart, width="stretch", key="mm-people-trade-off", config=PLAIN)
    if beyond:
        st.html(f"<h2>{say('What else the lists are like')}</h2>{tables.by_method(evaluation, beyond)}")
    if MAIN in evaluation.queries and evaluation.slices:
        _by_person(evaluation)


def _by_person(evaluation: Evaluation) -> None:
    """How much the figure depends on what is known of a person, and whom it fails."""
    slicing = next(iter(evaluation.slices))
    found = evaluate_views.sliced(evaluation, MAIN, slicing)
    own = {group: {name: by[name] for name in SLICED if name in by} for group, by in found.items()}
    st.html(f"<h2>{say('By how many likes were seen of a person')}</h2>")
    chart = charts.rows(own, evaluation.reference, MAIN, shell.template(), say)
    st.plotly_chart(chart, width="stretch", key="mm-people-slices", config=PLAIN)
    st.html(f"<h2>{say('People it fails')}</h2><div class='mm-small'>{html.escape(say(FAILED))}</div>")
    with st.container(horizontal=True, key="mm-people-worst"):
        for case in evaluate_cases.worst(evaluation, MAIN, 8):
            other = f" · {say(label(case.best_other))} {case.best_value:.2f}" if case.best_other else ""
            name = f"{say('Person {id}', id=case.item_id)}: {case.value:.2f}{other}"
            st.page_link(shell.MOVIES, label=name, icon=":material/person:", query_params={"viewer": case.item_id})


def _named(protocol: str) -> str:
    split = protocol.removeprefix(PROTOCOL).strip()
    return f"MovieLens · {say(SPLITS[split])}" if split in SPLITS else protocol


def _measure(desk: JobDesk, kind: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split = st.selectbox(
            say("Cut the ratings"),
            list(SPLITS),
            format_func=lambda split: say(SPLITS[split]),
            key="mm-people-split",
            width=320,
        )
        st.button(
            say("Measure on MovieLens"),
            icon=":material/straighten:",
            disabled=desk.running() is not None,
            key="mm-people-start",
            on_click=job_panel.start,
            args=(desk, kind, told("Measure on MovieLens, {split}", split=told(SPLITS[split])), [*COMMAND, split]),
        )


COMMAND = ("evaluate", "--catalogue", "movielens", "--json", "--split")
WHY = "Recommendations for people with a history are measured on the ratings of MovieLens-100K, beside the strong simple methods."
