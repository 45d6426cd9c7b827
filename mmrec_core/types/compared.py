"""One query under several models, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mmrec_core.types.answers import Recommendation


@dataclass(frozen=True)
class BundleChoice:
    """A model bundle that can be looked at.

    Args:
        name: of its folder. fusion: name of its fusion plugin. hash: of weights and architecture.
        shares_tokens: True where it reads the catalogue's tokens as they are encoded now.
        indexed: True where its index is built.
        problem: why it cannot be used at all, e.g. half copied; empty where it can.
    """

    name: str
    fusion: str
    hash: str
    shares_tokens: bool
    indexed: bool
    problem: str = ""


@dataclass(frozen=True)
class Column:
    """One ranking: who made it, and its items, best first."""

    title: str
    results: tuple[Recommendation, ...]

    def place(self, item_id: str) -> int | None:
        """The item's rank in this column, or None where it is not among the shown."""
        return next((r.rank for r in self.results if r.item.id == item_id), None)


@dataclass(frozen=True)
class Overlap:
    """How alike two columns are: ``rbo`` in [0, 1] (rank-biased overlap), and how many items both hold."""

    first: str
    second: str
    rbo: float
    shared: int


@dataclass(frozen=True)
class SideBySide:
    """Columns, the overlap of every two of them, and by column each modality's mean share of the scores shown."""

    columns: tuple[Column, ...]
    overlaps: tuple[Overlap, ...]
    mean_shares: Mapping[str, Mapping[str, float]]

    def elsewhere(self, title: str, item_id: str) -> dict[str, int | None]:
        """The item's rank in every other column, by title; None where it is not shown there."""
        return {column.title: column.place(item_id) for column in self.columns if column.title != title}
