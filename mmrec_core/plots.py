"""Results -> plotly figures. Pure: no widget, no state, no theme of its own (the template is an argument, backgrounds are transparent)."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image

from mmrec_core.types import (
    Attribution,
    AudioGrid,
    FusionAttention,
    ImageArray,
    ImageGrid,
    PairAttribution,
    Spectrogram,
    TokenMap,
)

COLOURS: dict[str, str] = {
    "image": "#3b82f6",
    "text": "#e59a1c",
    "audio": "#14a39a",
    "video": "#8b5cf6",
    "profile": "#e2557b",
}
"""One colour a modality, everywhere in the interface."""
OTHER_COLOUR = "#8a919e"
"""Players that are no modality: slots of the model, sums, the rest."""
NAMES: dict[str, str] = {
    "image": "Image",
    "text": "Text",
    "audio": "Sound",
    "video": "Video",
    "profile": "Profile",
    "cls": "[CLS]",
}
"""What a modality is called in front of a person."""

DIVERGING: list[list[object]] = [
    [0.0, "rgba(200,40,125,0.8)"],
    [0.5, "rgba(128,128,128,0.06)"],
    [1.0, "rgba(72,160,44,0.8)"],
]
"""The one scale of signed attributions: magenta below zero, green above; its middle lets any background through."""
SEQUENTIAL: list[list[object]] = [[0.0, "rgba(99,110,230,0.04)"], [1.0, "rgba(99,110,230,0.8)"]]
"""The scale of attention between slots."""
HEAT: list[list[object]] = [
    [0.0, "rgba(255,214,64,0.0)"],
    [0.35, "rgba(255,190,40,0.35)"],
    [0.7, "rgba(250,110,20,0.8)"],
    [1.0, "rgba(214,20,36,1.0)"],
]
"""The scale of a map drawn over an original: nothing where nobody looked."""
GREYS: list[list[object]] = [[0.0, "#0d1117"], [0.6, "#48606f"], [1.0, "#e4eff2"]]
"""The spectrogram under its map: dark, so that the heat carries the colour."""
LONGEST_SIDE = 960
"""Pixels of the picture inside a figure; the browser needs no more."""
HERTZ_TICKS = (0, 250, 500, 1000, 2000, 4000, 8000, 16000)
ROOM = 0.22
"""Part of an axis of bars left free at either end, for the numbers."""
FONT = "Source Sans, Source Sans Pro, sans-serif"
"""Of the pages around the figures."""
OF_THE_SCORE, OF_THE_LOOK = " of the score", " (weight of the look)"
"""What a signed map is in: shares of the score; or what attention carries, which is in no unit of it."""


def colour_of(player: str) -> str:
    """The colour of a modality (or of the grey rest)."""
    return COLOURS.get(player, OTHER_COLOUR)


def name_of(player: str) -> str:
    """What a player is called in front of a person."""
    return NAMES.get(player, player)


def modality_bars(
    attribution: Attribution,
    template: str = "plotly_white",
    of: str = "score",
    beside: Sequence[Attribution] = (),
    room: float = ROOM,
) -> go.Figure:
    """One horizontal bar a player, signed; the first player on top.

    Args:
        attribution: the shares.
        template: of plotly.
        of: what is shared, for the axis.
        beside: other shares whose bars are drawn to the same scale.
        room: part of the axis left free at either end for numbers; more where the figure is narrow.
    """
    values = [float(value) for value in attribution.values]
    bars = go.Bar(
        x=values,
        y=[name_of(player) for player in attribution.players],
        orientation="h",
        marker={"color": [colour_of(player) for player in attribution.players], "cornerradius": 5},
        text=[signed_format(value, "+.3f") for value in values],
        textposition="outside",
        cliponaxis=False,
        customdata=[[attribution.method, attribution.target]] * len(values),
        hovertemplate="%{y}: %{x:+.4f} of " + of + " %{customdata[1]:.4f}<br>%{customdata[0]}<extra></extra>",
    )
    figure = _figure([bars], template, height=60 + 46 * max(len(values), 1))
    scale = _padded_range([*values, *(float(value) for other in beside for value in other.values)], room)
    figure.update_xaxes(range=scale, zeroline=True, zerolinewidth=1.5, title_text=f"share of the {of}")
    figure.update_yaxes(autorange="reversed", ticksuffix="  ")
    return figure


def pair_matrix(pairs: PairAttribution, template: str = "plotly_white") -> go.Figure:
    """Query modality x item modality, bordered by what each side adds alone; all cells together are the score.

    The corner holds the baseline, so the whole table sums to ``target`` up to the residual.
    """
    rows = [f"query {name_of(player).lower()}" for player in pairs.query_players] + ["item alone"]
    columns = [f"item {name_of(player).lower()}" for player in pairs.item_players] + ["query alone"]
    cells = np.block(
        [[pairs.matrix, pairs.query_only[:, None]], [pairs.item_only[None, :], np.array([[pairs.baseline]])]]
    )
    largest = max(float(np.abs(cells).max(initial=0.0)), 1e-9)
    heat = _matrix(
        cells, columns, rows, DIVERGING, (-largest, largest), "+.3f", "%{y} × %{x}: %{z:+.4f} of the score", template
    )
    return _matrix_figure(heat, len(rows), template)


def alpha_heatmap(alpha: FusionAttention, template: str = "plotly_white") -> go.Figure:
    """alpha_ij: row = who looks, column = at whom; each row sums to one."""
    names = [name_of(slot) for slot in alpha.slots]
    hover = "%{y} looks at %{x}: %{z:.1%} of its attention"
    heat = _matrix(alpha.matrix, names, names, SEQUENTIAL, (0.0, 1.0), ".0%", hover, template)
    return _matrix_figure(heat, len(names), template)


def picture_heat(
    image: ImageArray,
    token_map: TokenMap | None,
    opacity: float = 0.6,
    template: str = "plotly_white",
    signed: bool = False,
    limit: float | None = None,
    unit: str = OF_THE_SCORE,
) -> go.Figure:
    """The picture with a smooth heat over the cells of ``token_map``; hover names a cell and gives its share of the attention.

    ``signed`` draws the weights as they are, on the diverging scale with zero in its middle, and hover gives them in ``unit``;
    ``limit`` is the weight of the strongest colour, by default the largest of this map.
    """
    height, width = image.shape[:2]
    traces = []
    if token_map is not None and isinstance(token_map.grid, ImageGrid):
        traces.append(_picture_cells(token_map.grid, token_map.weights, width, height, opacity, signed, limit, unit))
    figure = _figure(traces, template, height=None)
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


def sound_heat(
    spectrogram: Spectrogram,
    token_map: TokenMap | None,
    opacity: float = 0.6,
    template: str = "plotly_white",
    signed: bool = False,
    limit: float | None = None,
    unit: str = OF_THE_SCORE,
) -> go.Figure:
    """The spectrogram (decibels below the loudest cell) with the heat of ``token_map`` over it; see ``picture_heat``."""
    sound = go.Heatmap(
        z=spectrogram.decibels,
        x=list(spectrogram.seconds),
        y=[mel(hertz) for hertz in spectrogram.hertz],
        colorscale=GREYS,
        zmin=-80,
        zmax=0,
        showscale=False,
        hoverinfo="skip" if token_map is not None else None,
        hovertemplate=None if token_map is not None else "%{x:.2f} s: %{z:.0f} dB<extra></extra>",
    )
    traces = [sound]
    if token_map is not None and isinstance(token_map.grid, AudioGrid):
        traces.append(_sound_cells(token_map.grid, token_map.weights, opacity, signed, limit, unit))
    figure = _figure(traces, template, height=260)
    top = spectrogram.hertz[-1]
    ticks = [hertz for hertz in HERTZ_TICKS if hertz <= top]
    figure.update_xaxes(title_text="seconds", range=[0, spectrogram.seconds[-1]], showgrid=False)
    figure.update_yaxes(
        tickvals=[mel(hertz) for hertz in ticks],
        ticktext=[f"{hertz / 1000:g} kHz" if hertz >= 1000 else f"{hertz} Hz" for hertz in ticks],
        range=[mel(spectrogram.hertz[0]), mel(top)],
        showgrid=False,
    )
    return figure


def mel(hertz: float) -> float:
    """Pitch in mel (HTK formula: 2595 log10(1 + f/700)), so that the axis is spaced as one hears it."""
    return 2595.0 * math.log10(1.0 + hertz / 700.0)


def signed_format(value: float, spec: str) -> str:
    """A number in the given format, a true minus sign, and no sign on what rounds to zero."""
    text = format(value, spec)
    if not any(digit in text for digit in "123456789"):
        return format(0.0, spec).replace("+", "")
    return text.replace("-", "−")


def _ink(template: str) -> str:
    return "#e9ebee" if template == "plotly_dark" else "#20242b"


def _picture_cells(
    grid: ImageGrid,
    weights: NDArray[np.float64],
    width: int,
    height: int,
    opacity: float,
    signed: bool,
    limit: float | None,
    unit: str,
) -> go.Heatmap:
    left, top, right, bottom = grid.box
    cells = (weights if signed else _shares(weights))[: grid.rows * grid.cols].reshape(grid.rows, grid.cols)
    x, y = _centres(left, right, grid.cols, width), _centres(top, bottom, grid.rows, height)
    value = f"%{{z:+.4f}}{unit}" if signed else "%{z:.1%} of the attention"
    heat = _heat(cells, x, y, opacity, "best", f"%{{text}}: {value}<extra></extra>", signed, limit)
    names = [[f"row {row + 1}, column {column + 1}" for column in range(grid.cols)] for row in range(grid.rows)]
    return heat.update(text=names)


def _sound_cells(
    grid: AudioGrid, weights: NDArray[np.float64], opacity: float, signed: bool, limit: float | None, unit: str
) -> go.Heatmap:
    steps, bands = len(grid.seconds) - 1, len(grid.hertz) - 1
    cells = (weights if signed else _shares(weights))[: steps * bands].reshape(steps, bands).T
    value = f"%{{z:+.4f}}{unit}" if signed else "%{z:.1%} of the attention"
    hover = f"%{{x:.2f}} s: {value}<extra></extra>"
    return _heat(cells, list(grid.seconds), [mel(hertz) for hertz in grid.hertz], opacity, False, hover, signed, limit)


def _heat(
    cells: NDArray[np.float64],
    x: list[float],
    y: list[float],
    opacity: float,
    smooth: str | bool,
    hover: str,
    signed: bool,
    limit: float | None,
) -> go.Heatmap:
    highest = limit or max(float(np.abs(cells).max(initial=0.0)), 1e-12)
    return go.Heatmap(
        z=cells,
        x=x,
        y=y,
        colorscale=DIVERGING if signed else HEAT,
        zmin=-highest if signed else 0,
        zmax=highest,
        opacity=opacity,
        zsmooth=smooth,
        showscale=False,
        hovertemplate=hover,
    )


def _matrix(
    cells: NDArray[np.float64],
    columns: Sequence[str],
    rows: Sequence[str],
    scale: list[list[object]],
    limits: tuple[float, float],
    text: str,
    hover: str,
    template: str,
) -> go.Heatmap:
    """Cells that print their own value (``text`` is a format), in ink that is read on any of their shades."""
    return go.Heatmap(
        z=cells,
        x=list(columns),
        y=list(rows),
        colorscale=scale,
        zmin=limits[0],
        zmax=limits[1],
        xgap=3,
        ygap=3,
        showscale=False,
        text=[[signed_format(float(cell), text) for cell in row] for row in cells],
        texttemplate="%{text}",
        textfont={"color": _ink(template), "size": 14},
        hovertemplate=f"{hover}<extra></extra>",
    )


def _matrix_figure(heat: go.Heatmap, n_rows: int, template: str) -> go.Figure:
    figure = _figure([heat], template, height=70 + 56 * n_rows)
    figure.update_xaxes(side="top", showgrid=False, zeroline=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, zeroline=False, ticksuffix="  ")
    return figure


def _figure(traces: Sequence[go.Bar | go.Heatmap], template: str, height: int | None) -> go.Figure:
    layout = go.Layout(
        template=template,
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": _ink(template)},
        showlegend=False,
        dragmode=False,
    )
    figure = go.Figure(data=list(traces), layout=layout)
    axis = {"automargin": True, "fixedrange": True, "ticklabelstandoff": 6}
    figure.update_xaxes(**axis, title={"font": {"size": 12}, "standoff": 8})
    figure.update_yaxes(**axis)
    return figure


def _shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights as shares of their sum; all zero where nothing has weight."""
    total = float(weights.sum())
    return weights / total if total > 0 else np.zeros_like(weights)


def _centres(start: float, end: float, cells: int, pixels: int) -> list[float]:
    return [float(pixels * (start + (end - start) * (cell + 0.5) / cells)) for cell in range(cells)]


def _padded_range(values: Sequence[float], share: float) -> list[float]:
    """An axis that shows zero and leaves room for the number at the end of each bar."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    room = share * (high - low or 1.0)
    return [low - (room if low < 0 else 0.0), high + room]


def _data_uri(image: ImageArray) -> str:
    picture = Image.fromarray(image)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
