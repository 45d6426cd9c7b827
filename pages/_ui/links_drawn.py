"""Matches between two sides as one drawing: media left and right, the parts that answer each other outlined and joined.

Pure: values -> SVG inside HTML. The drawing is a picture (streamlit keeps no inline SVG); numbers on the links answer to the
pointer through spots of HTML above it.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from mmrec_core.plots import colour_of
from mmrec_core.types import Match, Modality, Side
from pages._ui import cache, curves, html
from pages._ui.intake import to_jpeg

WIDTH, SIDE = 1200.0, 430.0
IMAGE_HEIGHT, SOUND_HEIGHT, LINE, GAP = 300.0, 64.0, 27.0, 26.0
CHARACTER = 8.6
"""Pixels a character takes at 16 pixels, on average; every word is set to exactly its share."""
CONTEXT = 5
"""Words shown on either side of a word that answers to something."""
Box = tuple[float, float, float, float]
"""Left, top, width, height in pixels of the drawing."""


@dataclass
class _Column:
    """One side: its pieces of SVG, and where each of its parts lies, by (modality, extent)."""

    svg: list[str]
    boxes: dict[tuple[Modality, tuple[float, ...]], Box]
    height: float = 0.0


def drawing(query: Side, item: Side, matches: Sequence[Match], ink: str) -> str:
    """HTML of the drawing; ``ink`` is the colour of words."""
    left = _column(query, 0.0, [(m.query_modality, m.query_extent) for m in matches], ink)
    right = _column(item, WIDTH - SIDE, [(m.item_modality, m.item_extent) for m in matches], ink)
    height = max(left.height, right.height)
    links, spots = _links(matches, left, right, height, ink)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" '
        f'font-family="Source Sans Pro, Segoe UI, sans-serif">{"".join(left.svg + right.svg)}{links}</svg>'
    )
    coded = base64.b64encode(svg.encode()).decode("ascii")
    alt = f"{len(matches)} links between parts of your query, left, and parts of the item, right; listed below"
    return f'<div class="mm-links"><img src="data:image/svg+xml;base64,{coded}" alt="{alt}">{spots}</div>'


def _column(side: Side, x: float, wanted: list[tuple[Modality, tuple[float, ...]]], ink: str) -> _Column:
    """Picture, words and sound of one side below each other."""
    column = _Column([], {})
    if side.image is not None:
        _picture(column, side, x, wanted)
    if side.text:
        _words(column, side.text, x, [e for m, e in wanted if m is Modality.TEXT], ink)
    if side.audio is not None:
        _sound(column, side, x, wanted)
    return column


def _picture(column: _Column, side: Side, x: float, wanted: list[tuple[Modality, tuple[float, ...]]]) -> None:
    assert side.image is not None  # noqa: S101
    high, wide = side.image.shape[:2]
    scale = min(SIDE / wide, IMAGE_HEIGHT / high)
    width, height, y = wide * scale, high * scale, column.height
    x += (SIDE - width) / 2
    data = base64.b64encode(to_jpeg(side.image)).decode("ascii")
    column.svg.append(
        f'<image href="data:image/jpeg;base64,{data}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
    )
    for modality, extent in wanted:
        if modality is Modality.IMAGE:
            left, top, right, bottom = extent
            box = (x + left * width, y + top * height, (right - left) * width, (bottom - top) * height)
            column.boxes[modality, extent] = box
            column.svg.append(_outline(box, "#ffffff", 4.5) + _outline(box, colour_of("image"), 2.5))
    column.height += height + GAP


def _words(column: _Column, text: str, x: float, wanted: list[tuple[float, ...]], ink: str) -> None:
    """The words around those that answer to something, in lines; what lies between is an ellipsis."""
    across, y = 0.0, column.height + 20.0
    for word, start in excerpt(text, [int(extent[0]) for extent in wanted]):
        width = max(len(word), 1) * CHARACTER
        if across + width > SIDE:
            across, y = 0.0, y + LINE
        for extent in wanted:
            if start is not None and start <= extent[0] < start + len(word):
                box = (x + across - 3, y - 17, width + 6, 23)
                column.boxes[Modality.TEXT, extent] = box
                column.svg.append(
                    _outline(box, colour_of("text"), 2.0, fill=f'{colour_of("text")}" fill-opacity="0.22')
                )
        column.svg.append(
            f'<text x="{x + across:.1f}" y="{y:.1f}" font-size="16" fill="{ink}" textLength="{width:.1f}" '
            f'lengthAdjust="spacingAndGlyphs">{html.escape(word)}</text>'
        )
        across += width + CHARACTER
    column.height = y + GAP


def excerpt(text: str, starts: Sequence[int]) -> list[tuple[str, int | None]]:
    """Words (with where they start) near ``starts``; gaps are an ellipsis without a place. All words where they are few."""
    words: list[tuple[str, int]] = []
    end = 0
    for word in text.split():
        start = text.index(word, end)
        end = start + len(word)
        words.append((word, start))
    if len(words) <= 6 * CONTEXT:
        return list(words)
    hits = [n for n, (word, start) in enumerate(words) if any(start <= s < start + len(word) for s in starts)]
    near = [any(abs(n - hit) <= CONTEXT for hit in hits) or (not hits and n < 2 * CONTEXT) for n in range(len(words))]
    shown: list[tuple[str, int | None]] = []
    for n, keep in enumerate(near):
        if keep:
            shown.append(words[n])
        elif not shown or shown[-1][1] is not None:
            shown.append(("…", None))
    return shown


def _sound(column: _Column, side: Side, x: float, wanted: list[tuple[Modality, tuple[float, ...]]]) -> None:
    """A waveform; the seconds that answer to something stand out."""
    assert side.audio is not None  # noqa: S101
    y, peaks = column.height, cache.peaks(side.audio.samples, 86)
    colour, step = colour_of("audio"), SIDE / 86
    for n, peak in enumerate(peaks):
        tall = max(peak, 0.04) * SOUND_HEIGHT
        column.svg.append(
            f'<rect x="{x + n * step:.1f}" y="{y + (SOUND_HEIGHT - tall) / 2:.1f}" width="{step * 0.6:.1f}" '
            f'height="{tall:.1f}" rx="1.5" fill="{colour}"/>'
        )
    for modality, extent in wanted:
        if modality is Modality.AUDIO:
            start, end = (min(edge / side.audio.seconds, 1.0) * SIDE for edge in extent)
            box = (x + start, y, max(end - start, 6.0), SOUND_HEIGHT)
            column.boxes[modality, extent] = box
            column.svg.append(_outline(box, colour, 2.5, fill=f'{colour}" fill-opacity="0.18'))
    column.height += SOUND_HEIGHT + GAP


def _outline(box: Box, colour: str, width: float, fill: str = "none") -> str:
    x, y, wide, high = box
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="4" fill="{fill}" stroke="{colour}" '
        f'stroke-width="{width}"/>'
    )


def _links(matches: Sequence[Match], left: _Column, right: _Column, height: float, ink: str) -> tuple[str, str]:
    """The curves with their numbers (SVG), and spots above the numbers that tell the rest (HTML)."""
    svg, spots = [], []
    placed: list[curves.Point] = []
    for number, match in enumerate(matches, 1):
        ours = left.boxes.get((match.query_modality, match.query_extent))
        theirs = right.boxes.get((match.item_modality, match.item_extent))
        if ours is None or theirs is None:
            continue
        ends = (ours[0] + ours[2], ours[1] + ours[3] / 2), (theirs[0], theirs[1] + theirs[3] / 2)
        x, y = curves.free_place(ends, placed)
        placed.append((x, y))
        svg.append(curves.link(number, match, ends) + curves.number(number, x, y, ink))
        tip = html.escape(
            f"{match.query_label} (your {html.noun(match.query_modality)}) and {match.item_label} "
            f"(its {html.noun(match.item_modality)}): cosine {match.similarity:+.2f}",
            quote=True,
        )
        spots.append(
            f'<span class="mm-spot mm-tip" tabindex="0" data-tip="{tip}" '
            f'style="left:{100 * x / WIDTH:.2f}%;top:{100 * y / height:.2f}%"></span>'
        )
    return "".join(svg), "".join(spots)
