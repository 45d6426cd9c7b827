"""The profile as a player beside the query's modalities, and each thing liked as a player within it.

``v(S, T) = score(query of the modalities S, item, profile of the entries T)``: the attention over the history follows
what remains of the query, and a profile that is not there is the zero vector, while its weight stays.

Outside, the modalities and the whole profile share the score by exact Shapley values. Inside, the entries share what the
profile got, by the Owen value (Owen 1977), the Shapley value of players that come in groups: the Shapley value of
``u(T) = sum_S |S|! (a - |S|)! / (a + 1)! (v(S, T) - v(S, {}))`` for a modalities, which sums to the profile's own share.
"""

from __future__ import annotations

from collections.abc import Callable
from math import factorial

import numpy as np

from mmrec_core.explain.shapley import CoalitionMatrix, Values, coalitions, shapley_values
from mmrec_core.recommend.profile import History
from mmrec_core.types import Attribution, Embeddings

METHOD = "owen"
MOST_EXACT = 12
"""Entries up to which every coalition of them is scored: 2**12 = 4,096, times 2**3 of the query."""
PERMUTATIONS = 64
"""Orders of joining that are sampled beyond that, half of them the other half reversed."""
SEED = 0

Game = Callable[[CoalitionMatrix], Values]
"""Coalitions of entries (c, n) -> values of m games at once (c, m)."""


def share_history(history: History, queries: Embeddings, items: Embeddings) -> list[Attribution]:
    """How the profile's share of each item's score divides among what was liked, disliked and said.

    Args:
        history: the profile.
        queries: embeddings (2**a, dim) of the query's coalitions, in the order of ``shapley.coalitions``.
        items: embeddings (m, dim).

    Returns:
        One attribution an item: baseline 0 (no profile, no share), target the profile's share of the score.
    """
    u = history_game(history, queries, items)
    n = len(history.players)
    if n <= MOST_EXACT:
        values, errors, evaluations = shapley_values(u(coalitions(n)), n), None, len(queries) * 2**n
    else:
        values, errors = sampled_shapley(u, n)
        evaluations = len(queries) * PERMUTATIONS * (n + 1)
    whole = u(np.ones((1, n), dtype=bool))[0]
    return [
        Attribution(
            METHOD, history.players, values[:, i], 0.0, float(whole[i]), evaluations,
            None if errors is None else errors[:, i], None if errors is None else SEED,
        )
        for i in range(len(items))
    ]  # fmt: skip


def history_game(history: History, queries: Embeddings, items: Embeddings) -> Game:
    """u(T) for every item; see the module. The query's coalitions are averaged once for all coalitions of entries."""
    logits = history.logits(queries, brought(len(queries)))
    chances = _chances(len(queries).bit_length() - 1)
    alike = np.asarray(history.embeddings @ items.T, dtype=np.float64)

    def u(members: CoalitionMatrix) -> Values:
        return history.weight * np.tensordot(chances, history.attention(logits, members), 1) @ alike

    return u


def brought(n_coalitions: int) -> np.ndarray:
    """(2**a,) True for every coalition of the query that holds anything."""
    return np.arange(n_coalitions) > 0


def _chances(a: int) -> Values:
    """For each coalition S of ``a`` modalities, how likely exactly S has joined before the profile does."""
    sizes = coalitions(a).sum(axis=1)
    return np.array([factorial(s) * factorial(a - s) / factorial(a + 1) for s in sizes.tolist()])


def sampled_shapley(u: Game, n: int, permutations: int = PERMUTATIONS, seed: int = SEED) -> tuple[Values, Values]:
    """Shapley values from sampled orders (Castro et al. 2009), each with its reverse (antithetic, Mitchell et al. 2022).

    Efficient, since every order telescopes to u(N) - u({}).

    Returns:
        Values and their standard errors, over the independent pairs of orders, both (n, m).
    """
    rng = np.random.default_rng(seed)
    pairs = np.stack([_pair(u, rng.permutation(n)) for _ in range(permutations // 2)])
    return pairs.mean(axis=0), pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))


def _pair(u: Game, order: np.ndarray) -> Values:
    """Mean marginal contributions (n, m) along one order and its reverse."""
    return (_marginals(u, order) + _marginals(u, order[::-1])) / 2


def _marginals(u: Game, order: np.ndarray) -> Values:
    members = np.zeros((len(order) + 1, len(order)), dtype=bool)
    for step, player in enumerate(order, 1):
        members[step:, player] = True
    gains = np.diff(u(members), axis=0)
    return gains[np.argsort(order)]
