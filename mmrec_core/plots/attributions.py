"""Shares of the score as bars and tables, and alpha as a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mmrec_core.plots.base import figure_of
from mmrec_core.plots.look import DIVERGING, OTHER_COLOUR, colour_of, how_obtained, ink, name_of, signed_format
from mmrec_core.types import Attribution, FusionAttention, PairAttribution, Say, english

SEQUENTIAL: list[list[object]] = [[0.0, "rgba(99,110,230,0.04)"], [1.0, "rgba(99,110,230,0.8)"]]
"""The scale of attention between slots."""
SMALL = "<span style='font-size:11px'>{}</span>"
"""A second line inside a cell."""
ROOM = 0.22
"""Part of an axis of bars left free at either end, for the numbers."""


def modality_bars(
    attribution: Attribution,
    template: str = "plotly_white",
    of: str = "score",
    beside: Sequence[Attribution] = (),
    room: float = ROOM,
    say: Say = english,
    start: bool = False,
) -> go.Figure:
    """One horizontal bar a player, signed; the first player on top.

    Args:
        attribution: the shares.
        template: of plotly.
        of: what is shared, for the axis.
        beside: other shares whose bars are drawn to the same scale.
        room: part of the axis left free at either end for numbers; more where the figure is narrow.
        say: the language of names and of what hover tells.
        start: whether the baseline is a grey bar above them, so that all bars add up to what is shared.
    """
    values = [float(value) for value in attribution.values]
    names = [say(name_of(player)) for player in attribution.players]
    colours = [colour_of(player) for player in attribution.players]
    told = [say(how_obtained(attribution.method))] * len(values)
    if start:
        values, names, colours = [attribution.baseline, *values], [say("Baseline"), *names], [OTHER_COLOUR, *colours]
        told = [say("What is there before any part is shown"), *told]
    hover = say("{share} of {whole}", share="%{x:+.4f}", whole=f"{say(of)} %{{customdata[1]:.4f}}")
    bars = go.Bar(
        x=values,
        y=names,
        orientation="h",
        marker={"color": colours, "cornerradius": 5},
        text=[signed_format(value, "+.3f") for value in values],
        textposition="outside",
        cliponaxis=False,
        customdata=[[how, attribution.target] for how in told],
        hovertemplate=f"%{{y}}: {hover}<br>%{{customdata[0]}}<extra></extra>",
    )
    figure = figure_of([bars], template, height=60 + 46 * max(len(values), 1))
    scale = _padded_range([*values, *(float(value) for other in beside for value in other.values)], room)
    figure.update_xaxes(
        range=scale, zeroline=True, zerolinewidth=1.5, title_text=say("share of the {whole}", whole=say(of))
    )
    figure.update_yaxes(autorange="reversed", ticksuffix="  ")
    return figure


def pair_matrix(pairs: PairAttribution, template: str = "plotly_white", say: Say = english) -> go.Figure:
    """Query modality x item modality, bordered by what each side adds where nothing of the other is shown.

    The corner is the score of nothing with nothing. All cells together are the score; a row adds up to the share of that part
    of the query, the last row to the baseline of the query's shares, and columns likewise for the item.
    """
    cells = np.block(
        [[pairs.matrix, pairs.query_only[:, None]], [pairs.item_only[None, :], np.array([[pairs.baseline]])]]
    )
    rows = [say("query {part}", part=say(name_of(player)).lower()) for player in pairs.query_players]
    columns = [say("item {part}", part=say(name_of(player)).lower()) for player in pairs.item_players]
    rows, columns = [*rows, say("nothing of the query")], [*columns, say("nothing of the item")]
    largest = max(float(np.abs(cells).max(initial=0.0)), 1e-9)
    heat = _matrix(cells, columns, rows, DIVERGING, (-largest, largest), "+.3f", "%{customdata}", template)
    heat.customdata = _what_cells_are(cells, rows, columns, say)
    heat.text = [*heat.text[:-1], [*heat.text[-1][:-1], f"{heat.text[-1][-1]}<br>{SMALL.format(say('neither side'))}"]]
    return _matrix_figure(heat, len(rows), template)


def _what_cells_are(
    cells: NDArray[np.float64], rows: Sequence[str], columns: Sequence[str], say: Say
) -> list[list[str]]:
    """What hover tells of every cell. The last one is easily taken for the baseline of the query's shares: it is none."""
    shares = [[signed_format(float(value), "+.4f") for value in line] for line in cells]
    told = [
        [
            say("{cell}: {share} of the score", cell=f"{row} × {column}", share=share)
            for column, share in zip(columns, line, strict=True)
        ]
        for row, line in zip(rows, shares, strict=True)
    ]
    told[-1][-1] = say(
        "Neither side shows anything: {share}<br>What the model scores for an empty query and an empty item, "
        "before either shows a part.",
        share=shares[-1][-1],
    )
    return told


def alpha_heatmap(alpha: FusionAttention, template: str = "plotly_white", say: Say = english) -> go.Figure:
    """alpha_ij: row = who looks, column = at whom; each row sums to one."""
    names = [say(name_of(slot)) for slot in alpha.slots]
    hover = say("{who} looks at {whom}: {share} of its attention", who="%{y}", whom="%{x}", share="%{z:.1%}")
    heat = _matrix(alpha.matrix, names, names, SEQUENTIAL, (0.0, 1.0), ".0%", hover, template)
    return _matrix_figure(heat, len(names), template)


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
        textfont={"color": ink(template), "size": 14},
        hovertemplate=f"{hover}<extra></extra>",
    )


def _matrix_figure(heat: go.Heatmap, n_rows: int, template: str) -> go.Figure:
    figure = figure_of([heat], template, height=70 + 56 * n_rows)
    figure.update_xaxes(side="top", showgrid=False, zeroline=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, zeroline=False, ticksuffix="  ")
    return figure


def _padded_range(values: Sequence[float], share: float) -> list[float]:
    """An axis that shows zero and leaves room for the number at the end of each bar."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    room = share * (high - low or 1.0)
    return [low - (room if low < 0 else 0.0), high + room]
