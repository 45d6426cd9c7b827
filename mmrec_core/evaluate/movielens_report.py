"""The MovieLens table for a terminal: one row a method, the lead of the model beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmrec_core.types import Evaluation, Interval

if TYPE_CHECKING:
    from rich.table import Table

SHOWN = ("NDCG@10", "Recall@10", "Hit rate@10", "MAP@10", "NDCG@20", "Recall@20", "NDCG@50", "Diversity@10",
         "Novelty@10", "Serendipity@10", "Coverage@10", "Entropy@10", "Gini@10")  # fmt: skip
"""Lines of the table; ``--json`` gives all."""
SELECTED_BY = "NDCG@10"


def movielens_table(evaluation: Evaluation) -> Table:
    """Means with the interval and the lead of the line that everything is selected by."""
    from rich.table import Table

    users = evaluation.split["users"]
    title = f"{evaluation.protocol}: {users:,} users; lead = {evaluation.reference} minus the method, paired by user"
    first, *others = SHOWN
    table = Table("method", f"{first} [95%]", "lead [95%]", *others, title=title)
    for method in evaluation.methods:
        cell = evaluation.cell(method, SELECTED_BY)
        rest = [evaluation.cell(method, line) for line in others]
        own, lead = (cell.value, cell.lead) if cell else (None, None)
        table.add_row(method, _text(own), _text(lead, "+"), *[f"{c.value.mean:.4f}" if c else "-" for c in rest])
    return table


def _text(value: Interval | None, sign: str = "") -> str:
    if value is None:
        return "-"
    return f"{value.mean:{sign}.4f} [{value.low:{sign}.4f}, {value.high:{sign}.4f}]"
