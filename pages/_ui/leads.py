"""Leads: how a link gets from a part to the edge of its column without crossing what is to be read."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, width, height in pixels of the drawing."""
Lead = tuple[Point, ...]
"""Corners from the part to the edge of its column."""
FIRST, NEXT = 5.0, 5.0
"""Pixels from a box to the first lane below it, and from lane to lane."""


def straight(box: Box, edge: float) -> Lead:
    """Level, from the side of the box that faces the edge."""
    x, y, wide, high = box
    middle = y + high / 2
    return (x + wide if edge > x + wide / 2 else x, middle), (edge, middle)


def below(boxes: Sequence[Box], edge: float) -> list[Lead]:
    """Down from each box into a lane of its own; the nearest to the edge takes the highest, so that no two cross."""
    lanes = sorted(range(len(boxes)), key=lambda n: abs(edge - boxes[n][0] - boxes[n][2] / 2))
    leads: list[Lead] = []
    for n, (x, y, wide, high) in enumerate(boxes):
        level = y + high + FIRST + NEXT * lanes.index(n)
        leads.append(((x + wide / 2, y + high), (x + wide / 2, level), (edge, level)))
    return leads


def room(lanes: int) -> float:
    """Pixels that so many lanes take below their boxes."""
    return FIRST + NEXT * lanes if lanes else 0.0
