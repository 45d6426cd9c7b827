"""Curves with numbers on them, as SVG: pure geometry of the links between two media."""

from __future__ import annotations

from collections.abc import Sequence

from mmrec_core.plots import colour_of
from mmrec_core.types import Match
from pages._ui.leads import Lead, Point

Ends = tuple[Point, Point]
SPOT = 26.0
"""Pixels between two numbers, at least."""


def link(order: int, match: Match, ours: Lead, theirs: Lead) -> str:
    """A line from part to part: along its leads, and in a curve between them, from one modality's colour to the other's."""
    (x0, y0), (x1, y1) = ours[-1], theirs[-1]
    middle = (x0 + x1) / 2
    stops = "".join(
        f'<stop offset="{at}" stop-color="{colour_of(m)}"/>'
        for at, m in ((0, match.query_modality), (1, match.item_modality))
    )
    # in pixels of the drawing: a level link has a box of no height, and would lose a gradient in units of its box
    gradient = (
        f'<linearGradient id="g{order}" gradientUnits="userSpaceOnUse" x1="{x0:.0f}" x2="{x1:.0f}" y1="0" y2="0">'
    )
    there, back = (" ".join(f"{x:.1f},{y:.1f}" for x, y in way) for way in (ours, theirs[-2::-1]))
    return (
        f'{gradient}{stops}</linearGradient><path d="M{there} C{middle:.1f},{y0:.1f} {middle:.1f},{y1:.1f} '
        f'{x1:.1f},{y1:.1f} L{back}" fill="none" stroke="url(#g{order})" stroke-width="{max(3.3 - 0.2 * order, 1.6):.1f}" '
        'stroke-linejoin="round" stroke-opacity="0.85"/>'
    )


def number(order: int, x: float, y: float, ink: str) -> str:
    """The number of a link in a circle, on the paper that goes with the ink."""
    paper = "#14161a" if ink.startswith("#e") else "#ffffff"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="{paper}" stroke="{ink}" stroke-width="1.2"/>'
        f'<text x="{x:.1f}" y="{y + 4.5:.1f}" font-size="13" font-weight="600" text-anchor="middle" fill="{ink}">{order}</text>'
    )


def free_place(ends: Ends, placed: Sequence[Point]) -> Point:
    """A point on the curve that keeps its distance from the numbers placed before; the middle where it can be had."""
    points = [_on_curve(ends, t) for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)]
    free = (p for p in points if all((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 >= SPOT**2 for q in placed))
    return next(free, points[0])


def _on_curve(ends: Ends, t: float) -> Point:
    (x0, y0), (x1, y1) = ends
    middle = (x0 + x1) / 2
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
    return a * x0 + (b + c) * middle + d * x1, (a + b) * y0 + (c + d) * y1
