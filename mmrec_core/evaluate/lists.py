"""What lists are like beyond being right: how different their items are, how much of the catalogue they show, how evenly."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mmrec_core import metrics
from mmrec_core.training.lines import ALL, LIST_LENGTH, Line, Rows, Scorer, has
from mmrec_core.types import FUSED, Cell, Interval, Modality

Lists = NDArray[np.int64]


def top_lists(
    scorer: Scorer, held_out: Rows, gallery: Rows, presence: NDArray[np.bool_]
) -> dict[Modality, tuple[Rows, Lists]]:
    """By modality of the query, who asks and the ten best of the gallery (q, 10), as columns of it."""
    found = {}
    for modality in FUSED:
        queries = held_out[has(presence[held_out], (modality,), every=True)]
        scores = scorer(queries, (modality,), gallery, ALL) if len(queries) else None
        if scores is not None:
            found[modality] = queries, metrics.top_k(scores, LIST_LENGTH)
    return found


def variety_lines(lists: Mapping[Modality, tuple[Rows, Lists]], vectors: NDArray[np.float32]) -> list[Line]:
    """Diversity and novelty of each list.

    Args:
        lists: of one method; nobody has chosen items of a catalogue yet, so being shown in its lists stands for popularity.
        vectors: (gallery, d) unit vectors that no method was trained on.
    """
    found = []
    for modality, (queries, top) in lists.items():
        shown = exposure(top, len(vectors))
        measured = {"diversity": metrics.diversity(top, vectors), "novelty": metrics.novelty(top, shown, len(top))}
        found += [Line(f"{modality} {name}@{LIST_LENGTH}", values, queries) for name, values in measured.items()]
    return found


def exposure(top: Lists, items: int) -> NDArray[np.int64]:
    """In how many lists each of the items stands."""
    return np.bincount(top.ravel(), minlength=items)


def exposure_cells(method: str, lists: Mapping[Modality, tuple[Rows, Lists]], gallery_size: int) -> list[Cell]:
    """Coverage of the gallery and Gini index of exposure: one figure for all lists of a modality, hence no interval."""
    cells = []
    for modality, (queries, top) in lists.items():
        shown = exposure(top, gallery_size)
        figures = {"coverage": metrics.coverage(shown), "Gini": metrics.gini(shown)}
        cells += [
            Cell(method, f"{modality} {name}@{LIST_LENGTH}", Interval.exact(value, len(queries)))
            for name, value in figures.items()
        ]
    return cells
