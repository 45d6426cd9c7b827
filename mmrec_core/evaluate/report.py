"""The table of an evaluation: every method on every line, with intervals and paired differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mmrec_core.metrics import Interval, bootstrap
from mmrec_core.training.lines import Line, Rows, Scorer, category_lines, retrieval_lines

if TYPE_CHECKING:
    from rich.table import Table

FUSION = "fusion"


@dataclass(frozen=True)
class Cell:
    """One method on one line. ``lead`` is the fusion's mean minus this method's, paired by query; None for the fusion."""

    method: str
    line: str
    value: Interval
    lead: Interval | None


def evaluate_methods(
    methods: Mapping[str, Scorer], held_out: Rows, gallery: Rows, presence: np.ndarray, categories: Rows,
    tick: Callable[[str], None] = lambda _: None,
) -> list[Cell]:  # fmt: skip
    """Run every method on the same queries. ``methods`` must hold FUSION; undefined lines are left out."""
    values: dict[str, dict[str, Line]] = {}
    for name, scorer in methods.items():
        tick(name)
        lines = retrieval_lines(scorer, held_out, presence)
        lines += category_lines(scorer, held_out, gallery, presence, categories)
        values[name] = {line.name: line for line in lines}
    own = values[FUSION]
    return [
        Cell(name, line.name, bootstrap(line.values), None if name == FUSION else _lead(own[line.name], line))
        for name, lines in values.items()
        for line in lines.values()
    ]


def _lead(own: Line, other: Line) -> Interval:
    return bootstrap(own.values - other.values)


def cells_json(cells: list[Cell]) -> dict[str, Any]:
    """``{line: {method: {mean, low, high, n, lead}}}``, rounded to four places."""
    table: dict[str, Any] = {}
    for cell in cells:
        entry: dict[str, Any] = {k: _rounded(v) for k, v in asdict(cell.value).items()}
        if cell.lead is not None:
            entry["lead"] = {k: _rounded(v) for k, v in asdict(cell.lead).items() if k != "n"}
        table.setdefault(cell.line, {})[cell.method] = entry
    return table


def _rounded(value: float) -> float:
    return value if isinstance(value, int) else round(value, 4)


def report_table(cells: list[Cell]) -> Table:
    """Means and intervals, one row a line, one column a method."""
    from rich.table import Table

    methods = list(dict.fromkeys(cell.method for cell in cells))
    table = Table("held-out line", "queries", *methods)
    for line in dict.fromkeys(cell.line for cell in cells):
        found = {cell.method: cell.value for cell in cells if cell.line == line}
        texts = [f"{v.mean:.3f} [{v.low:.2f}, {v.high:.2f}]" if (v := found.get(m)) else "-" for m in methods]
        table.add_row(line, str(next(iter(found.values())).n), *texts)
    return table
