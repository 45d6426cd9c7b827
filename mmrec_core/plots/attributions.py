"""Shares of the score as bars and tables, and alpha as a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mmrec_core.plots.base import figure_of
from mmrec_core.plots.look import DIVERGING, colour_of, how_obtained, ink, name_of, signed_format
from mmrec_core.types import Attribution, FusionAttention, PairAttribution, Say, english

SEQUENTIAL: list[list[object]] = [[0.0, "rgba(99,110,230,0.04)"], [1.0, "rgba(99,110,230,0.8)"]]
"""The scale of attention between slots."""
ROOM = 0.22
"""Part of an axis of bars left free at either end, for the numbers."""


def modality_bars(
    attribution: Attribution,
    template: str = "plotly_white",
    of: str = "score",
    beside: Sequence[Attribution] = (),
    room: float = ROOM,
    say: Say = english,
) -> go.Figure:
    """One horizontal bar a player, signed; the first player on top.

    Args:
        attribution: the shares.
        template: of plotly.
        of: what is shared, for the axis.
        beside: other shares whose bars are drawn to the same scale.
        room: part of the axis left free at either end for numbers; more where the figure is narrow.
        say: the language of names and of what hover tells.
    """
    values = [float(value) for value in attribution.values]
    hover = say("{share} of {whole}", share="%{x:+.4f}", whole=f"{say(of)} %{{customdata[1]:.4f}}")
    bars = go.Bar(
        x=values,
        y=[say(name_of(player)) for player in attribution.players],
        orientation="h",
        marker={"color": [colour_of(player) for player in attribution.players], "cornerradius": 5},
        text=[signed_format(value, "+.3f") for value in values],
        textposition="outside",
        cliponaxis=False,
        customdata=[[say(how_obtained(attribution.method)), attribution.target]] * len(values),
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
    """Query modality x item modality, bordered by what each side adds alone; all cells together are the score.

    The corner holds the baseline, so the whole table sums to ``target`` up to the residual.
    """
    rows = [say("query {part}", part=say(name_of(player)).lower()) for player in pairs.query_players]
    columns = [say("item {part}", part=say(name_of(player)).lower()) for player in pairs.item_players]
    hover = say("{cell}: {share} of the score", cell="%{y} × %{x}", share="%{z:+.4f}")
    cells = np.block(
        [[pairs.matrix, pairs.query_only[:, None]], [pairs.item_only[None, :], np.array([[pairs.baseline]])]]
    )
    largest = max(float(np.abs(cells).max(initial=0.0)), 1e-9)
    rows, columns = [*rows, say("item alone")], [*columns, say("query alone")]
    heat = _matrix(cells, columns, rows, DIVERGING, (-largest, largest), "+.3f", hover, template)
    return _matrix_figure(heat, len(rows), template)


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
