"""What would change the ranking, and what answers to what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types.items import Item
from mmrec_core.types.media import Audio, ImageArray, Modality
from mmrec_core.types.shares import Attribution, TokenMap
from mmrec_core.types.trust import Trust


@dataclass(frozen=True)
class Placed:
    """One item at its place in a ranking, without shares."""

    rank: int
    item: Item
    score: float


@dataclass(frozen=True)
class RemovedPart:
    """A patch, word or stretch of sound that was taken out of the query.

    ``extent`` says where it lies: (left, top, right, bottom) in shares of the picture, (start, end) in characters of the
    text, or (start, end) in seconds of the sound.
    """

    modality: Modality
    label: str
    tokens: tuple[int, ...]
    extent: tuple[float, ...]


@dataclass(frozen=True)
class Edited:
    """The query's media after something was taken out; a medium that was left as it is, or of which nothing is left, is None."""

    image: ImageArray | None = None
    text: str | None = None
    audio: Audio | None = None


@dataclass(frozen=True)
class Without:
    """Where the item stands when ``side`` ("query" or "item") lacks one modality."""

    side: str
    modality: Modality
    rank: int
    score: float


@dataclass(frozen=True)
class Counterfactual:
    """The smallest removal from the query that was found to change an item's place.

    Args:
        item: whose place is to change.
        rival: the item that is to overtake it, or None where it is to drop out of the first ``k``.
        k: see ``rival``.
        succeeded: whether ``removed`` does it. If not, it is the removal that came closest.
        removed: what was taken out; no part of it can be put back without undoing the change.
        smallest: True where every smaller set was tried and none does it.
        parts: how many parts could be taken out.
        most: how many at once were allowed.
        before: the item's place for the query as it was.
        after: and without what was removed.
        encoded_again: its rank when the edited media themselves are encoded, since tokens know of their neighbours; None
            where that was not asked for or nothing is left to encode.
        confirmed: whether the edited media do it, too; None where they were not encoded again.
        ranking_before: the first items for the query as it was.
        ranking_after: and without what was removed.
        edited: the media without what was removed.
        evaluations: how many queries were embedded.
        sentence: all this in plain words.
    """

    item: Item
    rival: Item | None
    k: int
    succeeded: bool
    removed: tuple[RemovedPart, ...]
    smallest: bool
    parts: int
    most: int
    before: Placed
    after: Placed
    encoded_again: int | None
    confirmed: bool | None
    ranking_before: tuple[Placed, ...]
    ranking_after: tuple[Placed, ...]
    edited: Edited
    evaluations: int
    sentence: str


@dataclass(frozen=True)
class Contrast:
    """Why one query ranks ``above`` before ``below``: the shares of the difference of their scores.

    Args:
        above: the item asked about.
        below: the item it is compared with; its score may be the higher one, the difference is negative then.
        attribution: exact shares of ``score(above) - score(below)`` by query modality.
        first: shares of ``score(above)``.
        second: shares of ``score(below)``; ``attribution`` is ``first - second``.
        shares: by query modality, shares of the difference among the parts of that medium.
        maps: the same, signed, on its tokens.
        reversing: query modalities without which the order of the two turns round.
        sentence: in plain words.
        trusts: the test of each map against random ones, on the difference of the scores.
    """

    above: Placed
    below: Placed
    attribution: Attribution
    first: Attribution
    second: Attribution
    shares: Mapping[Modality, Attribution]
    maps: Mapping[Modality, TokenMap]
    reversing: tuple[Modality, ...]
    sentence: str
    trusts: Mapping[Modality, Trust] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """One part of the query and the part of the item that answers it; ``similarity`` is a cosine in the fused space.

    ``query_extent`` and ``item_extent`` say where the parts lie, as in ``RemovedPart``.
    """

    query_modality: Modality
    query_label: str
    query_extent: tuple[float, ...]
    item_modality: Modality
    item_label: str
    item_extent: tuple[float, ...]
    similarity: float


@dataclass(frozen=True)
class Matches:
    """Which parts of the query answer to which of the item: the ``best`` pairs, most similar first, and every similarity.

    ``matrices`` holds, by (query modality, item modality), the cosines (n_query_parts, n_item_parts) in the order of
    ``query_parts`` and ``item_parts``; ``note`` says what the similarity leaves out.
    """

    best: tuple[Match, ...]
    matrices: Mapping[tuple[Modality, Modality], NDArray[np.float64]]
    query_parts: Mapping[Modality, tuple[str, ...]]
    item_parts: Mapping[Modality, tuple[str, ...]]
    note: str
