"""Two-sided matches: which patch, word or second of the query answers to which of the item.

Each part is put through its modality's anchor by itself, as if it were the whole medium: ``e = A [unit(x - centre);
concept(x)]`` with x the mean of the part's tokens. The similarity of two parts is the cosine of their vectors, so a patch is
compared with a word through the very map that puts whole pictures and whole texts into one space.

Which pairs are called the best: similar ones of parts that count. How far a pair's cosine lies above the mean of its two
modalities is weighed with what each part brings: by how much the score falls when that part alone is taken out. Patches of
one colour take no part: an encoder sees beyond the edge of a patch, so even a blank one may seem to bring something. The
chosen pairs are listed by similarity.

What this leaves out, and ``NOTE`` says: the correction of the transformer, how the model weighs the parts (attention), and
what a part means only together with others. So similarities are no shares of the score and do not sum to it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.base import Pair
from mmrec_core.explain.blank import without_blank
from mmrec_core.explain.parts import Part
from mmrec_core.explain.query_mask import placed_parts
from mmrec_core.explain.scorer import SideName, TokenScorer
from mmrec_core.fusion.base import Fusion
from mmrec_core.recommend.encode import Encoded
from mmrec_core.types import ImageArray, Match, Matches, Modality, RemovedPart, told

BEST = 12
A_PART = 2
"""How many of the best pairs one part may appear in: else one striking patch takes all links."""
NOTE = (
    "Each part is compared by itself through the model's linear path. Left out: the transformer's correction, and what parts "
    "mean only together. Listed, the most similar first, are pairs of parts that count: the score falls when either is taken "
    "out. Patches of one colour, e.g. a white background, are left out. Similarities are not shares of the score."
)

Vectors = NDArray[np.float64]
"""Shape (n_parts, dim), each row of length one; or a table of pairs (n_query_parts, n_item_parts)."""
Link = tuple[Modality, Modality]
"""A modality of the query and one of the item."""


def find_matches(
    pair: Pair,
    query_text: str | None = None,
    item_text: str | None = None,
    best: int = BEST,
    pictures: Mapping[SideName, ImageArray | None] | None = None,
) -> Matches:
    """Compare every part of the query with every part of the item.

    Args:
        pair: both sides, encoded.
        query_text: what the query reads, to name words.
        item_text: what the item reads.
        best: how many pairs to return as the best.
        pictures: by side, as they are shown; patches of one colour are left out of them.
    """
    shown = pictures or {}
    parts: dict[SideName, dict[Modality, tuple[RemovedPart, ...]]] = {
        "query": _parts(pair.query, query_text, shown.get("query")),
        "item": _parts(pair.item, item_text, shown.get("item")),
    }
    vectors = {name: _vectors(pair, name, own) for name, own in parts.items()}
    matrices = {(q, i): vectors["query"][q] @ vectors["item"][i].T for q in vectors["query"] for i in vectors["item"]}
    return Matches(
        best=_best(_ordering(pair, matrices, parts), matrices, parts, best),
        matrices=matrices,
        query_parts={m: tuple(part.label for part in found) for m, found in parts["query"].items()},
        item_parts={m: tuple(part.label for part in found) for m, found in parts["item"].items()},
        note=told(NOTE),
    )


def part_vectors(fusion: Fusion, modality: Modality, means: NDArray[np.float32]) -> Vectors | None:
    """Unit vectors of parts, from the means of their tokens (n_parts, token_dim); None where the fusion has no anchors."""
    import torch

    anchors = getattr(fusion, "anchors", None)
    if anchors is None:
        return None
    anchor = anchors[str(modality)]
    with torch.inference_mode():
        pooled = torch.from_numpy(means).to(anchor.centre.device)
        # a part alone: its mean over tokens is its peak over time too
        pooled = anchor.beside_mean(pooled, pooled[..., : anchor.dim]) if anchor.peak_group else pooled
        return _unit(anchor.linear(anchor.features(pooled)).double().cpu().numpy())


def _parts(side: Encoded, text: str | None, picture: ImageArray | None) -> dict[Modality, tuple[RemovedPart, ...]]:
    found = {modality: placed_parts(modality, side.tokens[modality], text) for modality in side.players}
    if Modality.IMAGE in found:
        found[Modality.IMAGE] = without_blank(found[Modality.IMAGE], picture)
    return {modality: parts for modality, parts in found.items() if parts}


def _vectors(pair: Pair, name: SideName, parts: Mapping[Modality, tuple[RemovedPart, ...]]) -> dict[Modality, Vectors]:
    side = pair.query if name == "query" else pair.item
    vectors = {}
    for modality, found in parts.items():
        values = side.tokens[modality].values
        means = np.stack([values[list(part.tokens)].mean(axis=0) for part in found]).astype(np.float32)
        anchored = part_vectors(pair.fusion, modality, means)
        vectors[modality] = _alone(pair, name, modality, found) if anchored is None else anchored
    return vectors


def _alone(pair: Pair, name: SideName, modality: Modality, parts: tuple[RemovedPart, ...]) -> Vectors:
    """For a fusion without anchors: what each part adds to the modality's absence, the other modalities as they are."""
    scorer = TokenScorer(pair, name, modality, [Part(part.label, part.tokens) for part in parts])
    keep = np.vstack([np.zeros((1, len(parts)), dtype=bool), np.eye(len(parts), dtype=bool)])
    embedded = scorer.embed(keep).astype(np.float64)
    return _unit(embedded[1:] - embedded[:1])


def _unit(rows: Vectors) -> Vectors:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def effects(pair: Pair, name: SideName, modality: Modality, parts: tuple[RemovedPart, ...]) -> NDArray[np.float64]:
    """What each part brings (n_parts,), in [0, 1] of the most: how far the score falls without it; 0 where it does not."""
    scorer = TokenScorer(pair, name, modality, [Part(part.label, part.tokens) for part in parts])
    n = len(parts)
    scores = scorer(np.vstack([np.ones((1, n), dtype=bool), ~np.eye(n, dtype=bool)]))
    falls = np.maximum(scores[0] - scores[1:], 0.0)
    return falls / max(float(falls.max(initial=0.0)), 1e-12)


def _ordering(
    pair: Pair, matrices: Mapping[Link, Vectors], parts: Mapping[SideName, Mapping[Modality, tuple[RemovedPart, ...]]]
) -> dict[Link, Vectors]:
    """What pairs are sorted by: deviations above the mean of the two modalities, times the root of both effects."""
    found = {name: {m: effects(pair, name, m, own) for m, own in sides.items()} for name, sides in parts.items()}
    return {
        (q, i): _standardised(matrix) * np.sqrt(np.outer(found["query"][q], found["item"][i]))
        for (q, i), matrix in matrices.items()
    }


def _best(
    ordering: Mapping[Link, Vectors],
    matrices: Mapping[Link, Vectors],
    parts: Mapping[SideName, Mapping[Modality, tuple[RemovedPart, ...]]],
    most: int,
) -> tuple[Match, ...]:
    """The first pairs in that order, a part in at most A_PART of them; among each other by similarity."""
    ranked = sorted(
        ((float(z), link, place) for link, table in ordering.items() for place, z in np.ndenumerate(table)),
        key=lambda found: -found[0],
    )
    used: dict[tuple[str, Modality, int], int] = {}
    best: list[Match] = []
    for z, (q, i), place in ranked:
        ours, theirs = ("query", q, place[0]), ("item", i, place[1])
        if len(best) == most or z <= 0:
            break
        similarity = float(matrices[q, i][place])
        if similarity > 0 and max(used.get(ours, 0), used.get(theirs, 0)) < A_PART:
            used[ours], used[theirs] = used.get(ours, 0) + 1, used.get(theirs, 0) + 1
            part, answer = parts["query"][q][place[0]], parts["item"][i][place[1]]
            best.append(Match(q, part.label, part.extent, i, answer.label, answer.extent, similarity))
    return tuple(sorted(best, key=lambda match: -match.similarity))


def _standardised(matrix: Vectors) -> Vectors:
    return (matrix - matrix.mean()) / max(float(matrix.std()), 1e-12)
