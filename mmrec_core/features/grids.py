"""Grids as JSON values, for the token cache."""

from __future__ import annotations

from typing import Any

from mmrec_core.errors import MMRecError
from mmrec_core.types import AudioGrid, Grid, ImageGrid, TextGrid, told


def grid_to_json(grid: Grid) -> dict[str, Any]:
    """A small dictionary that ``grid_from_json`` reads back to an equal grid."""
    if isinstance(grid, ImageGrid):
        return {"kind": "image", "rows": grid.rows, "cols": grid.cols, "box": list(grid.box)}
    if isinstance(grid, TextGrid):
        return {"kind": "text", "spans": [list(span) for span in grid.spans]}
    return {"kind": "audio", "seconds": list(grid.seconds), "hertz": list(grid.hertz)}


def grid_from_json(value: dict[str, Any]) -> Grid:
    """The inverse of ``grid_to_json``; raises MMRecError for a kind that is not known."""
    kind = value["kind"]
    if kind == "image":
        left, top, right, bottom = value["box"]
        return ImageGrid(value["rows"], value["cols"], (left, top, right, bottom))
    if kind == "text":
        return TextGrid(tuple((start, end) for start, end in value["spans"]))
    if kind == "audio":
        return AudioGrid(tuple(value["seconds"]), tuple(value["hertz"]))
    raise MMRecError(
        told(
            "A stored grid is of kind {kind!r}; known: image, text, audio. Delete the token cache and run "
            "set-up again.",
            kind=kind,
        )
    )
