"""Everything first shown for one (query, item) pair: the exact shares, the attention, what is drawn, and one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mmrec_core.explain.attention import findings
from mmrec_core.explain.base import Pair
from mmrec_core.explain.modality_shapley import share_pair
from mmrec_core.explain.words import sentence
from mmrec_core.fusion.base import Fusion
from mmrec_core.recommend.encode import Encoded
from mmrec_core.recommend.timing import Stopwatch
from mmrec_core.types import (
    Attribution,
    Audio,
    Concept,
    FusionAttention,
    ImageArray,
    Item,
    Modality,
    PairExplanation,
    Side,
    Without,
)


@dataclass(frozen=True)
class Shown:
    """The media of one side, as they are drawn, and what the frozen encoders see in them."""

    image: ImageArray | None
    text: str | None
    audio: Audio | None
    concepts: Mapping[Modality, tuple[Concept, ...]] = field(default_factory=dict)


def explain_pair(
    pair: Pair, item: Item, rank: int | None, shown: tuple[Shown, Shown], bundle: str, watch: Stopwatch,
    without: Sequence[Without] = (),
) -> PairExplanation:  # fmt: skip
    """Explain why ``item`` answers the query.

    Args:
        pair: both sides, encoded.
        item: the right side.
        rank: the item's rank for the query.
        shown: media of the query and of the item.
        bundle: name of the model, as shown.
        watch: holds the times so far, and receives those of the explainers.
        without: where the item would stand without one modality, for the sentences.
    """
    with watch.stage("modality Shapley"):
        query_shares, item_shares, pairs = share_pair(pair)
    with watch.stage("attention"):
        query = _side(pair.fusion, pair.query, query_shares, shown[0])
        answer = _side(pair.fusion, pair.item, item_shares, shown[1])
    return PairExplanation(
        item=item,
        rank=rank,
        score=pairs.target,
        query=query,
        answer=answer,
        pairs=pairs,
        sentence=sentence(query_shares, pairs, rank, without=without),
        timings_ms=dict(watch.timings_ms),
        bundle=bundle,
        without=tuple(without),
    )


def _side(fusion: Fusion, encoded: Encoded, shares: Attribution, shown: Shown) -> Side:
    """One side as it is drawn; a fusion without attention gives an empty alpha."""
    found = findings(fusion, encoded)
    alpha = found.alpha or FusionAttention((), np.zeros((0, 0)))
    return Side(shares, alpha, found.maps, shown.image, shown.text, shown.audio, shown.concepts)
