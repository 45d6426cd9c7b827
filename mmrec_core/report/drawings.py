"""Drawings for paper: results -> PNG bytes, by matplotlib without any window or global state."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core import plots
from mmrec_core.report.figures import KINDS, is_signed, scale_of, sound_cells, unit_of
from mmrec_core.report.printable import printable
from mmrec_core.types import (
    Attribution,
    AudioGrid,
    Explained,
    ImageArray,
    ImageGrid,
    PairAttribution,
    Spectrogram,
    TokenMap,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 150
MOST_WORDS = 14


def bars(attribution: Attribution) -> bytes:
    """The baseline and the shares of the score by player: together they are the score."""
    values = np.array([attribution.baseline, *attribution.values])
    figure, axes = _canvas(5.2, 0.5 + 0.42 * len(values))
    names = ["Baseline", *map(plots.name_of, attribution.players)]
    drawn = axes.barh(names, values, color=[plots.OTHER_COLOUR, *map(plots.colour_of, attribution.players)])
    axes.bar_label(drawn, labels=[plots.signed_format(float(v), "+.3f") for v in values], padding=3)
    axes.axvline(0, color="#555", linewidth=0.8)
    axes.margins(x=0.2)
    axes.invert_yaxis()
    axes.set_xlabel("share of the score")
    return _png(figure)


def matrix(pairs: PairAttribution) -> bytes:
    """Query modality x item modality, bordered by what each side adds where nothing of the other is shown: all cells are the score."""
    cells = np.block(
        [[pairs.matrix, pairs.query_only[:, None]], [pairs.item_only[None, :], np.array([[pairs.baseline]])]]
    )
    figure, axes = _canvas(1.6 + 1.2 * cells.shape[1], 0.9 + 0.5 * len(cells))
    largest = max(float(np.abs(cells).max(initial=0.0)), 1e-9)
    axes.imshow(cells, cmap="PiYG", vmin=-largest, vmax=largest, aspect="auto")
    columns = [f"item {plots.name_of(p).lower()}" for p in pairs.item_players]
    rows = [f"query {plots.name_of(p).lower()}" for p in pairs.query_players]
    axes.set_xticks(range(cells.shape[1]), [*columns, "nothing of the item"], fontsize=7)
    axes.set_yticks(range(len(cells)), [*rows, "nothing of the query"], fontsize=7)
    for (row, column), value in np.ndenumerate(cells):
        ink = "white" if abs(value) > 0.7 * largest else "black"
        shown = plots.signed_format(float(value), "+.3f")
        axes.text(column, row, shown, ha="center", va="center", color=ink)
    return _png(figure)


def picture_map(image: ImageArray, explained: Explained, scale: float) -> bytes:
    """The picture under its map."""
    height, width = image.shape[:2]
    figure, axes = _canvas(3.4, min(3.4 * height / width, 4.5))
    axes.imshow(image)
    grid = explained.map.grid if explained.map else None
    if explained.map is not None and isinstance(grid, ImageGrid):
        left, top, right, bottom = grid.box
        cells = explained.map.weights[: grid.rows * grid.cols].reshape(grid.rows, grid.cols)
        extent = (left * width, right * width, bottom * height, top * height)
        axes.imshow(cells, extent=extent, alpha=_alpha(cells), **_scale(explained, scale))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    return _png(figure)


def sound_map(spectrogram: Spectrogram, explained: Explained, scale: float) -> bytes:
    """The spectrogram under its map, low pitches below, on a mel axis."""
    figure, axes = _canvas(5.2, 2.0)
    pitches = [plots.mel(hertz) for hertz in spectrogram.hertz]
    axes.pcolormesh(spectrogram.seconds, pitches, spectrogram.decibels, cmap="Greys_r", vmin=-80, vmax=0)
    drawn: TokenMap | None = explained.map
    if drawn is not None and isinstance(drawn.grid, AudioGrid):
        cells = sound_cells(drawn, drawn.grid)
        edges = [plots.mel(hertz) for hertz in drawn.grid.hertz]
        axes.pcolormesh(drawn.grid.seconds, edges, cells, alpha=_alpha(cells), **_scale(explained, scale))
    ticks = [hertz for hertz in plots.HERTZ_TICKS if hertz <= spectrogram.hertz[-1]]
    axes.set_yticks([plots.mel(hertz) for hertz in ticks], [f"{hertz / 1000:g} kHz" for hertz in ticks], fontsize=6)
    axes.set_xlabel("seconds")
    return _png(figure)


def word_bars(explained: Explained) -> bytes:
    """The words with the largest weights, at most MOST_WORDS, in reading order."""
    chosen = np.sort(np.argsort(-np.abs(explained.values), kind="stable")[:MOST_WORDS])
    values = explained.values[chosen]
    figure, axes = _canvas(5.2, 0.5 + 0.2 * len(chosen))
    colours = ["#48a02c" if value >= 0 else "#c8287d" for value in values]
    axes.barh(range(len(chosen)), values, color=colours)
    words = [printable(explained.parts[n]) for n in chosen]
    axes.set_yticks(range(len(chosen)), words, fontsize=7, parse_math=False)
    axes.axvline(0, color="#555", linewidth=0.8)
    axes.invert_yaxis()
    axes.set_xlabel(KINDS[unit_of(explained)])
    return _png(figure)


def _scale(explained: Explained, scale: float) -> dict[str, Any]:
    if is_signed(explained):
        end = scale_of(explained, scale)
        return {"cmap": "PiYG", "vmin": -end, "vmax": end}
    weights = explained.map.weights if explained.map else np.zeros(1)
    return {"cmap": "YlOrRd", "vmin": 0.0, "vmax": max(float(weights.max(initial=0.0)), 1e-12)}


def _alpha(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """Nothing is drawn where nothing is said, so that the original stays visible."""
    size = np.abs(cells)
    return 0.15 + 0.6 * size / max(float(size.max(initial=0.0)), 1e-12)


def _canvas(width: float, height: float) -> tuple[Figure, Any]:
    """A figure of its own, in inches: pyplot would keep it in global state, which threads share."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()
