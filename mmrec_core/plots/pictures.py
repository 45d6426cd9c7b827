"""A picture under the heat of its map."""

from __future__ import annotations

import base64
import io

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image

from mmrec_core.plots.base import figure_of
from mmrec_core.plots.heat import OF_THE_SCORE, heat_layer, shown
from mmrec_core.types import ImageArray, ImageGrid, Say, TokenMap, english

ROW_COLUMN = "row {row}, column {column}"
LONGEST_SIDE = 960
"""Pixels of the picture inside a figure; the browser needs no more."""


def picture_heat(
    image: ImageArray,
    token_map: TokenMap | None,
    opacity: float = 0.6,
    template: str = "plotly_white",
    signed: bool = False,
    limit: float | None = None,
    unit: str = OF_THE_SCORE,
    say: Say = english,
) -> go.Figure:
    """The picture with a smooth heat over the cells of ``token_map``; hover names a cell and gives its share of the attention.

    ``signed`` draws the weights as they are, on the diverging scale with zero in its middle, and hover gives them in ``unit``;
    ``limit`` is the weight of the strongest colour, by default the largest of this map. ``say`` is the language.
    """
    height, width = image.shape[:2]
    traces = []
    if token_map is not None and isinstance(token_map.grid, ImageGrid):
        traces.append(
            _picture_cells(token_map.grid, token_map.weights, width, height, opacity, signed, limit, unit, say)
        )
    figure = figure_of(traces, template, height=None)
    figure.add_layout_image(
        source=_data_uri(image),
        xref="x",
        yref="y",
        x=0,
        y=0,
        sizex=width,
        sizey=height,
        sizing="stretch",
        layer="below",
    )
    figure.update_xaxes(visible=False, range=[0, width], constrain="domain")
    figure.update_yaxes(visible=False, range=[height, 0], scaleanchor="x", constrain="domain")
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure


def _picture_cells(
    grid: ImageGrid,
    weights: NDArray[np.float64],
    width: int,
    height: int,
    opacity: float,
    signed: bool,
    limit: float | None,
    unit: str,
    say: Say,
) -> go.Heatmap:
    left, top, right, bottom = grid.box
    drawn, value = shown(weights, signed, unit, say)
    cells = drawn[: grid.rows * grid.cols].reshape(grid.rows, grid.cols)
    x, y = _centres(left, right, grid.cols, width), _centres(top, bottom, grid.rows, height)
    heat = heat_layer(cells, x, y, opacity, "best", f"%{{text}}: {value}<extra></extra>", signed, limit)
    names = [
        [say(ROW_COLUMN, row=row, column=column) for column in range(1, grid.cols + 1)]
        for row in range(1, grid.rows + 1)
    ]
    return heat.update(text=names)


def _centres(start: float, end: float, cells: int, pixels: int) -> list[float]:
    return [float(pixels * (start + (end - start) * (cell + 0.5) / cells)) for cell in range(cells)]


def _data_uri(image: ImageArray) -> str:
    picture = Image.fromarray(image)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
