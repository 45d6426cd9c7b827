"""Superpixels as players: they follow what the picture shows, and divide its patches."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.explain.superpixels import REGIONS, superpixel_parts
from mmrec_core.types import ImageGrid, TextGrid, Tokens

GRID = ImageGrid(7, 7)


def tokens(mask: np.ndarray | None = None) -> Tokens:
    return Tokens(np.zeros((49, 1), np.float32), np.ones(49, bool) if mask is None else mask, GRID)


def halves() -> np.ndarray:
    """Red above, blue from the fourth row of patches on."""
    picture = np.zeros((140, 210, 3), np.uint8)
    picture[:60, :, 0] = 220
    picture[60:, :, 2] = 220
    return picture


def test_every_patch_belongs_to_one_region():
    parts = superpixel_parts(halves(), tokens())
    assert 2 <= len(parts) <= REGIONS
    assert sorted(n for part in parts for n in part.tokens) == list(range(49))
    assert len({part.label for part in parts}) == len(parts)


def test_no_region_crosses_an_edge():
    for part in superpixel_parts(halves(), tokens()):
        above = [n // 7 < 3 for n in part.tokens]
        assert all(above) or not any(above)


def test_it_is_the_same_twice_and_leaves_out_what_is_not_real():
    noise = np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    mask = np.arange(49) != 5
    first, second = superpixel_parts(noise, tokens(mask)), superpixel_parts(noise, tokens(mask))
    assert first == second
    assert sorted(n for part in first for n in part.tokens) == [n for n in range(49) if n != 5]


def test_a_text_has_no_superpixels():
    with pytest.raises(ValueError, match="picture"):
        superpixel_parts(halves(), Tokens(np.zeros((1, 1), np.float32), np.ones(1, bool), TextGrid(((0, 1),))))
