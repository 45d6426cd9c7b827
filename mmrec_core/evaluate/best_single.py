"""Is a fusion worth it? On every subset of modalities: the fusion against the best that one of them alone reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mmrec_core.evaluate.robustness import SUBSET_MEASURE, SUBSETS, Precision, subset_line
from mmrec_core.metrics import bootstrap
from mmrec_core.training.lines import Rows, Scorer
from mmrec_core.types import FUSED, Cell, Evaluation, Interval, Modality

if TYPE_CHECKING:
    from rich.table import Table

BEST_SINGLE = "best single modality"


def best_single_cells(
    methods: Mapping[str, Scorer], reference: Mapping[str, Cell], asked: Mapping[str, Rows], measure: Precision
) -> list[Cell]:
    """By subset, the best mean of one of its modalities alone, asked with the same queries, whichever method it is.

    It is picked with the queries' own outcomes in sight, so it is an upper bound and the fusion's lead a lower one.

    Args:
        methods: that may be the best, the reference among them; of a subset of one modality the others only.
        reference: the reference's cells by line; asked: the rows behind each line.
    """
    own = next(iter(methods))
    cells = []
    for subset in SUBSETS:
        line = subset_line(subset)
        if line not in reference:
            continue
        rivals = {name: scorer for name, scorer in methods.items() if len(subset) > 1 or name != own}
        found = _alone(rivals, subset, asked[line], measure)
        if found:
            who = max(found, key=lambda name: found[name].mean())
            lead = bootstrap(np.array(reference[line].values) - found[who])
            cells.append(Cell(BEST_SINGLE, line, bootstrap(found[who]), lead, tuple(found[who].tolist()), who))
    return cells


def _alone(
    methods: Mapping[str, Scorer], subset: Sequence[Modality], queries: Rows, measure: Precision
) -> dict[str, np.ndarray]:
    """``modality, method`` -> one value a query."""
    found = {}
    for modality in subset:
        only = np.tile([m == modality for m in FUSED], (len(queries), 1))
        for name, scorer in methods.items():
            values = measure(scorer, queries, only)
            if values is not None:
                found[f"{modality}, {name}"] = values
    return found


def subset_table(evaluation: Evaluation) -> Table:
    """One row a subset: the fusion, the best single modality, and the fusion's paired lead over it and every other method."""
    from rich.table import Table

    others = [m for m in evaluation.methods if m not in (evaluation.reference, BEST_SINGLE)]
    leads = [f"lead over {name} [95%]" for name in (BEST_SINGLE, *others)]
    table = Table("asked with", "queries", evaluation.reference, BEST_SINGLE, *leads, title=SUBSET_MEASURE)
    for line in subset_lines(evaluation):
        own, best = evaluation.cell(evaluation.reference, line), evaluation.cell(BEST_SINGLE, line)
        if own is not None and best is not None:
            rest = [evaluation.cell(name, line) for name in others]
            texts = [lead_text(cell.lead if cell else None) for cell in (best, *rest)]
            single = f"{best.value.mean:.3f} ({best.note})"
            subset = line.removesuffix(f" {SUBSET_MEASURE}")
            table.add_row(subset, str(own.value.n), f"{own.value.mean:.3f}", single, *texts)
    return table


def subset_lines(evaluation: Evaluation) -> list[str]:
    """Lines that ask with one subset of modalities."""
    return [line for line in evaluation.lines if line.endswith(SUBSET_MEASURE)]


def lead_text(lead: Interval | None) -> str:
    """``+0.012 [+0.003, +0.021]``; a dash where the method has no such line."""
    return "-" if lead is None else f"{lead.mean:+.3f} [{lead.low:+.3f}, {lead.high:+.3f}]"
