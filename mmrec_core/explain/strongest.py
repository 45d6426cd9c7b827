"""What is heard of a sound when only the cells that a map ranks highest are kept."""

from __future__ import annotations

import math

import numpy as np

from mmrec_core.errors import QueryError
from mmrec_core.explain.fills import SILENCE, sound_filler
from mmrec_core.types import Audio, AudioGrid, TokenMap, told


def strongest_only(audio: Audio, token_map: TokenMap, share: float = 0.2) -> Audio:
    """The sound with all but the first ``share`` of the cells of time and band silenced.

    Args:
        audio: the whole sound.
        token_map: weights of its cells; the highest are kept, as deletion and insertion order them.
        share: of the cells, in (0, 1]; at least one cell is kept.

    Raises:
        QueryError: for a map of another medium, or a share outside (0, 1].
    """
    if not isinstance(token_map.grid, AudioGrid):
        raise QueryError(
            told("A map of {modality} cannot be heard; a map of audio is needed.", modality=told(token_map.modality))
        )
    if not 0 < share <= 1:
        raise QueryError(
            told("The share of the sound to keep is {share}; it lies above 0 and at most at 1.", share=share)
        )
    kept = np.argsort(-token_map.weights, kind="stable")[: math.ceil(share * len(token_map.weights))]
    hidden = np.ones(len(token_map.weights), dtype=bool)
    hidden[kept] = False
    return sound_filler(audio, token_map.grid, SILENCE)(hidden)
