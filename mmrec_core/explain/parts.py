"""The players of a token-level explanation: patches, words, stretches of sound, each a few tokens of one modality."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types import AudioGrid, ImageGrid, TextGrid, Tokens, told

AUDIO_BANDS = 4
AUDIO_PARTS = 60
LONGEST_WORD = 30
"""Characters. A longer run without a gap is a script that writes no spaces: its pieces stay apart."""
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Thai, Hiragana, Katakana, Han."""


@dataclass(frozen=True)
class Part:
    """One player: ``label`` for people ("row 2, column 3", "singing", "1.2-1.4 s, 500-2000 Hz"), and its token indices."""

    label: str
    tokens: tuple[int, ...]


def parts_of(tokens: Tokens, text: str | None) -> tuple[Part, ...]:
    """The natural parts of one medium: every image patch, every word, at most about 60 cells of time x band.

    Only real tokens are dealt out. Special text tokens stand for no word and belong to no part.

    Args:
        tokens: of one modality.
        text: what was read, so that words can be named, and told apart where a script has no spaces; None numbers them.
    """
    grid = tokens.grid
    if isinstance(grid, ImageGrid):
        found = [Part(_patch_label(grid, n), (n,)) for n in range(len(tokens.mask))]
    elif isinstance(grid, TextGrid):
        found = _words(grid, tokens.mask, text)
    else:
        found = _cells(grid)
    real = [Part(part.label, tuple(t for t in part.tokens if tokens.mask[t])) for part in found]
    return tuple(part for part in real if part.tokens)


def membership(parts: Sequence[Part], n_tokens: int) -> NDArray[np.bool_]:
    """Which token belongs to which part: (n_parts, n_tokens)."""
    table = np.zeros((len(parts), n_tokens), dtype=bool)
    for row, part in enumerate(parts):
        table[row, list(part.tokens)] = True
    return table


def spread(parts: Sequence[Part], values: NDArray[np.float64], n_tokens: int) -> NDArray[np.float64]:
    """Values of parts on their tokens (n_tokens,): a part's value is divided evenly, so that sums are kept."""
    weights = np.zeros(n_tokens)
    for part, value in zip(parts, values, strict=True):
        weights[list(part.tokens)] += value / len(part.tokens)
    return weights


def _patch_label(grid: ImageGrid, n: int) -> str:
    return told("row {row}, column {column}", row=n // grid.cols + 1, column=n % grid.cols + 1)


def _words(grid: TextGrid, mask: NDArray[np.bool_], text: str | None) -> list[Part]:
    """Pieces that touch are one word. Where no piece knows its place in the text, each real token is a part."""
    placed = [n for n, (start, end) in enumerate(grid.spans) if end > start and mask[n]]
    if not placed:
        return [Part(told("token {n}", n=int(n) + 1), (int(n),)) for n in np.flatnonzero(mask)]
    words: list[list[int]] = [placed[:1]]
    for before, here in pairwise(placed):
        touches = grid.spans[here][0] <= grid.spans[before][1]
        if (
            touches
            and not _writes_no_spaces(text, grid.spans[here][0])
            and grid.spans[here][1] - grid.spans[words[-1][0]][0] <= LONGEST_WORD
        ):
            words[-1].append(here)
        else:
            words.append([here])
    return [Part(_word_label(grid, word, number, text), tuple(word)) for number, word in enumerate(words, start=1)]


def _writes_no_spaces(text: str | None, place: int) -> bool:
    """True within scripts that put no gap between words, where every piece counts as a word."""
    return text is not None and place < len(text) and bool(UNSPACED.match(text[place]))


def _word_label(grid: TextGrid, word: list[int], number: int, text: str | None) -> str:
    start, end = grid.spans[word[0]][0], grid.spans[word[-1]][1]
    return text[start:end] if text is not None and end <= len(text) else told("word {n}", n=number)


def _cells(grid: AudioGrid) -> list[Part]:
    """Cells of time x band, grouped evenly to at most AUDIO_BANDS bands and AUDIO_PARTS parts."""
    steps, bands = len(grid.seconds) - 1, len(grid.hertz) - 1
    band_groups = np.array_split(np.arange(bands), min(bands, AUDIO_BANDS))
    step_groups = np.array_split(np.arange(steps), min(steps, AUDIO_PARTS // len(band_groups)))
    return [
        Part(_cell_label(grid, times, pitches), tuple(int(t * bands + b) for t in times for b in pitches))
        for times in step_groups
        for pitches in band_groups
    ]


def _cell_label(grid: AudioGrid, times: NDArray[np.int_], bands: NDArray[np.int_]) -> str:
    seconds = f"{grid.seconds[times[0]]:.1f}-{grid.seconds[times[-1] + 1]:.1f} s"
    return f"{seconds}, {grid.hertz[bands[0]]:.0f}-{grid.hertz[bands[-1] + 1]:.0f} Hz"
