"""What is left when modalities are missing: rates of missing, every subset of modalities, the worst subset's retention."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mmrec_core import metrics
from mmrec_core.evaluate.report import compare
from mmrec_core.training.lines import ALL, LIST_LENGTH, Line, Rows, Scorer, has
from mmrec_core.types import FUSED, Cell, Curve, Interval, Modality

PROTOCOL = "robustness"
RATES = (0.0, 0.2, 0.4, 0.6, 0.8)
AT_RANDOM = "any, at random"
SUBSET_MEASURE = f"category P@{LIST_LENGTH}"
RETENTION = "worst-subset retention"
KINDS = 1 + len(FUSED)
"""What can go missing: any modality, or one in particular."""
SUBSETS: tuple[tuple[Modality, ...], ...] = tuple(
    chosen for size in range(1, len(FUSED) + 1) for chosen in combinations(FUSED, size)
)
"""Every coalition of modalities that is not empty, small ones first."""
Presence = NDArray[np.bool_]
Kept = Presence
"""(queries, modalities): what each query still holds."""


class Precision:
    """Category precision at 10 of queries that each hold modalities of their own, among a fixed gallery.

    Args:
        categories: of all rows; gallery: rows that are ranked, with all they hold.
    """

    def __init__(self, categories: Rows, gallery: Rows) -> None:
        self.categories, self.gallery = categories, gallery

    def __call__(self, scorer: Scorer, queries: Rows, kept: Kept) -> NDArray[np.float64] | None:
        """One value a query; None where the method cannot score some subset. Queries of one subset are scored together."""
        values = np.empty(len(queries))
        for subset in np.unique(kept, axis=0):
            mine = (kept == subset).all(axis=1)
            asked = [m for m, there in zip(FUSED, subset, strict=True) if there]
            scores = scorer(queries[mine], asked, self.gallery, ALL)
            if scores is None:
                return None
            top = metrics.top_k(scores, LIST_LENGTH)
            values[mine] = metrics.category_precision(
                top, self.categories[self.gallery], self.categories[queries[mine]]
            )
        return values


def drop_at_random(presence: Presence, rate: float, seed: int) -> Kept:
    """Drop each modality with probability ``rate``; a query that would lose all keeps one of its own, by chance."""
    rng = np.random.default_rng(seed)
    lots = np.where(presence, rng.random(presence.shape), -1.0)
    last = lots == lots.max(axis=1, keepdims=True)
    return presence & ((lots >= rate) | last)


def drop_one(presence: Presence, modality: Modality, rate: float, seed: int) -> Kept:
    """Drop one modality from a share ``rate`` of the queries, chosen by chance; the others keep all."""
    column = FUSED.index(modality)
    kept = presence.copy()
    kept[:, column] &= np.random.default_rng(seed).random(len(presence)) >= rate
    return kept


def missing_curves(
    methods: Mapping[str, Scorer], queries: Rows, presence: Presence, measure: Precision, seed: int,
    tick: Callable[[], None] = lambda: None,
) -> list[Curve]:  # fmt: skip
    """Precision as modalities go missing from the queries: any of them at random, and one of them wholly.

    Only queries that hold two modalities or more are asked (with the one in question among them), so that something is left.
    """
    several = queries[presence[queries].sum(axis=1) > 1]
    plans: dict[str, tuple[Rows, Callable[..., Kept]]] = {AT_RANDOM: (several, drop_at_random)}
    for modality in FUSED:
        holding = several[has(presence[several], (modality,), every=True)]
        plans[str(modality)] = holding, partial(drop_one, modality=modality)
    curves = []
    for kind, (asking, drop) in plans.items():
        for name, scorer in methods.items():
            tick()
            values = (
                [measure(scorer, asking, drop(presence[asking], rate=rate, seed=seed)) for rate in RATES]
                if len(asking)
                else []
            )
            found = tuple(metrics.bootstrap(v) for v in values if v is not None)
            if len(found) == len(RATES):
                curves.append(Curve(name, SUBSET_MEASURE, kind, RATES, found))
    return curves


def subset_cells(
    methods: Mapping[str, Scorer], queries: Rows, presence: Presence, measure: Precision, reference: str
) -> tuple[tuple[Cell, ...], dict[str, Rows]]:
    """Every subset of modalities as the whole query, and what the worst of them retains.

    A subset is asked of the queries that hold all of it. Its retention is its precision relative to that of the same
    queries with everything they hold; the line ``worst-subset retention`` is the smallest of these.

    Returns:
        cells, and by line the rows that asked.
    """
    lines: dict[str, list[Line]] = {name: [] for name in methods}
    retained: dict[str, list[float]] = {name: [] for name in methods}
    for subset in SUBSETS:
        asking = queries[has(presence[queries], subset, every=True)]
        only = np.zeros((len(asking), len(FUSED)), bool)
        only[:, [FUSED.index(m) for m in subset]] = True
        for name, scorer in methods.items() if len(asking) else ():
            values, whole = measure(scorer, asking, only), measure(scorer, asking, presence[asking])
            if values is not None:
                lines[name].append(Line(subset_line(subset), values, asking))
            if values is not None and whole is not None:
                retained[name].append(float(values.mean() / max(whole.mean(), 1e-9)))
    cells = compare({name: found for name, found in lines.items() if found}, reference)
    worst = [
        Cell(name, RETENTION, Interval.exact(min(ratios), len(queries)))
        for name, ratios in retained.items()
        if len(ratios) == len(SUBSETS)
    ]
    return (*cells, *worst), {line.name: line.queries for line in lines[reference]}


def subset_line(subset: Sequence[Modality]) -> str:
    """The name of a subset's line, e.g. ``image + text category P@10``."""
    return f"{' + '.join(map(str, subset))} {SUBSET_MEASURE}"
