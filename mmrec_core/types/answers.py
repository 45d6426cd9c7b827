"""What the facade returns: recommendations and their explanations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types.items import Item
from mmrec_core.types.media import Audio, Concept, ImageArray, Modality
from mmrec_core.types.profiles import Move
from mmrec_core.types.shares import Attribution, FusionAttention, Interactions, LocalFit, PairAttribution, TokenMap
from mmrec_core.types.trust import Agreement, Trust
from mmrec_core.types.what_if import Without


@dataclass(frozen=True)
class Side:
    """One side of an explained pair (the query, or the item): its shares, its alpha, its maps, what is shown."""

    attribution: Attribution
    alpha: FusionAttention
    maps: Mapping[Modality, TokenMap]
    image: ImageArray | None
    text: str | None
    audio: Audio | None
    concepts: Mapping[Modality, tuple[Concept, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Recommendation:
    """One ranked item and the exact shares of its score by query modality, and by profile where there is one.

    ``moves`` say which rules brought it from its place by score to its ``rank``; ``score`` is never changed by them.
    """

    rank: int
    item: Item
    score: float
    attribution: Attribution
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True)
class Recommendations:
    """The answer to a query. ``timings_ms`` is by stage, in order; ``notices`` are sentences a user must be shown.

    ``language`` is the ISO 639-1 code of the language that the query's text was read in; None without a text.
    """

    results: tuple[Recommendation, ...]
    timings_ms: Mapping[str, float]
    bundle: str
    device: str
    notices: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True)
class CategoryPart:
    """What it adds to a score that both sides speak of one category, and which each speaks of most.

    ``query`` is None where a profile alone asks.
    """

    value: float
    query: Concept | None
    item: Concept


@dataclass(frozen=True)
class PairExplanation:
    """Why one item answers one query: both sides, the matrix between them, and a few sentences in plain words.

    ``without`` says where the item would stand if one side lacked one modality, ``notices`` what else must be said of the query;
    ``category`` is None where the model reads no categories.
    """

    item: Item
    rank: int | None
    score: float
    query: Side
    answer: Side
    pairs: PairAttribution
    sentence: str
    timings_ms: Mapping[str, float]
    bundle: str
    without: tuple[Without, ...] = ()
    notices: tuple[str, ...] = ()
    category: CategoryPart | None = None


@dataclass(frozen=True)
class Explained:
    """What one method says about one medium of one side, and how far to trust it.

    Args:
        method: name of the plugin.
        title: what it is called in front of a person.
        side: "query" or "item".
        modality: of the medium.
        options: as the method ran, defaults included.
        parts: what the medium was taken apart into, by label.
        values: weight of each part (n_parts,); signed shares of the score, or attention.
        map: the same on tokens, or None for a method that speaks of modalities only.
        shares: of the parts, for methods that share the score among them.
        fit: of a local model.
        attribution: shares of the side's modalities, for methods that give them.
        interactions: of the side's modalities, likewise.
        trust: the test of ``values`` against random maps; None where there is no map.
        milliseconds: what the method took, the test not counted.
    """

    method: str
    title: str
    side: str
    modality: Modality
    options: Mapping[str, bool | int | float | str]
    parts: tuple[str, ...]
    values: NDArray[np.float64]
    map: TokenMap | None
    shares: Attribution | None
    fit: LocalFit | None
    attribution: Attribution | None
    interactions: Interactions | None
    trust: Trust | None
    milliseconds: float


@dataclass(frozen=True)
class Comparison:
    """Several methods on the same medium, judged against the same random maps; ``agreement`` is among those with maps.

    ``fill`` is None where tokens were hidden (fast), else what was put in the place of hidden parts before the medium was
    encoded again (faithful). ``disputed_tokens`` are the tokens of the parts that ``agreement`` calls disputed.
    """

    side: str
    modality: Modality
    parts: tuple[str, ...]
    explained: tuple[Explained, ...]
    agreement: Agreement | None
    fill: str | None = None
    disputed_tokens: tuple[int, ...] = ()
