"""Owen values over a tree of parts, the groups that matter most split first, many of them in one batch.

A group with value ``high`` in some company and ``low`` without it owes ``high - low``. Splitting it into two halves asks for two
more values, each half alone in that company; the halves then share what the group owed, each averaged over the other half
being there and not (Owen 1977; the recursion of ``shap``'s Partition explainer, which gives the same numbers when nothing is
left to split). What is left unsplit when the budget is spent is divided evenly among its parts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Keep = NDArray[np.bool_]
Value = Callable[[Keep], NDArray[np.float64]]
"""(n_masks, n_parts) of what is kept -> (n_masks,) values."""
SPLITS = 128
"""Groups split in one batch: two masks each fill the scorer's batch, and the order of splitting stays close to greedy."""


@dataclass(frozen=True)
class _Groups:
    """Groups still to be shared out, one row each: tree node, company (n_parts,), values without and with, weight."""

    node: NDArray[np.int64]
    company: Keep
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    weight: NDArray[np.float64]

    @property
    def owed(self) -> NDArray[np.float64]:
        return self.weight * (self.high - self.low)

    def __getitem__(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> _Groups:
        return _Groups(self.node[rows], self.company[rows], self.low[rows], self.high[rows], self.weight[rows])

    def __add__(self, other: _Groups) -> _Groups:
        columns = zip(vars(self).values(), vars(other).values(), strict=True)
        return _Groups(*(np.concatenate(column) for column in columns))


def owen_values(value: Value, tree: NDArray[np.float64], evaluations: int) -> tuple[NDArray[np.float64], float, float]:
    """Shares of the parts, and the values of no part and of every part; the shares sum to the difference of the two.

    Args:
        value: of coalitions.
        tree: a linkage matrix (n_parts - 1, 4) as ``hierarchy.linkage`` makes it; the last row is the root.
        evaluations: budget, at least 2.
    """
    n = len(tree) + 1
    members = tree_members(tree)
    low, high = value(np.stack([np.zeros(n, bool), np.ones(n, bool)]))
    shares = np.zeros(2 * n - 1)
    groups = _Groups(np.array([2 * n - 2]), np.zeros((1, n), bool), np.array([low]), np.array([high]), np.ones(1))
    room = (evaluations - 2) // 2
    while len(groups.node):
        large = np.flatnonzero(groups.node >= n)
        order = np.argsort(-np.abs(groups.owed[large]), kind="stable")
        chosen, waiting = np.split(large[order], [min(SPLITS, room)])
        room -= len(chosen)
        settled = groups[groups.node < n] if len(chosen) else groups
        np.add.at(shares, settled.node, settled.owed)
        if not len(chosen):
            break
        groups = groups[waiting] + _split(value, groups[chosen], tree, members)
    return (shares / members.sum(axis=1)) @ members, float(low), float(high)


def tree_members(tree: NDArray[np.float64]) -> Keep:
    """Which parts each node of the tree holds (2 n_parts - 1, n_parts), the parts themselves first."""
    members = list(np.eye(len(tree) + 1, dtype=bool))
    for left, right in tree[:, :2].astype(int):
        members.append(members[left] | members[right])
    return np.array(members)


def _split(value: Value, groups: _Groups, tree: NDArray[np.float64], members: Keep) -> _Groups:
    """Both halves of each group, each without and with the other half: four new groups for one, of half the weight."""
    left, right = tree[groups.node - len(tree) - 1, :2].astype(np.int64).T
    with_left, with_right = groups.company | members[left], groups.company | members[right]
    of_left, of_right = np.split(value(np.concatenate([with_left, with_right])), 2)
    return _Groups(
        np.concatenate([left, left, right, right]),
        np.concatenate([groups.company, with_right, groups.company, with_left]),
        np.concatenate([groups.low, of_right, groups.low, of_left]),
        np.concatenate([of_left, groups.high, of_right, groups.high]),
        np.tile(groups.weight / 2, 4),
    )
