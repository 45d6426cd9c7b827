"""Synergy and redundancy of modalities: exact pairwise interactions (k-SII) of the query, of the item, and of both together."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.base import Explanation, Pair, SideFindings
from mmrec_core.explain.modality_shapley import coalition_table, query_players
from mmrec_core.explain.shapley import Values, shapley_values
from mmrec_core.registry import Plugin
from mmrec_core.types import Interactions, told

METHOD = "modality_interactions"


def pairwise_interactions(values: NDArray[np.floating], n: int) -> tuple[Values, Values]:
    """k-Shapley interactions of order 2 (Bord et al. 2023): ``alone`` (n,) and symmetric ``pairs`` (n, n).

    The pairs are Shapley interaction indices (Grabisch and Roubens 1999),
    I_ij = sum over T without i, j of t! (n - t - 2)! / (n - 1)! * (v(T+ij) - v(T+i) - v(T+j) + v(T)), and each player's own
    share is its Shapley value less half of its pairs, so that everything sums to v(N) - v(empty).

    Args:
        values: shape (2**n,), in the order of ``shapley.coalitions(n)``.
        n: number of players.
    """
    table = np.asarray(values, dtype=np.float64)
    shapley = shapley_values(table, n)
    pairs = np.zeros((n, n))
    for i, j in combinations(range(n), 2):
        pairs[i, j] = pairs[j, i] = _interaction(table, n, i, j)
    return shapley - pairs.sum(axis=1) / 2, pairs


def _interaction(values: Values, n: int, i: int, j: int) -> float:
    """The Shapley interaction index of players i and j."""
    numbers = np.arange(2**n)
    without = numbers[(numbers >> i & 1) + (numbers >> j & 1) == 0]
    sizes = np.array([int(number).bit_count() for number in without])
    weight = np.array([factorial(t) * factorial(n - t - 2) / factorial(n - 1) for t in range(n - 1)])[sizes]
    both, one, other = without | 1 << i | 1 << j, without | 1 << i, without | 1 << j
    return float(weight @ (values[both] - values[one] - values[other] + values[without]))


def interactions_of(players: tuple[str, ...], values: NDArray[np.floating]) -> Interactions:
    """Interactions of one game from its coalition values, shape (2**n,)."""
    alone, pairs = pairwise_interactions(values, len(players))
    return Interactions(players, alone, pairs, float(values[0]), float(values[-1]), len(values))


class ModalityInteractions:
    """What modalities give together beyond what each gives alone."""

    name = METHOD

    def why_incompatible(self, pair: Pair) -> str | None:
        """There is no pair among fewer than two modalities."""
        if len(pair.query.players) + len(pair.item.players) >= 2:
            return None
        return told("There are fewer than two modalities, so nothing can interact.")

    def explain(self, pair: Pair) -> Explanation:
        """Evaluate every coalition of both sides once; read the three games from the one table.

        Query side: the item is whole. Item side: the query is whole. Both: all modalities are players of one game, named
        "query image", "item text" and so on.
        """
        table = coalition_table(pair)
        query, item = query_players(pair.query, pair.history), tuple(map(str, pair.item.players))
        # the item's bits are the low ones, so both sides in one game are the table read row by row
        both = tuple(f"item {m}" for m in item) + tuple(f"query {m}" for m in query)
        return Explanation(
            METHOD,
            SideFindings(interactions=interactions_of(query, table[:, -1])),
            SideFindings(interactions=interactions_of(item, table[-1, :])),
            interactions=interactions_of(both, table.ravel()),
        )


PLUGIN = Plugin(name=METHOD, title="Synergy and redundancy of modalities (exact)", build=ModalityInteractions)
