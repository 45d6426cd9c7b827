"""Reading a file of interactions (CSV: user, item, rating, timestamp), with every flaw reported by row.

| found | done |
|---|---|
| an item that the catalogue does not hold | the row is left out |
| a rating that is missing or not a number | the row is left out |
| a timestamp that is missing or not a number | the row is left out |
| the same user and item twice | the latest is kept |
| a user's rows that are not in order of time | they are sorted |
| no header, no rows, one user only, nobody likes anything | refused |
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mmrec_core.errors import InteractionsError
from mmrec_core.interactions.ratings import LIKE, Ratings, in_order
from mmrec_core.types import Sentence, told
from mmrec_core.types.sentence import in_a_row

SORTED = "sorted by time"
COLUMNS = ("user", "item", "rating", "timestamp")
SHOWN_ROWS = 5


@dataclass(frozen=True)
class Finding:
    """One kind of flaw: what it is, what was done, and the rows of the file (the header is row 1)."""

    what: str
    done: str
    rows: tuple[int, ...]

    @property
    def sentence(self) -> Sentence:
        """Fit to show a user: count, flaw, what was done, the first row numbers."""
        shown = ", ".join(map(str, self.rows[:SHOWN_ROWS])) + (", ..." if len(self.rows) > SHOWN_ROWS else "")
        words = {"n": len(self.rows), "what": told(self.what), "done": told(self.done), "rows": shown}
        if len(self.rows) == 1:
            return told("{n:,} row with {what}: {done} (row {rows}).", **words)
        return told("{n:,} rows with {what}: {done} (rows {rows}).", **words)


@dataclass(frozen=True)
class Row:
    """One row as read: its number in the file, and its values as numbers where they are."""

    number: int
    user: str
    item: str
    rating: float
    time: float


LATEST = 2.0**53
"""The largest timestamp that is told from its neighbours."""


def read_interactions(path: Path, items: Sequence[str]) -> tuple[Ratings, tuple[Finding, ...]]:
    """Ratings of the known ``items`` (all of them, in that order) and what was repaired.

    Raises:
        InteractionsError: the file cannot be read or lacks a column, or what is left of it has fewer than two users or no like.
    """
    rows = list(_rows(path))
    findings = []
    for what, flawed in _flaws(set(items)):
        hit = [row for row in rows if flawed(row)]
        findings.append(Finding(what, "left out", _numbers(hit)))
        rows = [row for row in rows if not flawed(row)]
    late = _earlier_than_the_row_before(rows)
    rows, twice = _latest_of_each_pair(rows)
    findings.append(Finding("a user and item that come again", "the latest is kept", _numbers(twice)))
    findings.append(Finding("a time before the same user's row above", SORTED, _numbers(late)))
    found = tuple(finding for finding in findings if finding.rows)
    _refuse(path, rows, found)
    return _ratings(rows, items), found


def _rows(path: Path) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            header = [name.strip().lower().removesuffix("_id") for name in next(lines, [])]
            if missing := [name for name in COLUMNS if name not in header]:
                raise InteractionsError(
                    told(
                        "{file} has no column {missing}; it needs the header {columns}.",
                        file=path.name,
                        missing=", ".join(missing),
                        columns=",".join(COLUMNS),
                    )
                )
            places = [header.index(name) for name in COLUMNS]
            for number, line in enumerate(lines, start=2):
                if any(cell.strip() for cell in line):
                    user, item, rating, time = (line[p].strip() if p < len(line) else "" for p in places)
                    yield Row(number, user, item, _number(rating), _number(time))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InteractionsError(
            told("{file} cannot be read as CSV in UTF-8: {error}.", file=path.name, error=error)
        ) from error


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _flaws(known: Collection[str]) -> Iterator[tuple[str, Callable[[Row], bool]]]:
    """What makes a row unusable, in the order in which it is looked for."""
    yield "no user", lambda row: not row.user
    yield "an item that the catalogue does not hold", lambda row: row.item not in known
    yield "a rating that is missing or not a number", lambda row: math.isnan(row.rating)
    yield "a timestamp that is missing or not a number", lambda row: not abs(row.time) <= LATEST


def _latest_of_each_pair(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """The row that is kept of each user and item, in the order of the file, and the others."""
    kept: dict[tuple[str, str], Row] = {}
    for row in rows:
        before = kept.get((row.user, row.item))
        if before is None or row.time >= before.time:
            kept[row.user, row.item] = row
    numbers = {row.number for row in kept.values()}
    return [r for r in rows if r.number in numbers], [r for r in rows if r.number not in numbers]


def _earlier_than_the_row_before(rows: list[Row]) -> list[Row]:
    last: dict[str, float] = {}
    late = []
    for row in rows:
        if row.time < last.get(row.user, -math.inf):
            late.append(row)
        last[row.user] = row.time
    return late


def _numbers(rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(row.number for row in rows)


def _refuse(path: Path, rows: Sequence[Row], findings: Sequence[Finding]) -> None:
    users = {row.user for row in rows}
    reason = None
    if not rows:
        reason = told("no row that can be used")
    elif len(users) == 1:
        only = "one user only ({user!r}); recommending from others' likes needs two or more"
        reason = told(only, user=next(iter(users)))
    elif not any(row.rating >= LIKE for row in rows):
        reason = told("no rating of {like:g} or more, so nobody likes anything", like=LIKE)
    if reason:
        holds = told("{file} holds {reason}.", file=path.name, reason=reason)
        raise InteractionsError(in_a_row([holds, *(finding.sentence for finding in findings)]))


def _ratings(rows: Sequence[Row], items: Sequence[str]) -> Ratings:
    users = tuple(sorted({row.user for row in rows}, key=_natural))
    user_number = {name: n for n, name in enumerate(users)}
    item_number = {name: n for n, name in enumerate(items)}
    ratings = Ratings(
        users=users,
        items=tuple(items),
        user=np.array([user_number[row.user] for row in rows]),
        item=np.array([item_number[row.item] for row in rows]),
        rating=np.array([row.rating for row in rows]),
        time=np.array([row.time for row in rows], np.int64),
    )
    return in_order(ratings)


def _natural(name: str) -> tuple[int, str]:
    """Numbers by size, before other names."""
    return (int(name), "") if name.isdecimal() else (2**63, name)
