"""What an explainer is: one (query, item) pair in, what it found out on each side.

A method is one file of this package that ends in ``PLUGIN``. It fills what it can of ``Explanation``: shares of the
score, maps on the original media, attention between modalities; interfaces draw whatever is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mmrec_core.encoders.attending import Attended
from mmrec_core.fusion.base import Fusion
from mmrec_core.recommend.coalitions import embed_whole
from mmrec_core.recommend.encode import Encoded
from mmrec_core.recommend.profile import History
from mmrec_core.registry import Registry
from mmrec_core.types import (
    Attribution,
    Embeddings,
    FusionAttention,
    Interactions,
    LocalFit,
    Modality,
    PairAttribution,
    TokenMap,
    Vector,
)


class Inside(Protocol):
    """Encodes the media of a pair once more, where the attention inside their encoders can be read."""

    def why_not(self, side: str, modality: Modality) -> str | None:
        """A sentence for the user where that is not possible for one medium, else None."""
        ...

    def attend(self, side: str, modality: Modality) -> Attended:
        """One medium with its tokens projected."""
        ...


@dataclass(frozen=True)
class Pair:
    """What is explained: why ``item`` gets its score for ``query`` under ``fusion``, for a person with this ``history``.

    ``inside`` looks into the encoders; None where media or encoders are not at hand.
    """

    fusion: Fusion
    query: Encoded
    item: Encoded
    history: History | None = None
    inside: Inside | None = None

    @cached_property
    def profile(self) -> Vector | None:
        """The profile (dim,) as the whole query sees it; gradients hold it still."""
        if self.history is None:
            return None
        query = embed_whole(self.fusion, self.query.summaries)
        return self.history.toward(query, bool(self.query.players)).vector

    def profiles(self, queries: Embeddings, brought: NDArray[np.bool_]) -> Embeddings | None:
        """The profile (n, dim) as each of the queries (n, dim) sees it: its attention follows what is left of them.

        Args:
            queries: what is left of the query, embedded.
            brought: (n,) False where nothing of it is left.
        """
        return None if self.history is None else self.history.vectors(queries, brought)

    @property
    def weight(self) -> float:
        """The profile's part in the score, in [0, 1]."""
        return self.history.weight if self.history else 0.0


@dataclass(frozen=True)
class SideFindings:
    """What a method found on one side.

    Args:
        attribution: shares among its modalities.
        maps: weights on its media, by token.
        alpha: attention between its slots.
        shares: by modality, shares among the parts of that medium (patches, words, cells of sound), which ``maps`` draws.
        fits: by modality, how well a local model fits.
        interactions: between its modalities.
    """

    attribution: Attribution | None = None
    maps: Mapping[Modality, TokenMap] = field(default_factory=dict)
    alpha: FusionAttention | None = None
    shares: Mapping[Modality, Attribution] = field(default_factory=dict)
    fits: Mapping[Modality, LocalFit] = field(default_factory=dict)
    interactions: Interactions | None = None


@dataclass(frozen=True)
class Explanation:
    """What one method says about one pair. Immutable."""

    method: str
    query: SideFindings
    item: SideFindings
    pairs: PairAttribution | None = None
    interactions: Interactions | None = None
    """Among the modalities of both sides in one game."""


class Explainer(Protocol):
    """One method. Deterministic for equal options; it keeps nothing between calls, so threads may share it."""

    name: str

    def why_incompatible(self, pair: Pair) -> str | None:
        """A sentence for the user where the method does not apply to this pair, else None."""
        ...

    def explain(self, pair: Pair) -> Explanation:
        """Explain the pair."""
        ...


EXPLAINERS = Registry("mmrec_core.explain", "explainer")
