"""Matches between two sides as one drawing: media left and right, the parts that answer each other outlined and joined.

Links leave the words in lanes between the lines, and bend only between the two columns, so no link crosses a word.

Pure: values -> SVG inside HTML. The drawing is a picture (streamlit keeps no inline SVG); numbers on the links answer to the
pointer through spots of HTML above it.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field

from mmrec_core.plots import colour_of
from mmrec_core.types import Audio, ImageArray, Match, Modality, Side
from pages._ui import cache, curves, html, leads, lettering, links_words
from pages._ui.intake import to_jpeg
from pages._ui.language import say
from pages._ui.leads import Box, Lead
from pages._ui.links_words import Extent

WIDTH, SIDE = 1200.0, 430.0
IMAGE_HEIGHT, SOUND_HEIGHT, GAP = 300.0, 64.0, 26.0
BARS = 86
EDGE = 4.0
"""Pixels that an outline takes beyond its word."""


@dataclass
class _Column:
    """One side from ``x`` on: its SVG, and how links get from each part, by (modality, extent), to the ``edge`` they cross."""

    x: float
    edge: float
    svg: list[str] = field(default_factory=list)
    leads: dict[tuple[Modality, Extent], Lead] = field(default_factory=dict)
    height: float = 0.0


def drawing(query: Side, item: Side, matches: Sequence[Match], ink: str) -> str:
    """HTML of the drawing; ``ink`` is the colour of words."""
    left = _column(query, _Column(0.0, SIDE), [(m.query_modality, m.query_extent) for m in matches], ink)
    edge = WIDTH - SIDE
    right = _column(item, _Column(edge, edge), [(m.item_modality, m.item_extent) for m in matches], ink)
    height = max(left.height, right.height)
    links, spots = _links(matches, left, right, height, ink)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" '
        f'font-family="{lettering.FAMILY}">{"".join(left.svg + right.svg)}{links}</svg>'
    )
    coded = base64.b64encode(svg.encode()).decode("ascii")
    alt = say("{n} links between parts of your query, left, and parts of the item, right; listed below", n=len(matches))
    return f'<div class="mm-links"><img src="data:image/svg+xml;base64,{coded}" alt="{alt}">{spots}</div>'


def _column(side: Side, column: _Column, parts: list[tuple[Modality, Extent]], ink: str) -> _Column:
    """Picture, words and sound of one side below each other."""
    wanted = {kind: [extent for known, extent in dict.fromkeys(parts) if known is kind] for kind in Modality}
    if side.image is not None:
        _picture(column, side.image, wanted[Modality.IMAGE])
    if side.text:
        _words(column, side.text, wanted[Modality.TEXT], ink)
    if side.audio is not None:
        _sound(column, side.audio, wanted[Modality.AUDIO])
    return column


def _picture(column: _Column, image: ImageArray, wanted: list[Extent]) -> None:
    high, wide = image.shape[:2]
    scale = min(SIDE / wide, IMAGE_HEIGHT / high)
    width, height, y = wide * scale, high * scale, column.height
    x = column.x + (SIDE - width) / 2
    data = base64.b64encode(to_jpeg(image)).decode("ascii")
    column.svg.append(
        f'<image href="data:image/jpeg;base64,{data}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
    )
    for left, top, right, bottom in wanted:
        box = (x + left * width, y + top * height, (right - left) * width, (bottom - top) * height)
        column.leads[Modality.IMAGE, (left, top, right, bottom)] = leads.straight(box, column.edge)
        column.svg.append(_outline(box, "#ffffff", 4.5) + _outline(box, colour_of("image"), 2.5))
    column.height += height + GAP


def _words(column: _Column, text: str, wanted: list[Extent], ink: str) -> None:
    """The words around those that answer to something, in lines; what lies between is an ellipsis."""
    inner = column.x + EDGE, column.height, SIDE - 2 * EDGE
    laid = links_words.lay(text, wanted, *inner, column.edge)
    colour = colour_of("text")
    for extent, box in laid.boxes.items():
        column.svg.append(_outline(box, colour, 2.0, fill=f'{colour}" fill-opacity="0.22'))
        column.leads[Modality.TEXT, extent] = laid.leads[extent]
    for word in laid.words:
        column.svg.append(
            f'<text x="{word.x:.1f}" y="{word.y:.1f}" font-size="{links_words.SIZE:.0f}" fill="{ink}" '
            f'textLength="{word.wide:.1f}" lengthAdjust="spacingAndGlyphs">{html.escape(word.text)}</text>'
        )
    column.height = laid.bottom + GAP


def _sound(column: _Column, audio: Audio, wanted: list[Extent]) -> None:
    """A waveform; the seconds that answer to something stand out, and their links leave below it."""
    y, colour, step = column.height, colour_of("audio"), SIDE / BARS
    for n, peak in enumerate(cache.peaks(audio.samples, BARS)):
        tall = max(peak, 0.04) * SOUND_HEIGHT
        column.svg.append(
            f'<rect x="{column.x + n * step:.1f}" y="{y + (SOUND_HEIGHT - tall) / 2:.1f}" width="{step * 0.6:.1f}" '
            f'height="{tall:.1f}" rx="1.5" fill="{colour}"/>'
        )
    boxes: list[Box] = []
    for extent in wanted:
        start, end = (min(edge / audio.seconds, 1.0) * SIDE for edge in extent)
        boxes.append((column.x + start, y, max(end - start, 6.0), SOUND_HEIGHT))
        column.svg.append(_outline(boxes[-1], colour, 2.5, fill=f'{colour}" fill-opacity="0.18'))
    for extent, lead in zip(wanted, leads.below(boxes, column.edge), strict=True):
        column.leads[Modality.AUDIO, extent] = lead
    column.height += SOUND_HEIGHT + leads.room(len(wanted)) + GAP


def _outline(box: Box, colour: str, width: float, fill: str = "none") -> str:
    x, y, wide, high = box
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="4" fill="{fill}" stroke="{colour}" '
        f'stroke-width="{width}"/>'
    )


def _links(matches: Sequence[Match], left: _Column, right: _Column, height: float, ink: str) -> tuple[str, str]:
    """The curves with their numbers (SVG), and spots above the numbers that tell the rest (HTML)."""
    svg, numbers, spots = [], [], []
    placed: list[curves.Point] = []
    for number, match in enumerate(matches, 1):
        ours = left.leads.get((match.query_modality, match.query_extent))
        theirs = right.leads.get((match.item_modality, match.item_extent))
        if ours is None or theirs is None:
            continue
        x, y = curves.free_place((ours[-1], theirs[-1]), placed)
        placed.append((x, y))
        svg.append(curves.link(number, match, ours, theirs))
        numbers.append(curves.number(number, x, y, ink))
        tip = html.escape(
            say(
                "{ours} (your {our_medium}) and {theirs} (its {their_medium}): cosine {similarity:+.2f}",
                ours=match.query_label,
                our_medium=say(html.noun(match.query_modality)),
                theirs=match.item_label,
                their_medium=say(html.noun(match.item_modality)),
                similarity=match.similarity,
            ),
            quote=True,
        )
        spots.append(
            f'<span class="mm-spot mm-tip" tabindex="0" data-tip="{tip}" '
            f'style="left:{100 * x / WIDTH:.2f}%;top:{100 * y / height:.2f}%"></span>'
        )
    return "".join(svg + numbers), "".join(spots)
