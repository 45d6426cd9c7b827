"""Texts that were read both by the multilingual encoder and by the English one: what lies near a new text says where to go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types import Vector

NEIGHBOURS = 3
TEMPERATURE = 0.05
"""Of the softmax over cosines. Both, and ``SHARE``, were chosen on translated stamps of the validation part."""
SHARE = 0.6
"""How much of a text's place the neighbours decide; the linear map decides the rest."""


@dataclass(frozen=True)
class KnownTexts:
    """The catalogue's own titles and texts, read twice.

    A linear map blurs what two texts of the catalogue have apart; a text close to one of them should go where that one is.
    Local averages do that (Nadaraya 1964, Watson 1964), with the nearest few texts only.

    Args:
        names: what names each text, see ``text_name``.
        vectors: (n, 512) sentence vectors of length one.
        states: (n, 384) their mean token states in the English word encoder.
    """

    names: tuple[str, ...]
    vectors: NDArray[np.float32]
    states: NDArray[np.float32]

    def near(self, vector: Vector) -> Vector:
        """Mean state (384,) of the nearest texts, weighted by ``softmax(cosine / TEMPERATURE)``."""
        cosines = self.vectors @ vector
        nearest = np.argsort(-cosines, kind="stable")[:NEIGHBOURS]
        weights = np.exp((cosines[nearest] - cosines[nearest[0]]) / TEMPERATURE)
        return weights @ self.states[nearest] / weights.sum()
