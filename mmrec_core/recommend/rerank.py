"""Rearranging a ranking after the score: novelty, near-duplicates, diversity, in this order. Scores stay what they are.

Every rule works on the candidates that the index proposed, best first, equal values in the order of ids, so that the
order of the catalogue does not matter; a rule at zero leaves the order as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmrec_core.errors import QueryError
from mmrec_core.types import Embeddings, Move, Rerank, told

POOL = 200
"""Candidates that are rearranged, at least; five times as many as are asked for where that is more."""
DUPLICATE = 0.955
"""Inner product from which two items are nearly the same: drawings that differ in a number, two takes of one sound."""
NOVELTY, DUPLICATES, DIVERSITY = "novelty", "near-duplicates", "diversity"

Floats = NDArray[np.float64]
Order = NDArray[np.int64]


@dataclass(frozen=True)
class Reranker:
    """The rules of ``settings``, with the ``novelty`` (n_items,) of every item in [0, 1], or None where it is not known.

    Raises:
        QueryError: where a strength lies outside [0, 1].
    """

    settings: Rerank
    novelty: Floats | None = None

    def __post_init__(self) -> None:
        for name, value in (("diversity", self.settings.diversity), ("novelty", self.settings.novelty)):
            if not 0.0 <= value <= 1.0:
                raise QueryError(told("The {name} is {value:g}; it takes 0 to 1.", name=told(name), value=value))

    def pool(self, k: int) -> int:
        """How many candidates are needed for ``k`` results."""
        return max(POOL, 5 * k) if self.settings else k

    def rearrange(
        self, rows: Order, scores: NDArray[np.floating], embeddings: Embeddings, ids: Sequence[str], k: int
    ) -> tuple[Order, list[tuple[Move, ...]]]:
        """The ``k`` positions to show, best first, and what moved each of them.

        Args:
            rows: of the candidates in the catalogue, best first.
            scores: of the candidates.
            embeddings: of the candidates (n, dim), unit vectors.
            ids: of the candidates; they break ties.
            k: how many to show.

        Returns:
            Positions among the candidates (k,), and for each the moves, which add up to (place by score - place shown).
        """
        values = np.asarray(scores, dtype=np.float64)
        if self.settings.novelty and self.novelty is not None:
            values = with_novelty(values, self.novelty[rows], self.settings.novelty)
        stages = [(NOVELTY, ranked(values, ids))]
        if self.settings.hide_duplicates:
            stages.append((DUPLICATES, without_duplicates(stages[-1][1], embeddings)))
        if self.settings.diversity:
            before = stages[-1][1]
            stages.append((DIVERSITY, mmr(before, values, embeddings, self.settings.diversity, k)))
        shown = stages[-1][1][:k]
        return shown, [_moves(int(position), stages) for position in shown]


def ranked(values: Floats, ids: Sequence[str]) -> Order:
    """Positions by falling value, equal ones in the order of ids."""
    return np.array(sorted(range(len(values)), key=lambda i: (-values[i], ids[i])), dtype=np.int64)


def with_novelty(scores: Floats, novelty: Floats, strength: float) -> Floats:
    """``s + strength * (max s - min s) * novelty``: at full strength what is new gains the whole spread of the candidates."""
    return scores + strength * float(np.ptp(scores)) * novelty if len(scores) else scores


def without_duplicates(order: Order, embeddings: Embeddings, alike: float = DUPLICATE) -> Order:
    """The order without what is nearly the same as something kept above it."""
    kept: list[int] = []
    for position in order.tolist():
        if not kept or float((embeddings[kept] @ embeddings[position]).max()) < alike:
            kept.append(position)
    return np.array(kept, dtype=np.int64)


def mmr(order: Order, values: Floats, embeddings: Embeddings, diversity: float, k: int) -> Order:
    """Maximal marginal relevance (Carbonell and Goldstein 1998): the next is argmax (1 - d) value_i - d max_j <e_i, e_j>.

    Args:
        order: candidates, best first; earlier ones win ties.
        values: what they are ranked by, in units of the score.
        embeddings: of all positions; the maximum runs over the j picked so far.
        diversity: d in [0, 1].
        k: how many to pick.
    """
    own, vectors = (1 - diversity) * values[order], embeddings[order].astype(np.float64)
    nearest, picked = np.zeros(len(order)), np.zeros(min(k, len(order)), dtype=np.int64)
    for place in range(len(picked)):
        chosen = int(np.argmax(own - diversity * nearest))
        picked[place], own[chosen] = order[chosen], -np.inf
        alike = vectors @ vectors[chosen]
        nearest = np.maximum(nearest, alike) if place else alike
    return picked


def inverse_exposure(counts: NDArray[np.integer]) -> Floats:
    """Novelty (n,) from how often each item was met: ``1 - log(1 + c) / log(1 + max c)``; 1 where it never was."""
    most = float(np.log1p(counts.max(initial=0)))
    return 1.0 - np.log1p(counts) / most if most > 0 else np.ones(len(counts))


def directions(embeddings: Embeddings) -> Embeddings:
    """The same at length one, so that inner products say how alike two are."""
    return embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True).clip(min=1e-12)


def unlike(liked: Embeddings, items: Embeddings) -> Floats:
    """Novelty (n,) where nothing is known of other people: distance from the nearest thing liked, ``(1 - max cos(l, e)) / 2``."""
    alike = directions(items) @ directions(liked).T
    return np.clip((1.0 - np.asarray(alike, dtype=np.float64).max(axis=1)) / 2.0, 0.0, 1.0)


def _moves(position: int, stages: Sequence[tuple[str, Order]]) -> tuple[Move, ...]:
    """Places won or lost by each rule; candidates came in the order of the score, so the first place is the position."""
    moves, place = [], position
    for name, order in stages:
        now = int(np.flatnonzero(order == position)[0])
        if now != place:
            moves.append(Move(name, place - now))
        place = now
    return tuple(moves)
