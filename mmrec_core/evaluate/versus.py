"""One evaluated model against another: paired by query, line by line, and in one verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmrec_core.evaluate.words import is_accuracy
from mmrec_core.metrics import bootstrap
from mmrec_core.types import Cell, Evaluation, Interval, Sentence, told

DRAWS = 1000
VERDICTS = {1: "Better than the one in use", -1: "Worse than the one in use", 0: "No clear difference"}
"""By the side of zero on which the interval of the difference lies."""


@dataclass(frozen=True)
class LineDifference:
    """One line of two models: what each reaches, and the paired difference (the first minus the second)."""

    line: str
    first: Interval
    second: Interval
    difference: Interval


@dataclass(frozen=True)
class Versus:
    """Two models on the queries that both were asked.

    Args:
        lines: every line of accuracy that both have.
        overall: difference of the means over lines, its interval from drawing queries (items), each with all its lines.
    """

    lines: tuple[LineDifference, ...]
    overall: Interval

    @property
    def sentence(self) -> Sentence:
        """The verdict in plain words."""
        sides = [line.difference.side for line in self.lines]
        mean, low, high = (
            f"{value:+.3f}".replace("-", "−") for value in (self.overall.mean, self.overall.low, self.overall.high)
        )
        return told(
            "{verdict}: {mean} on average over {lines} lines (95% interval {low} to {high}); clearly better on {better}, "
            "clearly worse on {worse}, undecided on {undecided}.",
            verdict=told(VERDICTS[self.overall.side]),
            mean=mean,
            lines=len(self.lines),
            low=low,
            high=high,
            better=sides.count(1),
            worse=sides.count(-1),
            undecided=sides.count(0),
        )


def versus(first: Evaluation, second: Evaluation) -> Versus | None:
    """Compare the reference methods of two evaluations; None where they share no line with kept values."""
    lines, columns = [], []
    for line in filter(is_accuracy, first.lines):
        pair = _paired(first, second, line)
        if pair is not None:
            ids, a, b = pair
            lines.append(LineDifference(line, bootstrap(a), bootstrap(b), bootstrap(a - b)))
            columns.append(dict(zip(ids, (a - b).tolist(), strict=True)))
    return Versus(tuple(lines), _overall(columns)) if lines else None


Paired = tuple[list[str], NDArray[np.float64], NDArray[np.float64]]


def _paired(first: Evaluation, second: Evaluation, line: str) -> Paired | None:
    """Ids and both models' values of the queries that both were asked."""
    here, there = (_by_query(e.cell(e.reference, line), e, line) for e in (first, second))
    ids = [query for query in here if query in there]
    return (ids, np.array([here[i] for i in ids]), np.array([there[i] for i in ids])) if ids else None


def _by_query(cell: Cell | None, evaluation: Evaluation, line: str) -> dict[str, float]:
    return dict(zip(evaluation.queries.get(line, ()), cell.values, strict=False)) if cell else {}


def _overall(columns: list[dict[str, float]], seed: int = 0) -> Interval:
    """Mean over lines of the mean over queries; queries are drawn with all their lines, since those are not independent."""
    ids = list(dict.fromkeys(query for column in columns for query in column))
    values = np.array([[column.get(query, np.nan) for column in columns] for query in ids])
    there = ~np.isnan(values)
    filled = np.nan_to_num(values)
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(len(ids), np.full(len(ids), 1 / len(ids)), DRAWS).astype(float)
    means = ((weights @ filled) / np.maximum(weights @ there, 1)).mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float((filled.sum(0) / there.sum(0)).mean()), float(low), float(high), len(ids))
