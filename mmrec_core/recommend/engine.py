"""Query -> ranked items, each with the exact shares of its score."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from mmrec_core.errors import QueryError
from mmrec_core.fusion.base import Fusion
from mmrec_core.index.base import Index
from mmrec_core.recommend.coalitions import embed_whole
from mmrec_core.recommend.encode import Encoded
from mmrec_core.recommend.profile import History, Leaning
from mmrec_core.recommend.rerank import Reranker, directions
from mmrec_core.recommend.score import blend, score
from mmrec_core.recommend.timing import Stopwatch
from mmrec_core.types import Attribution, Embeddings, Item, Recommendation, Rerank, Vector, told

if TYPE_CHECKING:
    from mmrec_core.catalogue.store import Catalogue


@dataclass(frozen=True)
class Filters:
    """Which items may be returned; an empty collection allows all."""

    categories: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()

    @classmethod
    def of(cls, categories: Collection[str] = (), sources: Collection[str] = ()) -> Filters:
        """From any collections."""
        return cls(frozenset(categories), frozenset(sources))

    def allow(self, item: Item) -> bool:
        """True where the item passes."""
        in_category = not self.categories or item.category in self.categories
        return in_category and (not self.sources or item.source in self.sources)

    def __bool__(self) -> bool:
        return bool(self.categories or self.sources)


class Attributor(Protocol):
    """Shares the scores of several items among the query's modalities and the profile."""

    def __call__(self, fusion: Fusion, query: Encoded, items: Embeddings, history: History | None) -> list[Attribution]:
        """One attribution for each row of ``items``."""
        ...


class Engine:
    """Ranks the catalogue.

    Args:
        catalogue: the items, row by row as in the index.
        index: candidates by inner product.
        fusion: the model.
        attribute: shares scores among modalities (given from outside, since explaining lies to the right of ranking).
    """

    def __init__(self, catalogue: Catalogue, index: Index, fusion: Fusion, attribute: Attributor) -> None:
        self.catalogue = catalogue
        self.index = index
        self.fusion = fusion
        self.attribute = attribute

    def recommend(
        self,
        query: Encoded,
        k: int,
        *,
        exclude: str | None = None,
        filters: Filters | None = None,
        history: History | None = None,
        rerank: Reranker | None = None,
        watch: Stopwatch | None = None,
    ) -> tuple[Recommendation, ...]:
        """The ``k`` best items, best first; equal scores in the order of ids.

        Args:
            query: the encoded query.
            k: how many, at least 1.
            exclude: an item that is never returned, i.e. the one the query was made of.
            filters: which items may be returned.
            history: what the person liked; nothing of it is returned.
            rerank: how the ranking is rearranged; scores stay what they are.
            watch: receives the time of each stage.

        Raises:
            QueryError: where ``k`` is below 1.
        """
        if k < 1:
            raise QueryError(told("{k} results were asked for; ask for 1 or more.", k=k))
        watch, rerank = watch or Stopwatch(), rerank or Reranker(Rerank())
        with watch.stage("search"):
            vector = self.embed(query)
            profile = history.toward(vector, bool(query.players)) if history else None
            rows, scores = self.rank(vector, rerank.pool(k), exclude=exclude, filters=filters, profile=profile)
        ids = [self.catalogue.items[row].id for row in rows]
        shown, moves = rerank.rearrange(rows, scores, directions(self.index.embeddings[rows]), ids, k)
        rows, scores = rows[shown], scores[shown]
        with watch.stage("attribute"):
            shares = self.attribute(self.fusion, query, self.index.embeddings[rows], history)
        return tuple(
            Recommendation(rank, self.catalogue.items[row], float(value), share, moved)
            for rank, (row, value, share, moved) in enumerate(zip(rows, scores, shares, moves, strict=True), 1)
        )

    def embed(self, query: Encoded) -> Vector:
        """The query's embedding (dim,), of all that it holds."""
        return embed_whole(self.fusion, query.summaries)

    def rank(
        self,
        vector: Vector,
        k: int,
        *,
        exclude: str | None = None,
        filters: Filters | None = None,
        profile: Leaning | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows and scores of the ``k`` best items. The index only proposes; the score decides."""
        never = barred(exclude, profile)
        wanted = len(self.catalogue.items) if filters else k + len(never)
        searched = np.ascontiguousarray(blend(vector, *_unpack(profile)), dtype=np.float32)
        proposed = self.index.search(searched[None, :], min(wanted, len(self.catalogue.items))).rows[0]
        rows = np.array([row for row in proposed if self._may_return(row, never, filters)], dtype=np.int64)
        scores = score(vector, self.index.embeddings[rows], *_unpack(profile))
        order = self._order(rows, scores)[:k]
        return rows[order], scores[order]

    def _may_return(self, row: int, never: frozenset[str], filters: Filters | None) -> bool:
        item = self.catalogue.items[row]
        return row >= 0 and item.id not in never and (filters is None or filters.allow(item))

    def _order(self, rows: NDArray[np.int64], scores: NDArray[np.float32]) -> Sequence[int]:
        return sorted(range(len(rows)), key=lambda i: (-scores[i], self.catalogue.items[rows[i]].id))


def barred(exclude: str | None, profile: Leaning | History | None) -> frozenset[str]:
    """Ids that are never returned: the item that the query is made of, and what the person has judged already."""
    return (profile.known if profile else frozenset()) | ({exclude} if exclude else frozenset())


def _unpack(profile: Leaning | None) -> tuple[Vector | None, float]:
    return (profile.vector, profile.weight) if profile else (None, 0.0)
