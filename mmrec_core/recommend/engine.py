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
from mmrec_core.recommend.encode import Encoded
from mmrec_core.recommend.score import blend, score
from mmrec_core.recommend.timing import Stopwatch
from mmrec_core.types import Attribution, Embeddings, Item, Recommendation, Vector

if TYPE_CHECKING:
    from mmrec_core.catalogue.store import Catalogue


@dataclass(frozen=True)
class Profile:
    """What the person liked: one unit vector, and its ``weight`` in [0, 1] in the score."""

    vector: Vector
    weight: float


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


class ScoredIndex(Index, Protocol):
    """An index that also gives back the embeddings it was built from, shape (n, dim), in catalogue order."""

    embeddings: Embeddings


class Attributor(Protocol):
    """Shares the scores of several items among the query's modalities."""

    def __call__(
        self, fusion: Fusion, query: Encoded, items: Embeddings, profile: Vector | None, weight: float
    ) -> list[Attribution]:
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

    def __init__(self, catalogue: Catalogue, index: ScoredIndex, fusion: Fusion, attribute: Attributor) -> None:
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
        profile: Profile | None = None,
        watch: Stopwatch | None = None,
    ) -> tuple[Recommendation, ...]:
        """The ``k`` best items, best first; equal scores in the order of ids.

        Args:
            query: the encoded query.
            k: how many, at least 1.
            exclude: an item that is never returned, i.e. the one the query was made of.
            filters: which items may be returned.
            profile: what the person liked.
            watch: receives the time of each stage.

        Raises:
            QueryError: where ``k`` is below 1.
        """
        if k < 1:
            raise QueryError(f"{k} results were asked for; ask for 1 or more.")
        watch = watch or Stopwatch()
        with watch.stage("search"):
            vector = self.embed(query)
            rows, scores = self.rank(vector, k, exclude=exclude, filters=filters, profile=profile)
        with watch.stage("attribute"):
            shares = self.attribute(self.fusion, query, self.index.embeddings[rows], *_unpack(profile))
        items = self.catalogue.items
        return tuple(
            Recommendation(rank, items[row], float(value), share)
            for rank, (row, value, share) in enumerate(zip(rows, scores, shares, strict=True), 1)
        )

    def embed(self, query: Encoded) -> Vector:
        """The query's embedding (dim,), of all that it holds."""
        import torch

        with torch.inference_mode():
            return self.fusion.fuse(query.summaries)[0].float().cpu().numpy()

    def rank(
        self,
        vector: Vector,
        k: int,
        *,
        exclude: str | None = None,
        filters: Filters | None = None,
        profile: Profile | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Rows and scores of the ``k`` best items. The index only proposes; the score decides."""
        wanted = len(self.catalogue.items) if filters else k + (exclude is not None)
        searched = np.ascontiguousarray(blend(vector, *_unpack(profile)), dtype=np.float32)
        proposed = self.index.search(searched[None, :], min(wanted, len(self.catalogue.items))).rows[0]
        rows = np.array([row for row in proposed if self._may_return(row, exclude, filters)], dtype=np.int64)
        scores = score(vector, self.index.embeddings[rows], *_unpack(profile))
        order = self._order(rows, scores)[:k]
        return rows[order], scores[order]

    def rank_of(
        self, vector: Vector, row: int, *, exclude: str | None = None, profile: Profile | None = None
    ) -> int | None:
        """The rank that the item in ``row`` has among all, counted from 1; None where it is excluded itself."""
        items = self.catalogue.items
        if items[row].id == exclude:
            return None
        scores = score(vector, np.asarray(self.index.embeddings), *_unpack(profile))
        better = (scores > scores[row]) | ((scores == scores[row]) & [item.id < items[row].id for item in items])
        excluded_ahead = any(better[other] for other in np.flatnonzero(better) if items[other].id == exclude)
        return int(better.sum()) - int(excluded_ahead) + 1

    def _may_return(self, row: int, exclude: str | None, filters: Filters | None) -> bool:
        item = self.catalogue.items[row]
        return row >= 0 and item.id != exclude and (filters is None or filters.allow(item))

    def _order(self, rows: NDArray[np.int64], scores: NDArray[np.float32]) -> Sequence[int]:
        return sorted(range(len(rows)), key=lambda i: (-scores[i], self.catalogue.items[rows[i]].id))


def _unpack(profile: Profile | None) -> tuple[Vector | None, float]:
    return (profile.vector, profile.weight) if profile else (None, 0.0)
