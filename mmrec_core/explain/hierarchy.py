"""The medium in halves of halves, down to its parts: the tree over which ``shap``'s Partition explainer works."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.scorer import Scorer
from mmrec_core.types import Grid, ImageGrid, TextGrid


def hierarchy(scorer: Scorer) -> NDArray[np.float64]:
    """A linkage matrix over ``scorer.parts``: a picture is halved across its longer axis, a text in the order of its words."""
    return linkage(positions(scorer))


def positions(scorer: Scorer) -> NDArray[np.float64]:
    """Where each part lies (n_parts, axes): row and column of a patch, step and band of a sound, place of a word."""
    places = [[_place(scorer.tokens.grid, token) for token in part.tokens] for part in scorer.parts]
    return np.array([np.mean(place, axis=0) for place in places])


def linkage(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Halve the points across their widest axis until each is alone; in scipy's format (n - 1, 4).

    Each row is (left node, right node, height, leaves below); the last row is the root, a node comes after its children.
    """
    rows: list[tuple[int, int, float, int]] = []
    n = len(points)

    def halve(members: NDArray[np.int_]) -> tuple[int, float]:
        if len(members) == 1:
            return int(members[0]), 0.0
        spread = np.ptp(points[members], axis=0)
        order = members[np.argsort(points[members, int(spread.argmax())], kind="stable")]
        (left, low), (right, high) = halve(order[: len(order) // 2]), halve(order[len(order) // 2 :])
        height = max(low, high) + 1.0
        rows.append((left, right, height, len(members)))
        return n + len(rows) - 1, height

    halve(np.arange(n))
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def _place(grid: Grid, token: int) -> tuple[float, ...]:
    if isinstance(grid, TextGrid):
        return (float(token),)
    columns = grid.cols if isinstance(grid, ImageGrid) else len(grid.hertz) - 1
    return float(token // columns), float(token % columns)
