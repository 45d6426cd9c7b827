"""What arrays hold: modalities, media, tokens and the grids that say what each token stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

ImageArray = NDArray[np.uint8]
"""Shape (height, width, 3): sRGB, upright."""


Samples = NDArray[np.float32]
"""Shape (n_samples,): mono, in [-1, 1]."""


TokenMatrix = NDArray[np.float32]
"""Shape (n_tokens, dim)."""


TokenMask = NDArray[np.bool_]
"""Shape (n_tokens,): True where the token is real."""


Vector = NDArray[np.float32]
"""Shape (dim,)."""


Embeddings = NDArray[np.float32]
"""Shape (n, dim): each row has length one, or near it where a fusion took a centre off."""


Presence = NDArray[np.bool_]
"""Shape (n, n_modalities): which of ``FUSED`` each row has."""


class Modality(StrEnum):
    """What a person can bring, and what an item can hold."""

    IMAGE = "image"
    TEXT = "text"
    AUDIO = "audio"
    VIDEO = "video"


FUSED: tuple[Modality, ...] = (Modality.IMAGE, Modality.TEXT, Modality.AUDIO)
"""The modalities a fusion sees, in the order of every presence array. (A video is brought as frames and a sound.)"""


@dataclass(frozen=True)
class Audio:
    """A mono sound. ``rate`` in Hz."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


Medium = ImageArray | str | Audio
"""What one encoder takes: an image, a text or a sound."""


@dataclass(frozen=True)
class ImageGrid:
    """Tokens are the cells of ``rows`` x ``cols``, row by row, over ``box`` = (left, top, right, bottom), in shares of the original picture."""

    rows: int
    cols: int
    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class TextGrid:
    """Token i stands for the characters ``spans[i]`` = (start, end) of the text; a special token has an empty span."""

    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class AudioGrid:
    """Tokens are cells of time x band, time by time.

    ``seconds`` has one edge more than there are time steps (measured on the original sound), ``hertz`` one more than bands.
    """

    seconds: tuple[float, ...]
    hertz: tuple[float, ...]


Grid = ImageGrid | TextGrid | AudioGrid


@dataclass(frozen=True)
class Tokens:
    """What an encoder returns for one medium: ``values`` (n, dim), ``mask`` (n,), and the ``grid`` that says what each token stands for."""

    values: TokenMatrix
    mask: TokenMask
    grid: Grid


@dataclass(frozen=True)
class Concept:
    """What a frozen encoder by itself sees in a picture: a class name and its posterior in [0, 1]."""

    name: str
    probability: float


SURE = 0.15
"""The least probability at which a guess is worth naming: below it, an encoder has met with something it does not know."""


def sure(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    """The guesses that are worth naming."""
    return tuple(concept for concept in concepts if concept.probability >= SURE)


@dataclass(frozen=True)
class Spectrogram:
    """A sound as a picture: ``decibels`` (n_bands, n_frames), 0 at the loudest cell, low bands first.

    ``seconds`` has one edge more than there are frames, ``hertz`` one more than bands.
    """

    decibels: NDArray[np.float32]
    seconds: tuple[float, ...]
    hertz: tuple[float, ...]
