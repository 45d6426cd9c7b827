"""What is heard of a sound when only the strongest cells are kept: those, and no more than were asked for."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.errors import QueryError
from mmrec_core.explain.strongest import strongest_only
from mmrec_core.types import Audio, AudioGrid, ImageGrid, Modality, TokenMap

RATE = 8000
GRID = AudioGrid((0.0, 0.5, 1.0, 1.5, 2.0), (0.0, 4000.0))
"""Four half seconds of one band."""


def noise() -> Audio:
    return Audio(np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32), RATE)


def heard(weights: list[float], share: float) -> list[bool]:
    """Which half seconds are still loud; a little of each end is left to the fading."""
    left = strongest_only(noise(), TokenMap(Modality.AUDIO, GRID, np.array(weights), "m"), share)
    assert len(left.samples) == 2 * RATE
    assert left.rate == RATE
    pieces = left.samples.reshape(4, -1)[:, RATE // 8 : -RATE // 8]
    return [bool(np.sqrt(np.mean(piece**2)) > 0.03) for piece in pieces]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.25, [False, False, True, False]),
        (0.5, [True, False, True, False]),
        (0.51, [True, True, True, False]),
        (1.0, [True, True, True, True]),
    ],
)
def test_the_highest_cells_are_kept_rounded_up(share, expected):
    assert heard([0.3, 0.1, 0.9, -2.0], share) == expected


def test_at_least_one_cell_is_kept_and_of_equals_the_first():
    assert heard([1.0, 1.0, 1.0, 1.0], 1e-6) == [True, False, False, False]


def test_all_kept_is_the_sound_itself():
    sound = noise()
    left = strongest_only(sound, TokenMap(Modality.AUDIO, GRID, np.arange(4.0), "m"), 1.0)
    np.testing.assert_allclose(left.samples, sound.samples, atol=1e-4)


@pytest.mark.parametrize("share", [0.0, -0.1, 1.01])
def test_a_share_outside_its_bounds_is_refused(share):
    with pytest.raises(QueryError, match="lies above 0 and at most at 1"):
        heard([1.0, 0.0, 0.0, 0.0], share)


def test_a_map_of_a_picture_cannot_be_heard():
    drawn = TokenMap(Modality.IMAGE, ImageGrid(2, 2), np.zeros(4), "m")
    with pytest.raises(QueryError, match="map of image cannot be heard"):
        strongest_only(noise(), drawn)
