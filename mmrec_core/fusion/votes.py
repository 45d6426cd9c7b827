"""Decision-level fusion of rankings: each modality ranks by itself, ranks become points, and the points are added up.

Needs no calibration, since only the order counts. The sum is not an inner product, so it ranks lists and serves no index;
and because it is a sum over the rankings, the exact Shapley value of a modality is its own points.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmrec_core.errors import UnknownNameError

RECIPROCAL_RANK, BORDA = "reciprocal_rank", "borda"
K = 60
"""As in Cormack, Clarke and Buettcher (SIGIR 2009)."""

Ranks = NDArray[np.int64]
Points = NDArray[np.float64]


def reciprocal_rank(ranks: Ranks) -> Points:
    """``1 / (60 + rank)``: the first places count most (Cormack, Clarke and Buettcher 2009)."""
    return 1.0 / (K + ranks)


def borda(ranks: Ranks) -> Points:
    """``(n - rank) / (n - 1)`` among the n columns: 1 for the first, 0 for the last, every place counts the same (Borda 1781)."""
    n = ranks.shape[-1]
    return (n - ranks) / max(n - 1, 1)


@dataclass(frozen=True)
class Rule:
    """One way to turn ranks, from 1, into points."""

    name: str
    title: str
    points: Callable[[Ranks], Points]


RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(RECIPROCAL_RANK, "Reciprocal rank fusion", reciprocal_rank),
        Rule(BORDA, "Borda count", borda),
    )
}


def rule_of(name: str) -> Rule:
    """The rule of this name.

    Raises:
        UnknownNameError: there is none; the message lists those that are.
    """
    if name not in RULES:
        raise UnknownNameError("voting rule", name, list(RULES))
    return RULES[name]
