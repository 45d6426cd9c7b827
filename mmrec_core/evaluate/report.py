"""The table of an evaluation: every method on every line, with intervals and paired differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from mmrec_core.metrics import bootstrap
from mmrec_core.training.lines import Line, Rows, Scorer, category_lines, retrieval_lines
from mmrec_core.types import Cell, Evaluation, Interval

if TYPE_CHECKING:
    from rich.table import Table

FUSION = "fusion"
PLACES = 4
"""Decimal places of what is written down."""


def evaluate_methods(
    methods: Mapping[str, Scorer], held_out: Rows, gallery: Rows, presence: np.ndarray, categories: Rows,
    tick: Callable[[str], None] = lambda _: None,
) -> dict[str, list[Line]]:  # fmt: skip
    """Run every method on the same queries; undefined lines are left out."""
    values = {}
    for name, scorer in methods.items():
        tick(name)
        lines = retrieval_lines(scorer, held_out, presence)
        values[name] = lines + category_lines(scorer, held_out, gallery, presence, categories)
    return values


def compare(values: Mapping[str, Sequence[Line]], reference: str) -> tuple[Cell, ...]:
    """Cells of every method's lines, in order. A method leads on no line that the reference lacks.

    Args:
        values: lines by method, the reference among them; every method's queries of a line are the same.
        reference: the method that leads are relative to.
    """
    own = {line.name: line for line in values[reference]}
    return tuple(
        Cell(name, line.name, bootstrap(line.values), _lead(own.get(line.name), line) if name != reference else None,
             tuple(np.round(line.values, PLACES).tolist()))
        for name, lines in values.items()
        for line in lines
    )  # fmt: skip


def _lead(own: Line | None, other: Line) -> Interval | None:
    return None if own is None else bootstrap(own.values - other.values)


def figures(evaluation: Evaluation) -> dict[str, Any]:
    """``{line: {method: {mean, low, high, n, lead}}}``, rounded to four places."""
    table: dict[str, Any] = {}
    for cell in evaluation.cells:
        entry: dict[str, Any] = {k: _rounded(v) for k, v in asdict(cell.value).items()}
        if cell.lead is not None:
            entry["lead"] = {k: _rounded(v) for k, v in asdict(cell.lead).items() if k != "n"}
        if cell.note:
            entry["note"] = cell.note
        table.setdefault(cell.line, {})[cell.method] = entry
    return table


def _rounded(value: float) -> float:
    return value if isinstance(value, int) else round(value, PLACES)


def report_table(evaluation: Evaluation) -> Table:
    """Means and intervals, one row a line, one column a method."""
    from rich.table import Table

    table = Table(f"{evaluation.protocol} line", "queries", *evaluation.methods)
    for line in evaluation.lines:
        found = {cell.method: cell.value for cell in evaluation.cells if cell.line == line}
        texts = [interval_text(found.get(method)) for method in evaluation.methods]
        table.add_row(line, str(next(iter(found.values())).n), *texts)
    return table


def interval_text(value: Interval | None) -> str:
    """``0.812 [0.78, 0.84]``, without brackets where there is no interval, a dash where there is nothing."""
    if value is None:
        return "-"
    return f"{value.mean:.3f}" + (f" [{value.low:.2f}, {value.high:.2f}]" if value.low < value.high else "")
