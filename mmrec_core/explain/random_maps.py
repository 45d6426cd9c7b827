"""Random maps: what a map must beat, and how equal values are put in an order without favouring any part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ranking = NDArray[np.int64]
"""Shape (n_parts,): indices of parts, the most relevant first."""
Rankings = NDArray[np.int64]
"""Shape (n_maps, n_parts)."""


def ranking_of(values: NDArray[np.floating], seed: int = 0) -> Ranking:
    """Parts by value, highest first; signed values keep their sign, so what speaks against comes last.

    Equal values are put in a random order: a stable one would let a constant map inherit the order of the parts.
    """
    values = np.asarray(values, dtype=np.float64)
    ties = np.random.default_rng([seed, 1]).random(len(values))
    return np.lexsort((ties, -values))


def random_rankings(n_parts: int, n_maps: int, seed: int = 0) -> Rankings:
    """Independent uniform orders of the parts: (n_maps, n_parts).

    Only the order of a map enters a faithfulness curve, so these stand for every map with shuffled values.
    """
    rng = np.random.default_rng([seed, 2])
    order = np.tile(np.arange(n_parts), (n_maps, 1))
    return rng.permuted(order, axis=1)
