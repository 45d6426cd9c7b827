"""One batched scorer for every token-level method: the score of a pair when only some parts of one medium are kept.

Fast fidelity: tokens are hidden from the fusion; what the frozen encoder let the kept tokens know of the hidden ones stays
in them (``masking.InputScorer`` hides the input itself). Scores come from ``recommend.score``, as in the ranking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.base import Pair
from mmrec_core.explain.parts import Part, membership, parts_of
from mmrec_core.explain.ticks import tick
from mmrec_core.fusion.base import Fusion
from mmrec_core.recommend.coalitions import embed_whole, repeat_first
from mmrec_core.recommend.encode import Encoded
from mmrec_core.recommend.score import score
from mmrec_core.types import FUSED, Embeddings, Modality, Tokens, Vector

if TYPE_CHECKING:
    from torch import Tensor

SideName = Literal["query", "item"]
SIDES: tuple[SideName, SideName] = ("query", "item")
Keep = NDArray[np.bool_]
"""Shape (n_masks, n_parts): True where a part is kept."""
ROWS = 256
"""Masks a batch: enough to fill the processor, few enough to stay in its cache."""


class Scorer(Protocol):
    """Scores of a pair under masks of the ``parts`` of one medium; ``evaluations`` counts the masks scored so far."""

    modality: Modality
    tokens: Tokens
    parts: tuple[Part, ...]
    evaluations: int

    def __call__(self, keep: Keep) -> NDArray[np.float64]:
        """Score of each row of ``keep``."""
        ...


class TokenScorer:
    """Score of the pair when only some parts of one modality of one side are kept, everything else as it is.

    Tokens of no part (special text tokens) are there as long as any part is, so all True is the score as ranked and all
    False is the score without the modality.

    Args:
        pair: what is explained.
        side: whose medium is masked.
        modality: which medium.
        parts: players; by default ``parts_of`` its tokens, without a text.

    Raises:
        ValueError: where that side does not hold the modality.
    """

    def __init__(self, pair: Pair, side: SideName, modality: Modality, parts: Sequence[Part] | None = None) -> None:
        self.pair, self.side, self.modality = pair, side, modality
        self._own = side_holding(pair, side, modality)
        self.tokens: Tokens = self._own.tokens[modality]
        self.parts = tuple(parts_of(self.tokens, None) if parts is None else parts)
        self.evaluations = 0
        self._members = membership(self.parts, len(self.tokens.mask))
        self._others = self.tokens.mask & ~self._members.any(axis=0)

    def __call__(self, keep: Keep) -> NDArray[np.float64]:
        """Scores (n_masks,) of the rows of ``keep`` (n_masks, n_parts)."""
        rows = self.embed(keep)
        return score_side(self.pair, self.side, rows, self._other, self._left(keep))

    def _left(self, keep: Keep) -> NDArray[np.bool_]:
        """(n_masks,) True where anything of the side is left."""
        others = len(self._own.players) > 1
        return np.asarray(np.atleast_2d(keep).any(axis=1) | others, dtype=bool)

    def embed(self, keep: Keep) -> Embeddings:
        """Embeddings (n_masks, dim) of the masked side; counted as evaluations."""
        import torch

        keep = np.atleast_2d(np.asarray(keep, dtype=bool))
        if keep.shape[1] != len(self.parts):
            raise ValueError(f"A mask of {keep.shape[1]} parts was given; there are {len(self.parts)}.")
        self.evaluations += len(keep)
        kept = torch.from_numpy(self.kept_tokens(keep)).to(self._own.summaries.presence.device)
        with torch.inference_mode():
            chunks = [self._fused(rows) for rows in kept.split(ROWS)]
        return np.concatenate(chunks) if chunks else np.zeros((0, self.pair.fusion.dim), np.float32)

    def kept_tokens(self, keep: Keep) -> NDArray[np.bool_]:
        """Which tokens (n_masks, n_tokens) a mask of parts keeps."""
        kept = keep.astype(np.float32) @ self._members.astype(np.float32) > 0
        return kept | (self._others & keep.any(axis=1, keepdims=True))

    def _fused(self, kept: Tensor) -> NDArray[np.float32]:
        """Embeddings of one batch of token masks: only the masked modality is summarised again."""
        from mmrec_core.fusion.masked import masked_parts

        tick(len(kept))
        parts = masked_parts(self.pair.fusion, self.modality, self._own.batch[self.modality], kept)
        return fuse_with(self.pair.fusion, self._own, self.modality, parts, kept.any(dim=1))

    @cached_property
    def _other(self) -> NDArray[np.float32]:
        return whole_embedding(self.pair, "item" if self.side == "query" else "query")


def fuse_with(
    fusion: Fusion, own: Encoded, modality: Modality, parts: Mapping[str, Tensor], there: Tensor
) -> NDArray[np.float32]:
    """Embeddings (n, dim) of one side in which ``modality`` says ``parts`` (n rows) instead; all else is as it was.

    Args:
        fusion: the model.
        own: the side, one row.
        modality: whose parts are new.
        parts: as ``summarise`` gives them.
        there: (n,) bool, False where a row does not have the modality.
    """
    whole = repeat_first(own.summaries, len(there))
    presence = whole.presence.clone()
    presence[:, FUSED.index(modality)] = there
    changed = replace(whole, parts={**whole.parts, modality: parts}, presence=presence)
    return fusion.fuse(changed).float().cpu().numpy()


def score_side(
    pair: Pair, side: SideName, rows: Embeddings, other: Vector, left: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """Scores (n,) of the pair with its ``side`` embedded as ``rows`` (n, dim) and the other side as ``other`` (dim,).

    ``left`` (n,) is False where nothing of the side is left; by default something always is. It decides how a profile
    attends to what it holds: by nearness to what is left of the query, or by recency.
    """
    if side == "query":
        left = np.ones(len(rows), dtype=bool) if left is None else left
        return np.asarray(score(rows, other, pair.profiles(rows, left), pair.weight), dtype=np.float64)
    return np.asarray(score(other, rows, pair.profile, pair.weight), dtype=np.float64)


def whole_embedding(pair: Pair, side: SideName) -> Vector:
    """Embedding (dim,) of a side with all that it holds."""
    return embed_whole(pair.fusion, side_of(pair, side).summaries)


def side_of(pair: Pair, side: SideName) -> Encoded:
    """The query or the item of a pair; raises ValueError for another word."""
    if side not in SIDES:
        raise ValueError(f"The side is {side!r}; it takes one of {', '.join(SIDES)}.")
    return pair.query if side == "query" else pair.item


def side_holding(pair: Pair, side: SideName, modality: Modality) -> Encoded:
    """The query or the item of a pair; raises ValueError where it does not hold the modality."""
    own = side_of(pair, side)
    if modality not in own.players:
        held = ", ".join(own.players) or "nothing"
        raise ValueError(f"The {side} has no {modality}; it has {held}.")
    return own
