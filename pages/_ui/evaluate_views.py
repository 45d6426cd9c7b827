"""The sections of the Evaluate page: figures, missing modalities, slices, interactions."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mmrec_core.charts import evaluation as charts
from mmrec_core.evaluate.best_single import BEST_SINGLE, subset_lines
from mmrec_core.evaluate.robustness import RETENTION, SUBSET_MEASURE
from mmrec_core.evaluate.votes import is_vote
from mmrec_core.evaluate.words import is_accuracy, meaning
from mmrec_core.metrics import bootstrap
from mmrec_core.types import Evaluation, Interval, label
from pages._ui import html, shell, tables
from pages._ui.evaluate_cases import named
from pages._ui.language import say, tell

FEWEST = 8
"""Queries below which a slice says nothing."""
MOST_SLICES = 26
PLAIN = {"displayModeBar": False}


def figures(evaluation: Evaluation) -> None:
    """Accuracy and what else lists are like, and the trade-off between the two."""
    provenance(evaluation)
    right = [line for line in evaluation.lines if is_accuracy(line)]
    beyond = [line for line in evaluation.lines if not is_accuracy(line)]
    st.html(f"<h2>{say('How often it is right')}</h2>{tables.figures(evaluation, right)}")
    if not beyond:
        return
    st.html(f"<h2>{say('Being right against being varied')}</h2>")
    pairs = _trade_offs(evaluation)
    chosen = st.segmented_control(
        say("The query is"),
        list(pairs),
        default=next(iter(pairs)),
        format_func=lambda modality: say(label(modality)),
        required=True,
        key="mm-evaluate-query",
    )
    st.plotly_chart(
        charts.trade_off(evaluation, *pairs[str(chosen)], shell.template(), say),
        width="stretch",
        key="mm-evaluate-trade-off",
        config=PLAIN,
    )
    st.html(f"<h2>{say('What else the lists are like')}</h2>{tables.figures(evaluation, by_measure(beyond))}")


def by_measure(lines: list[str]) -> list[str]:
    """Lines of one measure beside each other, whatever modality asks."""
    measures = list(dict.fromkeys(line.split()[-1] for line in lines))
    return sorted(lines, key=lambda line: measures.index(line.split()[-1]))


def provenance(evaluation: Evaluation) -> None:
    """What was measured, on what, when."""
    parts = say(", ").join(f"{count:,} {say(label(name))}" for name, count in evaluation.split.items())
    seed, took = say("seed {seed}", seed=evaluation.seed), say("{seconds:.0f} s", seconds=evaluation.seconds)
    facts = [evaluation.bundle, parts, seed, took, evaluation.date[:10]]
    how = say(
        "Means with 95% bootstrap intervals over queries; hover over a figure for the paired lead of {reference}, "
        "over a name for what it means.",
        reference=label(evaluation.reference),
    )
    st.html(f'<div class="mm-small">{html.escape(" · ".join(filter(None, [*facts, how])))}</div>')


def robustness(evaluation: Evaluation) -> None:
    """Curves of missing modalities, every subset, and what the worst of them retains."""
    provenance(evaluation)
    retained = evaluation.cell(evaluation.reference, RETENTION)
    if retained is not None:
        words = say(
            "With the worst subset of modalities, {reference} keeps <b>{share:.0%}</b> of the precision it has with everything.",
            reference=html.escape(say(label(evaluation.reference))),
            share=retained.value.mean,
        )
        st.html(f'<p class="mm-sentence">{words}</p>')
    kinds = list(dict.fromkeys(curve.kind for curve in evaluation.curves))
    if kinds:
        kind = st.segmented_control(
            say("What goes missing"),
            kinds,
            default=kinds[0],
            required=True,
            format_func=lambda kind: say(label(kind)),
            key="mm-missing-kind",
        )
        curves = [curve for curve in evaluation.curves if curve.kind == kind]
        chart = charts.missing(curves, evaluation.reference, shell.template(), say)
        st.plotly_chart(chart, width="stretch", key="mm-missing", config=PLAIN)
    subsets = {
        subset: {c.method: c.value for c in evaluation.cells if c.line == line and not is_vote(c.method)}
        for subset, line in _subsets(evaluation).items()
    }
    st.html(f"<h2>{say('Every subset of modalities as the query')}</h2>")
    st.plotly_chart(
        charts.rows(subsets, evaluation.reference, named(SUBSET_MEASURE), shell.template(), say),
        width="stretch",
        key="mm-subsets",
        config=PLAIN,
    )
    _worth(evaluation)
    with st.expander(say("The figures"), icon=":material/table:"):
        st.html(tables.figures(evaluation, evaluation.lines))


def _subsets(evaluation: Evaluation) -> dict[str, str]:
    """Line by what is asked with, e.g. ``image + text``."""
    return {line.removesuffix(f" {SUBSET_MEASURE}"): line for line in subset_lines(evaluation)}


def _worth(evaluation: Evaluation) -> None:
    """What fusing is worth: on every subset, the model's paired lead over the best single modality and over votes."""
    if BEST_SINGLE not in evaluation.methods:
        return
    votes = [method for method in evaluation.methods if is_vote(method, evaluation.reference)]
    leads = [
        cell.lead for line in subset_lines(evaluation) if (cell := evaluation.cell(BEST_SINGLE, line)) and cell.lead
    ]
    st.html(f"<h2>{say('What fusing is worth')}</h2>")
    verdict = say(
        "Lead of {reference} on the same queries. Over the best single modality it is clearly ahead on {ahead} of {total} subsets, "
        "clearly behind on {behind}. Which one is best was picked with the outcomes in sight, so the lead is a lower bound.",
        reference=label(evaluation.reference),
        ahead=sum(lead.side > 0 for lead in leads),
        behind=sum(lead.side < 0 for lead in leads),
        total=len(leads),
    )
    table = tables.leads(evaluation, _subsets(evaluation), [BEST_SINGLE, *votes])
    st.html(f'<div class="mm-small">{html.escape(verdict)}</div>{table}')


def slices(evaluation: Evaluation) -> None:
    """One line, cut by category or source; the weakest slices on top."""
    provenance(evaluation)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        lines = [line for line in evaluation.lines if line in evaluation.queries]
        line = st.selectbox(
            say("Line"),
            lines,
            index=next((n for n, line in enumerate(lines) if "category" in line), 0),
            key="mm-slice-line",
            format_func=named,
            width=320,
        )
        slicing = st.segmented_control(
            say("Cut by"),
            list(evaluation.slices),
            default=next(iter(evaluation.slices)),
            required=True,
            format_func=lambda slicing: say(label(slicing)),
            key="mm-slice-by",
        )
    st.html(
        f'<div class="mm-small">{html.escape(tell(meaning(line)))} '
        f"{say('Slices of fewer than {n} queries are left out.', n=FEWEST)}</div>"
    )
    found = sliced(evaluation, line, str(slicing))
    st.plotly_chart(
        charts.rows(found, evaluation.reference, named(line), shell.template(), say),
        width="stretch",
        key="mm-slices",
        config=PLAIN,
    )


def sliced(evaluation: Evaluation, line: str, slicing: str) -> dict[str, dict[str, Interval]]:
    """slice -> method -> interval, weakest of the reference first."""
    belongs = evaluation.slices[slicing]
    groups = np.array([belongs.get(query, "") for query in evaluation.queries[line]])
    found: dict[str, dict[str, Interval]] = {}
    for group in sorted(set(groups) - {""}):
        inside = groups == group
        if inside.sum() >= FEWEST:
            found[group] = {
                cell.method: bootstrap(np.array(cell.values)[inside])
                for cell in evaluation.cells
                if cell.line == line and len(cell.values) == len(groups)
            }
    weakest = sorted(found, key=lambda group: found[group][evaluation.reference].mean)
    return {group: found[group] for group in weakest[:MOST_SLICES]}


def _trade_offs(evaluation: Evaluation) -> dict[str, tuple[str, str]]:
    """query modality -> (accuracy line, diversity line)."""
    diverse = [line for line in evaluation.lines if " diversity@" in line]
    return {line.split()[0]: (f"{line.split()[0]} category P@10", line) for line in diverse}
