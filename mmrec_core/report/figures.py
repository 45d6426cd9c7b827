"""Maps on the originals as plotly figures, signed ones too; shares of the score by several methods share one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go

from mmrec_core import plots
from mmrec_core.explain import gradient
from mmrec_core.types import AudioGrid, Explained, ImageArray, ImageGrid, Say, Spectrogram, TokenMap, english

OPACITY = 0.75
LEAST = 1e-9
"""The smallest end of a colour scale."""
KINDS = {
    plots.OF_THE_SCORE: "shares of the score",
    plots.OF_THE_LOOK: "shares of the attention",
    plots.OF_A_FIT: "weights in a local model of the score",
    plots.OF_A_SLOPE: "slope of the score times input",
}
"""By unit, what a map shows."""


def is_signed(explained: Explained) -> bool:
    """True for what may be negative; attention is a share of a look."""
    return explained.shares is not None or _is_slope(explained)


def _is_slope(explained: Explained) -> bool:
    return explained.method == gradient.METHOD and explained.options["kind"] != gradient.ATTENTION


def unit_of(explained: Explained) -> str:
    """What the numbers of a map are in, see ``plots.OF_THE_SCORE`` and its neighbours."""
    if explained.fit is not None:
        return plots.OF_A_FIT
    if explained.shares is not None:
        return plots.OF_THE_SCORE
    return plots.OF_A_SLOPE if _is_slope(explained) else plots.OF_THE_LOOK


def shared_scale(explained: Sequence[Explained]) -> float:
    """The largest absolute token weight of all maps of shares of the score: the end of their common colour scale."""
    return max([_largest(e) for e in explained if unit_of(e) == plots.OF_THE_SCORE], default=LEAST)


def scale_of(explained: Explained, shared: float) -> float:
    """The end of a map's colour scale: the ``shared`` one, or its own where it is in another unit."""
    return shared if unit_of(explained) == plots.OF_THE_SCORE else _largest(explained)


def _largest(explained: Explained) -> float:
    return LEAST if explained.map is None else max(float(np.abs(explained.map.weights).max(initial=0.0)), LEAST)


def picture_figure(image: ImageArray, explained: Explained, scale: float, say: Say = english) -> go.Figure:
    """The picture under its map."""
    assert explained.map is not None  # noqa: S101
    if not is_signed(explained):
        return _sized(plots.picture_heat(image, explained.map, say=say), image)
    figure = plots.picture_heat(image, None)
    grid = explained.map.grid
    if isinstance(grid, ImageGrid):
        height, width = image.shape[:2]
        left, top, right, bottom = grid.box
        figure.add_trace(
            _signed(
                explained.map.weights[: grid.rows * grid.cols].reshape(grid.rows, grid.cols),
                np.linspace(left * width, right * width, grid.cols + 1),
                np.linspace(top * height, bottom * height, grid.rows + 1),
                explained,
                scale,
                say,
            )
        )
    return _sized(figure, image)


def sound_figure(spectrogram: Spectrogram, explained: Explained, scale: float, say: Say = english) -> go.Figure:
    """The spectrogram under its map; decibels are rounded to whole ones, which keeps the file small."""
    assert explained.map is not None  # noqa: S101
    small = replace(spectrogram, decibels=np.rint(spectrogram.decibels).astype(np.int8))
    if not is_signed(explained):
        return plots.sound_heat(small, explained.map, say=say)
    figure = plots.sound_heat(small, None, say=say)
    figure.update_traces(hoverinfo="skip", hovertemplate=None)
    grid = explained.map.grid
    if isinstance(grid, AudioGrid):
        edges = np.array([plots.mel(hertz) for hertz in grid.hertz])
        figure.add_trace(
            _signed(sound_cells(explained.map, grid), np.array(grid.seconds), edges, explained, scale, say)
        )
    return figure


def sound_cells(token_map: TokenMap, grid: AudioGrid) -> np.ndarray:
    """Weights as (bands, steps)."""
    steps, bands = len(grid.seconds) - 1, len(grid.hertz) - 1
    return token_map.weights[: steps * bands].reshape(steps, bands).T


def _signed(
    cells: np.ndarray, x: np.ndarray, y: np.ndarray, explained: Explained, scale: float, say: Say
) -> go.Heatmap:
    scale = scale_of(explained, scale)
    return go.Heatmap(
        z=cells, x=x, y=y, colorscale=plots.DIVERGING, zmin=-scale, zmax=scale, opacity=OPACITY, showscale=False,
        hovertemplate="%{z:+.4f}" + say(unit_of(explained)) + "<extra></extra>",
    )  # fmt: skip


def _sized(figure: go.Figure, image: ImageArray) -> go.Figure:
    height, width = image.shape[:2]
    return figure.update_layout(height=int(min(420, max(160, 300 * height / width))))
