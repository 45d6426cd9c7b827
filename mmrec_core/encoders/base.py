"""What an encoder is: one medium in, tokens out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mmrec_core.registry import Registry
from mmrec_core.types import Modality, Tokens


class Encoder(Protocol):
    """Media of one modality -> tokens.

    Deterministic; an empty batch gives an empty list; a batch of n equals n batches of one (to float tolerance).
    ``version`` changes whenever the same medium would give other tokens.
    """

    modality: Modality
    dim: int
    version: str

    def encode(self, batch: Sequence[Any]) -> list[Tokens]:
        """Tokens of each medium, in order."""
        ...


class ManyLanguages(Encoder, Protocol):
    """An encoder of texts in many languages."""

    def in_language(self, language: str) -> Encoder:
        """The same encoder for texts of one language (ISO 639-1)."""
        ...

    def english_words(self, text: str, language: str) -> list[str]:
        """The English of every word that is known one by one, in the order of the text."""
        ...


@runtime_checkable
class NamingEncoder(Protocol):
    """An encoder that can name what it sees or hears.

    Either it has a classifier (``ClassifyingEncoder``), or the last ``names`` numbers of its tokens are the probabilities.
    """

    def class_names(self) -> list[str]:
        """Short names, in the order of the probabilities."""
        ...

    def class_definitions(self) -> list[str]:
        """What a text encoder reads for each class."""
        ...


@runtime_checkable
class ClassifyingEncoder(NamingEncoder, Protocol):
    """An encoder with a classifier of its own, linear over the mean of its tokens."""

    def head(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Weights (classes, dim) and biases (classes,)."""
        ...


ENCODERS = Registry("mmrec_core.encoders", "encoder")
