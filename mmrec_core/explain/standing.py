"""Where one item stands among all of the catalogue, for many queries at once; the same score as the ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmrec_core.errors import UnknownItemError
from mmrec_core.recommend.engine import Engine, barred
from mmrec_core.recommend.profile import History
from mmrec_core.recommend.score import score
from mmrec_core.types import Embeddings, Item, Placed, Vector

ROWS = 512
"""Queries scored at once: 512 x 6,000 scores take 12 MB."""


@dataclass(frozen=True)
class Standing:
    """The catalogue as one item sees it.

    Args:
        items: in the order of ``embeddings``.
        embeddings: of every item (n, dim), as the index has them.
        row: of the item.
        excluded: rows that are never returned: of the item that the query is made of, and of what the profile holds.
        history: what the person liked, or None; its attention follows each query that is ranked.
        brought: False where there is no query, so that the history counts by recency.
    """

    items: Sequence[Item]
    embeddings: Embeddings
    row: int
    excluded: tuple[int, ...] = ()
    history: History | None = None
    brought: bool = True

    @classmethod
    def of(
        cls, engine: Engine, item_id: str, exclude: str | None, history: History | None = None, brought: bool = True
    ) -> Standing:
        """The item's standing in the engine's catalogue, for a person with this history."""
        rows = engine.catalogue.rows
        embeddings = np.asarray(engine.index.embeddings, dtype=np.float32)
        never = tuple(sorted(rows[other] for other in barred(exclude, history)))
        return cls(engine.catalogue.items, embeddings, rows[item_id], never, history, brought)

    def row_of(self, item_id: str) -> int:
        """The row of another item; raises UnknownItemError."""
        row = next((n for n, item in enumerate(self.items) if item.id == item_id), None)
        if row is None:
            raise UnknownItemError(item_id, {})
        return row

    @property
    def item(self) -> Item:
        """The item whose standing this is."""
        return self.items[self.row]

    def scores(self, queries: Embeddings) -> NDArray[np.float64]:
        """Scores (m, n) of every item; minus infinity for the excluded ones."""
        found = self._score(queries, self.embeddings)
        found[:, list(self.excluded)] = -np.inf
        return found

    def place(self, query: Vector, row: int | None = None) -> Placed:
        """Rank and score of the item (or of the one in ``row``) for one query; equal scores go by id, as in the ranking."""
        row = self.row if row is None else row
        found = self.scores(query[None])[0]
        return Placed(self._rank(found, float(found[row]), row), self.items[row], float(found[row]))

    def place_changed(self, query: Vector, embedding: Vector) -> Placed:
        """Rank and score that the item would have with another embedding, all others as they are."""
        found = self.scores(query[None])[0]
        value = float(self._score(query[None], embedding[None])[0, 0])
        return Placed(self._rank(found, value, self.row), self.item, value)

    def first(self, query: Vector, k: int) -> tuple[Placed, ...]:
        """The ``k`` best items for one query."""
        found = self.scores(query[None])[0]
        near = np.argsort(-found, kind="stable")[: k + 50]  # equal scores beyond the k-th are sorted by id below
        order = sorted(
            (int(row) for row in near if row not in self.excluded), key=lambda row: (-found[row], self.items[row].id)
        )
        return tuple(Placed(rank, self.items[row], float(found[row])) for rank, row in enumerate(order[:k], 1))

    def around(self, query: Vector, before: int, after: int) -> tuple[Placed, ...]:
        """The item with those ranked next to it: ``before`` ahead of it and ``after`` behind it, or as many as there are.

        An item that is never returned has no place: then the first ``before + after``.
        """
        if self.row in self.excluded:
            return self.first(query, before + after)
        own = self.place(query).rank
        return self.first(query, own + after)[max(own - before - 1, 0) :]

    def lead_over_place(self, queries: Embeddings, k: int) -> NDArray[np.float64]:
        """Score of the item minus that of the k-th best other item (m,): below zero, it is not among the first ``k``."""
        leads = []
        for start in range(0, len(queries), ROWS):
            found = self.scores(queries[start : start + ROWS])
            own = found[:, self.row].copy()
            found[:, self.row] = -np.inf
            leads.append(own - np.partition(found, -k, axis=1)[:, -k])
        return np.concatenate(leads) if leads else np.zeros(0)

    def lead_over(self, queries: Embeddings, rival: int, left: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """Score of the item minus that of the item in row ``rival`` (m,); ``left`` (m,) is False where no query is left."""
        found = self._score(queries, self.embeddings[[self.row, rival]], left)
        return found[:, 0] - found[:, 1]

    def _score(
        self, queries: Embeddings, items: Embeddings, left: NDArray[np.bool_] | None = None
    ) -> NDArray[np.float64]:
        if self.history is None:
            return np.asarray(score(queries, items), dtype=np.float64)
        left = np.full(len(queries), self.brought) if left is None else left
        profiles = self.history.vectors(queries, left)
        return np.asarray(score(queries, items, profiles, self.history.weight), dtype=np.float64)

    def _rank(self, scores: NDArray[np.float64], value: float, row: int) -> int:
        ahead = int((np.delete(scores, row) > value).sum())
        equal = (other for other in np.flatnonzero(scores == value).tolist() if other != row)
        return ahead + sum(self.items[other].id < self.items[row].id for other in equal) + 1
