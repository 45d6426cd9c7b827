"""The words of one side of the drawn matches: which are shown, and where each lies, with lanes for links between the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pages._ui import leads, lettering
from pages._ui.leads import Box, Lead

SIZE, LINE, SPACE = 16.0, 27.0, 7.0
"""Pixels of an em, from line to line, and between words."""
CONTEXT = 5
"""Words shown on either side of a word that answers to something."""
Extent = tuple[float, ...]


@dataclass(frozen=True)
class Word:
    """A word, or the ellipsis of a gap (``start`` None), with its left edge, width and baseline in pixels."""

    text: str
    start: int | None
    x: float
    wide: float
    y: float


@dataclass(frozen=True)
class Laid:
    """Words in lines, the boxes of the parts that answer to something, the leads of their links, and the lower end."""

    words: list[Word]
    boxes: dict[Extent, Box]
    leads: dict[Extent, Lead]
    bottom: float


def lay(text: str, wanted: Sequence[Extent], left: float, top: float, wide: float, edge: float) -> Laid:
    """Set the words near ``wanted`` in lines of ``wide`` pixels; links leave towards ``edge``, between the lines."""
    words: list[Word] = []
    boxes: dict[Extent, Box] = {}
    ways: dict[Extent, Lead] = {}
    y = top + 20.0
    for broken in _lines(excerpt(text, [int(extent[0]) for extent in wanted]), left, wide):
        line = [replace(word, y=y) for word in broken]
        found = {extent: box for extent in wanted for word in line if (box := _box(word, extent)) is not None}
        outer = line[-1] if edge > left else line[0]
        free = [extent for extent in found if _box(outer, extent) is not None]
        direct = free if len(free) == 1 else []
        under = [extent for extent in found if extent not in direct]
        ways |= {extent: leads.straight(found[extent], edge) for extent in direct}
        ways |= dict(zip(under, leads.below([found[extent] for extent in under], edge), strict=True))
        words, boxes = words + line, boxes | found
        y += LINE + leads.room(len(under))
    return Laid(words, boxes, ways, y - LINE)


def _lines(words: Sequence[tuple[str, int | None]], left: float, wide: float) -> list[list[Word]]:
    """The words broken into lines, all of them still at height 0."""
    lines: list[list[Word]] = [[]]
    x = left
    for text, start in words:
        length = lettering.width(text, SIZE)
        if lines[-1] and x + length > left + wide:
            lines.append([])
            x = left
        lines[-1].append(Word(text, start, x, length, 0.0))
        x += length + SPACE
    return lines


def _box(word: Word, extent: Extent) -> Box | None:
    """Around the part of a word that begins in it; None where none does."""
    if word.start is None or not word.start <= extent[0] < word.start + len(word.text):
        return None
    before, upto = (word.text[: max(int(at) - word.start, 0)] for at in extent)
    x = word.x + lettering.width(before, SIZE)
    return x - 3, word.y - 17, word.x + lettering.width(upto, SIZE) - x + 6, 23.0


def excerpt(text: str, starts: Sequence[int]) -> list[tuple[str, int | None]]:
    """Words (with where they start) near ``starts``; gaps are an ellipsis without a place. All words where they are few."""
    words: list[tuple[str, int]] = []
    end = 0
    for word in text.split():
        start = text.index(word, end)
        end = start + len(word)
        words.append((word, start))
    if len(words) <= 6 * CONTEXT:
        return list(words)
    hits = [n for n, (word, start) in enumerate(words) if any(start <= s < start + len(word) for s in starts)]
    near = [any(abs(n - hit) <= CONTEXT for hit in hits) or (not hits and n < 2 * CONTEXT) for n in range(len(words))]
    shown: list[tuple[str, int | None]] = []
    for n, keep in enumerate(near):
        if keep:
            shown.append(words[n])
        elif not shown or shown[-1][1] is not None:
            shown.append(("…", None))
    return shown
