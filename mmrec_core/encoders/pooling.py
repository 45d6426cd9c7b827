"""One vector from many tokens, the way each frozen encoder's authors did it."""

from __future__ import annotations

import numpy as np

from mmrec_core.types import AudioGrid, Tokens, Vector


def mean_pool(tokens: Tokens) -> Vector:
    """Mean over the real tokens, shape (dim,)."""
    return tokens.values[tokens.mask].mean(axis=0, dtype=np.float32)


def band_mean_time_max(tokens: Tokens) -> Vector:
    """Mean over bands, then maximum over the real time steps, shape (dim,): the published aiSFX embedding."""
    if not isinstance(tokens.grid, AudioGrid):
        raise TypeError(f"These tokens lie on a {type(tokens.grid).__name__}; time and bands need an AudioGrid.")
    bands = len(tokens.grid.hertz) - 1
    by_time = tokens.values.reshape(-1, bands, tokens.values.shape[1])
    real = tokens.mask.reshape(-1, bands).any(axis=1)
    return by_time[real].mean(axis=1).max(axis=0)


def unit(vector: Vector) -> Vector:
    """The vector at length one; a zero vector stays zero."""
    return vector / max(float(np.linalg.norm(vector)), 1e-12)
