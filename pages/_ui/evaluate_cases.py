"""The queries the model does worst on, each one click away from seeing it happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.evaluate.words import is_accuracy, meaning, title
from mmrec_core.types import Evaluation, Item, label
from pages._ui import html, intake, links, shell, state, tiles
from pages._ui.language import say, tell

SHOWN = 12
SUFFIX = {"image": "its picture", "text": "its words", "audio": "its sound"}


def named(line: str) -> str:
    """What a line is called in the language of the interface."""
    return say(label(title(line)))


@dataclass(frozen=True)
class Case:
    """One query: what the model reached, and the best of the other methods."""

    item_id: str
    value: float
    best_other: str
    best_value: float


def draw(service: core.Service, evaluation: Evaluation) -> None:
    """Choose a line; its worst cases as tiles."""
    lines = [line for line in evaluation.lines if line in evaluation.queries and is_accuracy(line)]
    line = st.selectbox(say("Line"), lines, key="mm-case-line", format_func=named, width=320)
    order = say("Worst first; of equally bad ones, those that another method gets right.")
    st.html(f'<div class="mm-small">{html.escape(tell(meaning(line)))} {order}</div>')
    grid = st.grid("auto", min_column_width=tiles.TILE_WIDTH, gap="small", key="mm-cases")
    for number, case in enumerate(worst(evaluation, line)):
        with grid.container(border=True, height="stretch", gap="xsmall", key=f"mm-tile-case-{number}"):
            _tile(service, case, asked_with(line), number)


def worst(evaluation: Evaluation, line: str, count: int = SHOWN) -> list[Case]:
    """The reference's lowest values on the line; ties go to those that another method does best."""
    own = evaluation.cell(evaluation.reference, line)
    others = [c for c in evaluation.cells if c.line == line and c.method != evaluation.reference and c.values]
    if own is None:
        return []
    cases = []
    for n, (query, value) in enumerate(zip(evaluation.queries[line], own.values, strict=True)):
        best = max(others, key=lambda cell: cell.values[n], default=None)
        cases.append(Case(query, value, best.method if best else "", best.values[n] if best else 0.0))
    return sorted(cases, key=lambda case: (case.value, -case.best_value, case.item_id))[:count]


def asked_with(line: str) -> str:
    """The modality that the queries of a line are made of."""
    return line.replace("->", " ").split()[0]


def _tile(service: core.Service, case: Case, modality: str, number: int) -> None:
    try:
        item = service.item(case.item_id)
    except MMRecError:
        gone = say("{item} is no longer in the catalogue.", item=case.item_id)
        st.html(f'<div class="mm-small">{html.escape(gone)}</div>')
        return
    tiles.frame(service, item)
    other = f" · {html.escape(say(label(case.best_other)))} {case.best_value:.2f}" if case.best_other else ""
    st.html(
        f'<div class="mm-title" title="{html.escape(item.title, quote=True)}">{html.escape(item.title)}</div><span class="mm-chip">{html.escape(say(item.category))}</span>'
        f'<div class="mm-small">{say("model")} <b>{case.value:.2f}</b>{other}</div>'
    )
    if st.button(
        say("Recommend"),
        icon=":material/grid_view:",
        key=f"mm-case-{number}",
        help=say("Ask with {part} on the Recommend page", part=say(SUFFIX.get(modality, "it"))),
    ):
        ask_with(service, item, modality)
        st.switch_page(shell.HOME, query_params=links.parameters())


def ask_with(service: core.Service, item: Item, modality: str) -> None:
    """Make one modality of an item the session's query."""
    state.clear_query()
    takers: dict[str, Callable[[], object]] = {
        "image": lambda: intake.take_item_part(service, "image", item),
        "audio": lambda: intake.take_item_part(service, "audio", item),
        "text": lambda: state.set_text(item.reading),
    }
    takers.get(modality, lambda: state.set_item(item.id))()
