"""Regions of a picture that look alike (SLIC, Achanta et al., TPAMI 2012), as players: few enough for exact Shapley values.

A region is a set of whole patches, since those are what the encoder tells apart: every patch goes to the superpixel that has
most of it.
"""

from __future__ import annotations

import numpy as np

from mmrec_core.explain.parts import Part
from mmrec_core.types import ImageArray, ImageGrid, Tokens, told

REGIONS = 10
"""About how many regions: their 1,024 coalitions fit into the usual budgets."""
PIXELS = 16
"""Side of a patch in the picture that is segmented."""
COMPACTNESS = 10.0
"""SLIC's usual weight of nearness against colour."""


def superpixel_parts(image: ImageArray, tokens: Tokens, regions: int = REGIONS) -> tuple[Part, ...]:
    """At most ``regions`` parts of a picture, named by their middle.

    Args:
        image: as it was encoded.
        tokens: of that picture; those that are not real belong to no part.
        regions: about how many.

    Raises:
        ValueError: for tokens of another medium.
    """
    grid = tokens.grid
    if not isinstance(grid, ImageGrid):
        raise ValueError(f"Superpixels need tokens of a picture; these lie on a {type(grid).__name__}.")
    owner = _owners(image, grid, regions)
    parts: list[Part] = []
    for region in np.unique(owner[tokens.mask]):
        members = np.flatnonzero((owner == region) & tokens.mask)
        row, column = (members // grid.cols).mean() + 1, (members % grid.cols).mean() + 1
        label = told("region {n}, around row {row:.0f}, column {column:.0f}", n=len(parts) + 1, row=row, column=column)
        parts.append(Part(label, tuple(int(n) for n in members)))
    return tuple(parts)


def _owners(image: ImageArray, grid: ImageGrid, regions: int) -> np.ndarray:
    """(n_tokens,) the superpixel that has most of each patch."""
    from PIL import Image
    from skimage.segmentation import slic

    height, width = image.shape[:2]
    left, top, right, bottom = grid.box
    box = (left * width, top * height, right * width, bottom * height)
    seen = Image.fromarray(image).resize((grid.cols * PIXELS, grid.rows * PIXELS), Image.Resampling.BICUBIC, box)
    labels = slic(np.asarray(seen), n_segments=regions, compactness=COMPACTNESS, start_label=0, channel_axis=-1)
    patches = labels.reshape(grid.rows, PIXELS, grid.cols, PIXELS).swapaxes(1, 2).reshape(-1, PIXELS * PIXELS)
    return np.array([np.bincount(patch).argmax() for patch in patches])
