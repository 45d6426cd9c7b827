"""The figure that all others start from: transparent, nothing to drag."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from mmrec_core.plots.look import FONT, ink


def figure_of(traces: Sequence[go.Bar | go.Heatmap], template: str, height: int | None) -> go.Figure:
    """``traces`` in the layout that every figure has; without a ``height`` (pixels) plotly chooses one."""
    layout = go.Layout(
        template=template,
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": ink(template)},
        showlegend=False,
        dragmode=False,
    )
    figure = go.Figure(data=list(traces), layout=layout)
    axis = {"automargin": True, "fixedrange": True, "ticklabelstandoff": 6}
    figure.update_xaxes(**axis, title={"font": {"size": 12}, "standoff": 8})
    figure.update_yaxes(**axis)
    return figure
