"""The parts of a whole query, all modalities together, and its embedding when only some of them are kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.base import Pair
from mmrec_core.explain.parts import Part, parts_of
from mmrec_core.explain.scorer import ROWS, Keep, TokenScorer
from mmrec_core.explain.ticks import tick
from mmrec_core.recommend.coalitions import repeat_first
from mmrec_core.types import FUSED, AudioGrid, Embeddings, ImageGrid, Modality, RemovedPart, TextGrid, Tokens

STRETCHES = 24
"""Pieces of time that a sound is cut into at most."""
SHORT = 0.3
"""Seconds; a shorter piece is named to the hundredth, so that neighbours do not get one name."""


@dataclass(frozen=True)
class _Block:
    """Columns of the mask that belong to one modality."""

    scorer: TokenScorer
    columns: slice


class QueryMask:
    """A query as parts that can be taken out: patches, words, stretches of time (all bands at once, so that they can be
    silenced).

    Args:
        pair: the query is its left side.
        modalities: whose parts may be taken out; the others stay whole. By default, all that the query holds.
        text: what the query reads, for the names of words.
    """

    def __init__(self, pair: Pair, modalities: Collection[Modality] | None = None, text: str | None = None) -> None:
        self._pair = pair
        self._blocks: dict[Modality, _Block] = {}
        self.parts: tuple[RemovedPart, ...] = ()
        for modality in pair.query.players:
            if modalities is not None and modality not in modalities:
                continue
            tokens = pair.query.tokens[modality]
            named = placed_parts(modality, tokens, text)
            scorer = TokenScorer(pair, "query", modality, [Part(part.label, part.tokens) for part in named])
            self._blocks[modality] = _Block(scorer, slice(len(self.parts), len(self.parts) + len(named)))
            self.parts += named

    def embed(self, keep: Keep) -> Embeddings:
        """Embeddings (n_rows, dim) of the query with the kept parts only, rows of ``keep`` (n_rows, n_parts)."""
        rows = [self._embed(keep[start : start + ROWS]) for start in range(0, len(keep), ROWS)]
        return np.concatenate(rows) if rows else np.zeros((0, self._pair.fusion.dim), np.float32)

    def empty(self, keep: Keep) -> NDArray[np.bool_]:
        """Rows (n_rows,) in which nothing of the query is left."""
        if set(self._pair.query.players) - set(self._blocks):
            return np.zeros(len(keep), dtype=bool)
        return np.logical_not(np.any(keep, axis=1))

    def _embed(self, keep: Keep) -> Embeddings:
        import torch

        from mmrec_core.fusion.masked import masked_parts

        tick(len(keep))
        query, fusion = self._pair.query, self._pair.fusion
        whole = repeat_first(query.summaries, len(keep))
        parts, presence = dict(whole.parts), whole.presence.clone()
        with torch.inference_mode():
            for modality, block in self._blocks.items():
                kept = torch.from_numpy(block.scorer.kept_tokens(keep[:, block.columns])).to(presence.device)
                parts[modality] = masked_parts(fusion, modality, query.batch[modality], kept)
                presence[:, FUSED.index(modality)] &= kept.any(dim=1)
            return fusion.fuse(replace(whole, parts=parts, presence=presence)).float().cpu().numpy()


def placed_parts(modality: Modality, tokens: Tokens, text: str | None = None) -> tuple[RemovedPart, ...]:
    """The parts of one medium with where they lie: patches, words, or at most STRETCHES stretches of time."""
    grid = tokens.grid
    parts = time_parts(grid, tokens.mask) if isinstance(grid, AudioGrid) else parts_of(tokens, text)
    return tuple(RemovedPart(modality, part.label, part.tokens, extent_of(grid, part.tokens)) for part in parts)


def time_parts(grid: AudioGrid, mask: NDArray[np.bool_], most: int = STRETCHES) -> tuple[Part, ...]:
    """Stretches of time, each with all its bands, of about equal length."""
    steps, bands = len(grid.seconds) - 1, len(grid.hertz) - 1
    parts = []
    for group in np.array_split(np.arange(steps), min(steps, most)):
        tokens = tuple(int(n) for n in range(group[0] * bands, (group[-1] + 1) * bands) if mask[n])
        if tokens:
            start, end = grid.seconds[group[0]], grid.seconds[group[-1] + 1]
            digits = 1 if end - start >= SHORT else 2
            parts.append(Part(f"{start:.{digits}f}–{end:.{digits}f} s", tokens))
    return tuple(parts)


def extent_of(grid: ImageGrid | TextGrid | AudioGrid, tokens: tuple[int, ...]) -> tuple[float, ...]:
    """Where the tokens lie, as in ``RemovedPart.extent``: the smallest box, stretch of text or stretch of time."""
    if isinstance(grid, TextGrid):
        spans = [grid.spans[n] for n in tokens]
        return (min(start for start, _ in spans), max(end for _, end in spans))
    if isinstance(grid, AudioGrid):
        steps = [n // (len(grid.hertz) - 1) for n in tokens]
        return (grid.seconds[min(steps)], grid.seconds[max(steps) + 1])
    left, top, right, bottom = grid.box
    rows, columns = [n // grid.cols for n in tokens], [n % grid.cols for n in tokens]
    width, height = (right - left) / grid.cols, (bottom - top) / grid.rows
    return (
        left + min(columns) * width, top + min(rows) * height,
        left + (max(columns) + 1) * width, top + (max(rows) + 1) * height,
    )  # fmt: skip
