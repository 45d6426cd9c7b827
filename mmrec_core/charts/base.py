"""What the charts of methods share: a calm layout and one look a method."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from mmrec_core.plots import FONT, ink

BASELINES = ("#2f9e5b", "#b4559b", "#b8860b", "#6b7fa3", "#a0522d", "#5f9ea0", "#8a919e")
"""Colours of the methods beside the one in use; none is a modality's."""
DASHES = ("dash", "dot", "dashdot", "longdash", "longdashdot", "dash", "dot")


def faint(colour: str, alpha: float = 0.13) -> str:
    """A colour ``#rrggbb`` that lets the background through."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def looks(methods: Sequence[str], reference: str, template: str) -> dict[str, tuple[str, str]]:
    """(colour, dash) by method: ink and a whole line for the reference, so that it stands out without a legend."""
    others = [method for method in methods if method != reference]
    found = {m: (BASELINES[n % len(BASELINES)], DASHES[n % len(DASHES)]) for n, m in enumerate(others)}
    return {reference: (ink(template), "solid"), **found}


def styled(figure: go.Figure, template: str, height: int, legend: bool = True) -> go.Figure:
    """The layout that every chart has: transparent, no dragging, the legend above."""
    figure.update_layout(
        template=template,
        height=height,
        margin={"l": 8, "r": 8, "t": 34 if legend else 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 13, "color": ink(template)},
        showlegend=legend,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        dragmode=False,
        hoverlabel={"align": "left"},
    )
    figure.update_xaxes(automargin=True, fixedrange=True, zeroline=False, title={"font": {"size": 12}, "standoff": 8})
    figure.update_yaxes(automargin=True, fixedrange=True, zeroline=False, title={"font": {"size": 12}, "standoff": 16})
    return figure
