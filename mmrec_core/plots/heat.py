"""The heat of a map, to be laid over an original."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mmrec_core.plots.look import DIVERGING
from mmrec_core.types import Say, english

HEAT: list[list[object]] = [
    [0.0, "rgba(255,214,64,0.0)"],
    [0.35, "rgba(255,190,40,0.35)"],
    [0.7, "rgba(250,110,20,0.8)"],
    [1.0, "rgba(214,20,36,1.0)"],
]
"""The scale of a map drawn over an original: nothing where nobody looked more than elsewhere."""
LEAST_LIFT = 1.1
"""The full heat is at least this much more than an even share, so that rounding is not drawn as a map."""
OF_THE_SCORE, OF_THE_LOOK = " of the score", " (weight of the look)"
OF_A_FIT, OF_A_SLOPE = " (weight in a local model)", " (slope times input)"
"""What a map is in: shares of the score, which add up to it; what attention carries; weights of a linear model that was fitted
near by; or how steeply the score changes. Only the first are parts of the score."""


def heat_layer(
    cells: NDArray[np.float64],
    x: list[float],
    y: list[float],
    opacity: float,
    smooth: str | bool,
    hover: str,
    signed: bool,
    limit: float | None,
) -> go.Heatmap:
    """Cells over the places ``x``, ``y`` of an original; ``signed`` and ``limit`` as in ``picture_heat``.

    Heat that is not signed begins at an even share: a cell that was looked at as much as any other stays as it is.
    """
    highest = limit or max(float(np.abs(cells).max(initial=0.0)), 1e-12)
    even = 0.0 if signed else _even_share(cells)
    return go.Heatmap(
        z=cells,
        x=x,
        y=y,
        colorscale=DIVERGING if signed else HEAT,
        zmin=-highest if signed else even,
        zmax=max(highest, even * LEAST_LIFT),
        opacity=opacity,
        zsmooth=smooth,
        showscale=False,
        hovertemplate=hover,
    )


def _even_share(cells: NDArray[np.float64]) -> float:
    """The mean of the cells that have any weight; padding has none."""
    seen = cells[cells > 0]
    return float(seen.mean()) if seen.size else 0.0


def shown(weights: NDArray[np.float64], signed: bool, unit: str, say: Say = english) -> tuple[NDArray[np.float64], str]:
    """What is drawn, and how hover reads it: signed weights as they are in ``unit``, others as shares of the attention."""
    if signed:
        return weights, f"%{{z:+.4f}}{say(unit)}"
    return shares(weights), say("{share} of the attention", share="%{z:.1%}")


def shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights as shares of their sum; all zero where nothing has weight."""
    total = float(weights.sum())
    return weights / total if total > 0 else np.zeros_like(weights)
