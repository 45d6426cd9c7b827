"""A training as it goes: losses and validation, epoch by epoch."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mmrec_core.charts.base import BASELINES, styled
from mmrec_core.plots import ink
from mmrec_core.types import Epoch, Say, english

LEAST_AROUND = 0.005
"""Kept free above and below the curve of validation, which would else be blown up or lost where it hardly moves."""


def training_curves(epochs: Sequence[Epoch], template: str = "plotly_white", say: Say = english) -> go.Figure:
    """Validation (left, the best epoch marked) and the parts of the loss (right)."""
    figure = make_subplots(1, 2, subplot_titles=(say("Validation, mean of all lines"), say("Training loss by task")))
    numbers, scores = [e.number for e in epochs], [e.score for e in epochs]
    figure.add_trace(_line(say("validation"), numbers, scores, ink(template), "%{y:.4f}", say, legend=False), 1, 1)
    if epochs:
        best = max(epochs, key=lambda epoch: epoch.score)
        figure.add_trace(_best(best, ink(template), say), 1, 1)
    tasks = dict.fromkeys(name for epoch in epochs for name in epoch.losses)
    for colour, task in zip(BASELINES, tasks, strict=False):
        told = [epoch for epoch in epochs if task in epoch.losses]
        losses = [epoch.losses[task] for epoch in told]
        figure.add_trace(_line(say(task), [e.number for e in told], losses, colour, "%{y:.3f}", say), 1, 2)
    figure.update_xaxes(title_text=say("epoch"), dtick=max(1, len(epochs) // 8), rangemode="nonnegative")
    if scores:
        around = max(0.15 * (max(scores) - min(scores)), LEAST_AROUND)
        figure.update_yaxes(range=[min(scores) - around, max(scores) + around], row=1, col=1)
    figure.update_yaxes(rangemode="tozero", row=1, col=2)
    return styled(figure, template, 300).update_layout(legend={"x": 0.55, "y": -0.18, "yanchor": "top"})


def _line(name: str, x: list[int], y: list[float], colour: str, form: str, say: Say, legend: bool = True) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=y,
        name=name,
        mode="lines+markers",
        line={"color": colour, "width": 2},
        marker={"size": 6},
        showlegend=legend,
        hovertemplate=f"{say('epoch {n}', n='%{x}')}: {form}<extra>{name}</extra>",
    )


def _best(epoch: Epoch, colour: str, say: Say) -> go.Scatter:
    return go.Scatter(
        x=[epoch.number],
        y=[epoch.score],
        mode="markers",
        marker={"size": 15, "color": "rgba(0,0,0,0)", "line": {"color": colour, "width": 2}},
        showlegend=False,
        hovertemplate=say("best: epoch {n}, {score:.4f}", n=epoch.number, score=epoch.score) + "<extra></extra>",
    )
