"""What an evaluation found: every method on every line, with intervals and paired leads. Plain data that travels as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Interval:
    """A mean and its 95% bootstrap interval; ``n`` is the number of queries (or users) behind it.

    A figure that is no mean over queries, such as coverage, has ``low == high == mean``.
    """

    mean: float
    low: float
    high: float
    n: int

    @classmethod
    def exact(cls, value: float, n: int) -> Interval:
        """A figure without an interval, made of ``n`` lists."""
        return cls(value, value, value, n)

    @property
    def side(self) -> int:
        """1 where the whole interval lies above zero, -1 where it lies below, 0 where it holds zero."""
        return (self.low > 0) - (self.high < 0)


@dataclass(frozen=True)
class Cell:
    """One method on one line.

    Args:
        method: a name fit to show, e.g. ``fusion``, ``BM25``, ``EASE``.
        line: what is measured, e.g. ``text->image R@10``, ``NDCG@10``.
        value: mean and interval.
        lead: the reference method's mean minus this one's, paired by query; None for the reference itself.
        values: one number a query, in the order of ``Evaluation.queries[line]``; empty where they are not kept.
        note: what the method was on this line, where it was picked among several.
    """

    method: str
    line: str
    value: Interval
    lead: Interval | None = None
    values: tuple[float, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Curve:
    """How one method fares on one line as something grows, e.g. the share of missing modalities.

    Args:
        kind: what grows, e.g. ``missing at random``.
        steps: its amounts, ascending; values: one interval a step.
    """

    method: str
    line: str
    kind: str
    steps: tuple[float, ...]
    values: tuple[Interval, ...]


@dataclass(frozen=True)
class Evaluation:
    """The result of one evaluation, wherever it ran.

    Args:
        protocol: a short name that says how it was measured, e.g. ``held-out``, ``robustness``, ``movielens user-time``.
        bundle: ``name@hash`` of the model bundle, or the name and version of a model without one.
        catalogue: fingerprint of the catalogue or data set.
        reference: the method that every lead is relative to: the model in use.
        cells: methods x lines.
        split: how many items (or interactions) each part holds.
        curves: where the protocol varies something.
        queries: by line, an id for each value: item ids on a catalogue, user ids on interactions.
        slices: by name of a slicing (``category``, ``source``), the slice each query id belongs to.
        seed: of every sampling. seconds: how long it took. date: when, ISO 8601 in UTC.
    """

    protocol: str
    bundle: str
    catalogue: str
    reference: str
    cells: tuple[Cell, ...]
    split: Mapping[str, int] = field(default_factory=dict)
    curves: tuple[Curve, ...] = ()
    queries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    slices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    seed: int = 0
    seconds: float = 0.0
    date: str = ""

    @property
    def methods(self) -> tuple[str, ...]:
        """Names of the methods, in the order they were run."""
        return tuple(dict.fromkeys(cell.method for cell in self.cells))

    @property
    def lines(self) -> tuple[str, ...]:
        """Names of the lines, in the order they were measured."""
        return tuple(dict.fromkeys(cell.line for cell in self.cells))

    def cell(self, method: str, line: str) -> Cell | None:
        """The method on the line, or None where it is not defined."""
        return next((cell for cell in self.cells if (cell.method, cell.line) == (method, line)), None)
