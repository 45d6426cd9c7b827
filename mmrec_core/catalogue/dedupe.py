"""Near duplicates: of two items that show the same picture, or say the same under the same title, the richer one stays."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmrec_core.catalogue.pictures import colour_distance
from mmrec_core.catalogue.prepare import Prepared
from mmrec_core.types import Item

HAMMING = 4
"""Bits of the 64-bit shape hash that may differ."""
COLOUR = 14.0
"""Mean absolute difference of the colour grids (0 to 255) up to which two pictures of one shape are the same."""
OVERLAP = 0.9
"""Share of words two texts under one title have in common (Jaccard), from which on they say the same."""


@dataclass(frozen=True)
class Deduped:
    """``kept`` in the order given; ``left_out``: number by source and reason."""

    kept: tuple[Prepared, ...]
    left_out: dict[str, Counter[str]]


def dedupe(rows: Sequence[Prepared]) -> Deduped:
    """Drop the poorer of every two near duplicates, within a source and across sources."""
    order = sorted(range(len(rows)), key=lambda i: richness(rows[i].item), reverse=True)
    pictures, words = _PictureBook(len(rows)), _TitleBook()
    left_out: dict[str, Counter[str]] = defaultdict(Counter)
    kept = []
    for i in order:
        reason = words.why_known(rows[i].item) or pictures.why_known(rows[i])
        if reason:
            left_out[rows[i].item.source][reason] += 1
            continue
        words.add(rows[i].item)
        pictures.add(rows[i])
        kept.append(i)
    return Deduped(tuple(rows[i] for i in sorted(kept)), dict(left_out))


def richness(item: Item) -> tuple[int, int]:
    """More modalities first, then the longer text."""
    return len(item.modalities), len(item.text)


def hamming(one: int, others: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Number of differing bits between a 64-bit hash and each of ``others`` (n,)."""
    return np.bitwise_count(others ^ np.uint64(one))


def same_words(one: str, other: str) -> bool:
    """Whether two texts have nearly the same words."""
    a, b = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    return len(a & b) >= OVERLAP * len(a | b)


_WORD = re.compile(r"\w+")


class _TitleBook:
    """Texts seen so far, by title."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = defaultdict(list)

    def why_known(self, item: Item) -> str:
        return "same title and text" if any(same_words(item.text, text) for text in self._texts[_title(item)]) else ""

    def add(self, item: Item) -> None:
        self._texts[_title(item)].append(item.text)


def _title(item: Item) -> str:
    return " ".join(_WORD.findall(item.title.casefold()))


class _PictureBook:
    """Fingerprints seen so far, for at most ``size`` pictures."""

    def __init__(self, size: int) -> None:
        self._hashes = np.zeros(size, dtype=np.uint64)
        self._colours = np.zeros((size, 0), dtype=np.uint8)
        self._count = 0

    def why_known(self, row: Prepared) -> str:
        if row.shape_hash is None or not self._count:
            return ""
        near = hamming(row.shape_hash, self._hashes[: self._count]) <= HAMMING
        if not near.any():
            return ""
        alike = colour_distance(row.colours, self._colours[: self._count][near]) <= COLOUR
        return "near duplicate picture" if alike.any() else ""

    def add(self, row: Prepared) -> None:
        if row.shape_hash is None:
            return
        if not self._count:
            self._colours = np.zeros((len(self._hashes), len(row.colours)), dtype=np.uint8)
        self._hashes[self._count] = row.shape_hash
        self._colours[self._count] = np.frombuffer(row.colours, dtype=np.uint8)
        self._count += 1
