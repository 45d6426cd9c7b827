"""The smallest set of parts whose removal reaches a goal: pure search, no model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

TRIALS = 4000
"""How many sets of one size may be tried in order to prove that none of them does it."""

Lead = Callable[[NDArray[np.bool_]], NDArray[np.float64]]
"""Rows of kept parts (n_rows, n_parts) -> how far each row is from the goal (n_rows,); reached where below zero."""


@dataclass(frozen=True)
class Removal:
    """``parts`` are numbers of removed parts; ``smallest`` is True where every smaller set was tried and fails."""

    parts: tuple[int, ...]
    succeeded: bool
    smallest: bool
    evaluations: int


class _Search:
    """Counts what it asks for."""

    def __init__(self, lead: Lead, n: int) -> None:
        self.lead, self.n, self.evaluations = lead, n, 0

    def leads(self, sets: Iterable[tuple[int, ...]]) -> NDArray[np.float64]:
        """Distance to the goal without the parts of each set."""
        rows = list(sets)
        keep = np.ones((len(rows), self.n), dtype=bool)
        for row, gone in zip(keep, rows, strict=True):
            row[list(gone)] = False
        self.evaluations += len(rows)
        return np.asarray(self.lead(keep), dtype=np.float64)


def smallest_removal(lead: Lead, n: int, most: int, trials: int = TRIALS) -> Removal:
    """Remove greedily what brings the goal nearest, put back what is not needed, then try all smaller sets if they are few.

    The first greedy round tries every part alone, so a removal of one or two parts is always proven smallest; a larger one
    where no size below it has more than ``trials`` sets. What is returned is minimal in any case: no part can be put back.

    Args:
        lead: distance to the goal, see ``Lead``. An infinite lead marks a set that may not be removed.
        n: number of parts.
        most: how many parts may be removed at once.
        trials: see above.

    Returns:
        The removal, or with ``succeeded=False`` the greedy set that came closest; deterministic, the first of equals wins.
    """
    search = _Search(lead, n)
    parts, reached = _greedy(search, min(most, n))
    if not reached:
        return Removal(parts, False, False, search.evaluations)
    parts = _pruned(search, parts)
    for size in range(2, len(parts)):
        if comb(n, size) > trials:
            return Removal(parts, True, False, search.evaluations)
        sets = list(combinations(range(n), size))
        leads = search.leads(sets)
        if leads.min() < 0:
            return Removal(sets[int(leads.argmin())], True, True, search.evaluations)
    return Removal(parts, True, True, search.evaluations)


def _greedy(search: _Search, most: int) -> tuple[tuple[int, ...], bool]:
    """Parts in the order of removal, and whether they reach the goal; without success, the set that came nearest."""
    removed: tuple[int, ...] = ()
    nearest: tuple[float, tuple[int, ...]] = (np.inf, ())
    while len(removed) < most:
        sets = [(*removed, part) for part in range(search.n) if part not in removed]
        leads = search.leads(sets)
        best = int(leads.argmin())
        removed = sets[best]
        if leads[best] < 0:
            return removed, True
        if not np.isfinite(leads[best]):
            break
        nearest = min(nearest, (float(leads[best]), removed))
    return nearest[1], False


def _pruned(search: _Search, parts: tuple[int, ...]) -> tuple[int, ...]:
    """Put back, from the first removed to the last, each part that the goal does not need."""
    for part in parts:
        fewer = tuple(p for p in parts if p != part)
        if fewer and search.leads([fewer])[0] < 0:
            parts = fewer
    return tuple(sorted(parts))
