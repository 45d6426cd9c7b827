"""Faithful fidelity: the medium itself is edited where parts are hidden, and encoded again.

Slower than hiding tokens by two orders of magnitude (every mask is a run of the encoder), but what a hidden patch or word
had told its neighbours inside the encoder is gone too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.base import Pair
from mmrec_core.explain.fills import FILLS, filler
from mmrec_core.explain.parts import Part, membership, parts_of
from mmrec_core.explain.scorer import Keep, SideName, fuse_with, score_side, side_holding, whole_embedding
from mmrec_core.explain.ticks import tick
from mmrec_core.fusion.base import TokenBatch
from mmrec_core.recommend.encode import QueryEncoder
from mmrec_core.types import Attribution, Embeddings, Medium, Modality, Tokens

EncodeMedia = Callable[[Sequence[Any]], Sequence[Tokens]]
"""Media of one modality -> their tokens as the fusion reads them (projected)."""
MEDIA = 16
"""Edited media held in memory at once."""


class InputScorer:
    """Score of the pair when parts of one medium are hidden in the medium itself: the call shape of ``TokenScorer``.

    All True is the score as ranked (but for pictures above ``fills.LONGEST_SIDE``, which are shrunk first). All False is the
    score with the wholly filled medium (a picture that is all blur, a silent sound), and without the modality where nothing
    is left of a text.

    Args:
        pair: what is explained.
        side: whose medium is masked.
        modality: which medium.
        medium: the medium as it was encoded.
        encode: see ``EncodeMedia``; ``encode_with`` makes one.
        fill: one of ``fills.FILLS[modality]``; by default the first.
        parts: players; by default ``parts_of`` the tokens, with the words of a text.

    Raises:
        ValueError: where that side does not hold the modality, or the modality does not have the fill.
    """

    def __init__(
        self, pair: Pair, side: SideName, modality: Modality, medium: Medium, encode: EncodeMedia,
        fill: str | None = None, parts: Sequence[Part] | None = None,
    ) -> None:  # fmt: skip
        self.pair, self.side, self.modality = pair, side, modality
        self._own = side_holding(pair, side, modality)
        self.tokens: Tokens = self._own.tokens[modality]
        self.fill = fill or FILLS[modality][0]
        self._hide = filler(modality, medium, self.tokens.grid, self.fill)
        text = medium if isinstance(medium, str) else None
        self.parts = tuple(parts_of(self.tokens, text) if parts is None else parts)
        self.evaluations = 0
        self._encode = encode
        self._members = membership(self.parts, len(self.tokens.mask))
        self._other = whole_embedding(pair, "item" if side == "query" else "query")

    def __call__(self, keep: Keep) -> NDArray[np.float64]:
        """Scores (n_masks,) of the rows of ``keep`` (n_masks, n_parts); every row is one run of the encoder."""
        keep = np.atleast_2d(np.asarray(keep, dtype=bool))
        if keep.shape[1] != len(self.parts):
            raise ValueError(f"A mask of {keep.shape[1]} parts was given; there are {len(self.parts)}.")
        self.evaluations += len(keep)
        rows = [self._embed(keep[start : start + MEDIA]) for start in range(0, len(keep), MEDIA)]
        if not rows:
            return np.zeros(0)
        embedded, left = (np.concatenate(pieces) for pieces in zip(*rows, strict=True))
        return score_side(self.pair, self.side, embedded, self._other, left)

    def edited(self, keep: NDArray[np.bool_]) -> Medium:
        """The medium as the encoder gets it under one mask (n_parts,), to be shown or played."""
        return self._hide((~keep @ self._members).astype(bool))

    def _embed(self, keep: Keep) -> tuple[Embeddings, NDArray[np.bool_]]:
        """Embeddings (n, dim) of the side, and (n,) False where nothing of it is left."""
        import torch

        tick(len(keep))
        media = [self.edited(row) for row in keep]
        encoded = iter(self._encode([medium for medium in media if not _is_blank(medium)]))
        tokens = [None if _is_blank(medium) else next(encoded) for medium in media]
        device = self._own.summaries.presence.device
        batch = pad(tokens, self.tokens.values.shape[1])
        batch = TokenBatch(batch.values.to(device), batch.mask.to(device))
        with torch.inference_mode():
            parts = self.pair.fusion.summarise({self.modality: batch}).parts[self.modality]
            there = batch.mask.any(dim=1)
            embedded = fuse_with(self.pair.fusion, self._own, self.modality, parts, there)
        return embedded, there.cpu().numpy() | (len(self._own.players) > 1)


def encode_with(encoder: QueryEncoder, modality: Modality, language: str | None = None) -> EncodeMedia:
    """Encode media of one modality as queries are encoded; what is left of a text stays in the ``language`` of the whole."""

    def encode(media: Sequence[Any]) -> list[Tokens]:
        return encoder.encode_media(modality, media, language) if media else []

    return encode


def shares_by_fill(
    scorer_of: Callable[[str], InputScorer], modality: Modality, share: Callable[[InputScorer], Attribution]
) -> dict[str, Attribution]:
    """The same attribution under every fill of the modality: how far it moves is how much it owes to the choice.

    Args:
        scorer_of: an ``InputScorer`` with the given fill.
        modality: of the scorer.
        share: e.g. ``TokenShap.share``.
    """
    return {fill: share(scorer_of(fill)) for fill in FILLS[modality]}


def pad(tokens: Sequence[Tokens | None], dim: int) -> TokenBatch:
    """Tokens of several media as one batch; a None becomes a row without any real token."""
    import torch

    longest = max([len(t.mask) for t in tokens if t is not None], default=1)
    values = np.zeros((len(tokens), longest, dim), dtype=np.float32)
    mask = np.zeros((len(tokens), longest), dtype=bool)
    for row, t in enumerate(tokens):
        if t is not None:
            values[row, : len(t.mask)], mask[row, : len(t.mask)] = t.values, t.mask
    return TokenBatch(torch.from_numpy(values), torch.from_numpy(mask))


def _is_blank(medium: Medium) -> bool:
    return isinstance(medium, str) and not medium.strip()
