"""Scorers whose truth is known: a set function over a few parts, without a model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mmrec_core.explain.scorer import Part
from mmrec_core.types import ImageGrid, Modality, Tokens


class PlantedScorer:
    """Scores masks by a given function of (n_masks, n_parts) bool; parts are the cells of one row of a picture."""

    modality = Modality.IMAGE

    def __init__(self, n: int, value: Callable[[np.ndarray], np.ndarray]) -> None:
        self.parts = tuple(Part(f"row 1, column {i + 1}", (i,)) for i in range(n))
        self.tokens = Tokens(np.zeros((n, 1), np.float32), np.ones(n, bool), ImageGrid(1, n))
        self.value = value
        self.evaluations = 0

    def __call__(self, keep: np.ndarray) -> np.ndarray:
        keep = np.atleast_2d(keep)
        self.evaluations += len(keep)
        return np.asarray(self.value(keep), dtype=np.float64)


def random_game(n: int, seed: int) -> Callable[[np.ndarray], np.ndarray]:
    """Any value for any coalition: pairs and triples interact."""
    table = np.random.default_rng(seed).normal(size=2**n)
    return lambda keep: table[(keep * 2 ** np.arange(n)).sum(axis=1)]


def smooth_game(n: int, seed: int) -> Callable[[np.ndarray], np.ndarray]:
    """A saturating sum plus a few pair effects, as a fusion makes them."""
    random = np.random.default_rng(seed)
    weights, pairs = random.normal(size=n), 0.3 * random.normal(size=(n, n))
    return lambda keep: np.tanh(keep @ weights) + np.einsum("bi,ij,bj->b", keep, pairs, keep)
