"""Exact Shapley values by enumeration: pure mathematics, no model.

With few players (modalities) every coalition is affordable, so nothing is sampled. Coalition number c holds
player i where bit i of c is set; row 0 is the empty coalition and the last row holds everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

CoalitionMatrix = NDArray[np.bool_]
"""Shape (2**n_players, n_players)."""
Values = NDArray[np.float64]

MAX_PLAYERS = 16
"""Beyond this, enumeration is no longer sensible: 2**16 = 65,536 coalitions."""


@dataclass(frozen=True)
class TwoSidedShares:
    """A score shared among two groups of players (see ``two_sided``): every share and the baseline sum to the target."""

    baseline: float
    target: float
    query_only: Values
    item_only: Values
    matrix: Values


@lru_cache(maxsize=2 * MAX_PLAYERS)
def coalitions(n: int) -> CoalitionMatrix:
    """Every subset of ``n`` players, shape (2**n, n), in the order of their bits, read-only.

    Raises:
        ValueError: where ``n`` is negative or above MAX_PLAYERS.
    """
    if not 0 <= n <= MAX_PLAYERS:
        raise ValueError(f"{n} players cannot be enumerated; 0 to {MAX_PLAYERS} can. Sample instead.")
    members = ((np.arange(2**n)[:, None] >> np.arange(n)[None, :]) & 1).astype(bool)
    members.setflags(write=False)
    return members


@lru_cache(maxsize=2 * MAX_PLAYERS)
def shapley_operator(n: int) -> Values:
    """The linear map from coalition values to Shapley values, shape (n, 2**n), read-only.

    phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! * (v(S + i) - v(S))  (Shapley 1953): a coalition of size s
    that holds i enters with +(s-1)!(n-s)!/n!, one that does not with -s!(n-s-1)!/n!.
    """
    members = coalitions(n).T
    sizes = members.sum(axis=0)
    joining = np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)] or [0.0])
    inside = joining[np.clip(sizes - 1, 0, None)]
    outside = joining[np.clip(sizes, None, max(n - 1, 0))]
    operator = np.where(members, inside, -outside)
    operator.setflags(write=False)
    return operator


def shapley_values(values_by_coalition: NDArray[np.floating], n: int) -> Values:
    """Exact Shapley values of ``n`` players.

    Efficient: telescoping over any order of joining gives v(N) - v(empty), and the values are the mean over all orders.

    Args:
        values_by_coalition: shape (2**n,) or (2**n, m) for m games at once, in the order of ``coalitions(n)``.
        n: number of players.

    Returns:
        Shape (n,) or (n, m).

    Raises:
        ValueError: where the first axis is not 2**n long.
    """
    values = np.asarray(values_by_coalition, dtype=np.float64)
    if len(values) != 2**n:
        raise ValueError(f"{len(values)} coalition values were given; {n} players have {2**n}.")
    return shapley_operator(n) @ values


def bi_shapley(values: NDArray[np.floating]) -> Values:
    """Shares of pairs (player of the first side, player of the second): the Shapley operator on both sides, A V B^T.

    Efficient: sum(A V B^T) = (1'A) V (1'B)' = V[N,M] - V[N,0] - V[0,M] + V[0,0], because 1'A v = v(N) - v(empty).
    Whatever depends on one side alone gets no share, since the rows of A and B sum to zero.

    Args:
        values: shape (2**a, 2**b), rows and columns in the order of ``coalitions``.

    Returns:
        Shape (a, b).

    Raises:
        ValueError: where a side is not a power of two.
    """
    table = np.asarray(values, dtype=np.float64)
    a, b = (_players(side) for side in table.shape)
    return shapley_operator(a) @ table @ shapley_operator(b).T


def two_sided(values: NDArray[np.floating]) -> TwoSidedShares:
    """Share v(N, M) among both sides: baseline v(0,0), each side alone, and the matrix of what only arises together.

    ``query_only`` are the Shapley values of v(., 0), ``item_only`` of v(0, .), and ``matrix`` is ``bi_shapley`` of
    v(S,T) - v(S,0) - v(0,T) + v(0,0). Sums to the target: v00 + (vN0 - v00) + (v0M - v00) + (vNM - vN0 - v0M + v00) = vNM.

    Args:
        values: shape (2**a, 2**b), as for ``bi_shapley``.
    """
    table = np.asarray(values, dtype=np.float64)
    a, b = (_players(side) for side in table.shape)
    return TwoSidedShares(
        baseline=float(table[0, 0]),
        target=float(table[-1, -1]),
        query_only=shapley_values(table[:, 0], a),
        item_only=shapley_values(table[0, :], b),
        matrix=bi_shapley(table),
    )


def _players(n_coalitions: int) -> int:
    """How many players have ``n_coalitions`` coalitions."""
    n = n_coalitions.bit_length() - 1
    if n_coalitions != 2**n:
        raise ValueError(f"{n_coalitions} coalitions are not a power of two.")
    return n
