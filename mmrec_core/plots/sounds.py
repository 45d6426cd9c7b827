"""A spectrogram under the heat of its map."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mmrec_core.plots.base import figure_of
from mmrec_core.plots.heat import OF_THE_SCORE, heat_layer, shown
from mmrec_core.types import AudioGrid, Say, Spectrogram, TokenMap, english

GREYS: list[list[object]] = [[0.0, "#0d1117"], [0.6, "#48606f"], [1.0, "#e4eff2"]]
"""The spectrogram under its map: dark, so that the heat carries the colour."""
HERTZ_TICKS = (0, 250, 500, 1000, 2000, 4000, 8000, 16000)


def sound_heat(
    spectrogram: Spectrogram,
    token_map: TokenMap | None,
    opacity: float = 0.6,
    template: str = "plotly_white",
    signed: bool = False,
    limit: float | None = None,
    unit: str = OF_THE_SCORE,
    say: Say = english,
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
        traces.append(_sound_cells(token_map.grid, token_map.weights, opacity, signed, limit, unit, say))
    figure = figure_of(traces, template, height=260)
    top = spectrogram.hertz[-1]
    ticks = [hertz for hertz in HERTZ_TICKS if hertz <= top]
    figure.update_xaxes(title_text=say("seconds"), range=[0, spectrogram.seconds[-1]], showgrid=False)
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


def _sound_cells(
    grid: AudioGrid, weights: NDArray[np.float64], opacity: float, signed: bool, limit: float | None, unit: str,
    say: Say,
) -> go.Heatmap:  # fmt: skip
    steps, bands = len(grid.seconds) - 1, len(grid.hertz) - 1
    drawn, value = shown(weights, signed, unit, say)
    cells = drawn[: steps * bands].reshape(steps, bands).T
    hover = f"%{{x:.2f}} {say('s')}: {value}<extra></extra>"
    return heat_layer(
        cells, list(grid.seconds), [mel(hertz) for hertz in grid.hertz], opacity, False, hover, signed, limit
    )
