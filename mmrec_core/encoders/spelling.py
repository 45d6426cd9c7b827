"""How likely a word is spelled as a language spells: letters after letters, counted in the language's list of words."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

LETTERS = "abcdefghijklmnopqrstuvwxyzàáâãäæçèéêëìíîïñòóôõöùúûüÿßœąćęłńśźżğışi\u0307'’"
"""Those of the languages in Latin script; all others count as one and the same."""
_EDGE, _OTHER = 0, 1
_SIZE = len(set(LETTERS)) + 2
_NUMBERS = np.full(sys.maxunicode + 1, _OTHER, np.uint8)
_NUMBERS[[0, *map(ord, sorted(set(LETTERS)))]] = [_EDGE, *range(2, _SIZE)]
BACK_OFF = 3.0
"""How many sights of two letters weigh as much as what one letter less says."""


class Spelling:
    """Trigrams of letters, each order interpolated with the one below it by a fixed weight (MacKay and Peto 1995).

    Args:
        words: in lower case, each counted once, since how often a word is used says little about words that are in no list.
    """

    def __init__(self, words: Iterable[str]) -> None:
        ids = _numbers(words).astype(np.int64)
        triples = (ids[:-2] * _SIZE + ids[1:-1]) * _SIZE + ids[2:]
        counts = np.bincount(triples, minlength=_SIZE**3).reshape(_SIZE, _SIZE, _SIZE)
        counts[:, _EDGE, _EDGE] = 0  # nothing but the next word follows the end of one
        chance = np.full(_SIZE, 1 / _SIZE)
        for seen in (counts.sum(axis=(0, 1)), counts.sum(axis=0), counts):
            chance = (seen + BACK_OFF * chance) / (seen.sum(axis=-1, keepdims=True) + BACK_OFF)
        self._log: NDArray[np.float32] = np.log(chance).astype(np.float32)

    def log_probability(self, word: str) -> float:
        """Natural logarithm of the probability that a word drawn letter by letter is this one."""
        ids = _numbers([word])
        return float(self._log[ids[:-2], ids[1:-1], ids[2:]].sum())


def _numbers(words: Iterable[str]) -> NDArray[np.uint8]:
    """Two edges, the letters and an edge of every word."""
    text = "\0\0" + "\0\0\0".join(words) + "\0"
    return _NUMBERS[np.frombuffer(text.encode("utf-32-le"), np.uint32)]
