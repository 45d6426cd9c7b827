"""What an encoder is: one medium in, tokens out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

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


ENCODERS = Registry("mmrec_core.encoders", "encoder")
