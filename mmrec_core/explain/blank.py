"""Patches of a picture on which there is nothing to see: a background of one colour answers to no word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmrec_core.types import ImageArray, RemovedPart

EVEN = 4.0
"""Of 255: a patch whose colours deviate less from their mean is even. Compressed white stays below, one line in it does not."""


def without_blank(parts: Sequence[RemovedPart], image: ImageArray | None) -> tuple[RemovedPart, ...]:
    """The patches that show something; all of them where none does, since then the one colour is what there is."""
    if image is None:
        return tuple(parts)
    showing = tuple(part for part in parts if not is_blank(image, part.extent))
    return showing or tuple(parts)


def is_blank(image: ImageArray, extent: tuple[float, ...]) -> bool:
    """Whether the box (left, top, right, bottom), in shares of the picture, holds one colour, or lies outside of it."""
    high, wide = image.shape[:2]
    left, right = (round(min(max(x, 0.0), 1.0) * wide) for x in (extent[0], extent[2]))
    top, bottom = (round(min(max(y, 0.0), 1.0) * high) for y in (extent[1], extent[3]))
    patch = image[top:bottom, left:right].reshape(-1, 3).astype(np.float32)
    return not len(patch) or float(patch.std(axis=0).max()) < EVEN
