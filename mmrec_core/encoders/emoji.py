"""Emoji, written out by their Unicode names: word pieces know "cat" and "guitar", but no pictures of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import regex

_EMOJI = regex.compile(
    r"[[\p{Emoji_Presentation}[\p{Extended_Pictographic}--[\u0000-\u25FF]]]--[\p{Emoji_Modifier}\p{Regional_Indicator}]]",
    flags=regex.V1,
)
_BESIDE = regex.compile(r"[\p{Emoji_Modifier}\u200D\uFE0E\uFE0F\u20E3]")
"""Tones of skin, joiners and selectors: they change how an emoji looks, hardly what it shows."""
GAP = (0, 0)
"""The span of what stands for nothing in the text."""


@dataclass(frozen=True)
class WrittenOut:
    """A text with every emoji written out, and for each of its characters the one of the original that it stands for, or -1."""

    text: str
    origins: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where characters ``start`` to ``end`` lie in the original."""
        own = [origin for origin in self.origins[start:end] if origin >= 0]
        return (own[0], own[-1] + 1) if own else GAP


def emoji_names(text: str) -> dict[int, str]:
    """The name of every emoji, by its place in the text."""
    names = {found.start(): unicodedata.name(found.group(), "").lower() for found in _EMOJI.finditer(text)}
    return {place: name for place, name in names.items() if name}


def write_out(text: str) -> WrittenOut:
    """Emoji as words with spaces around them; a text without any stays as it is."""
    names = emoji_names(text)
    if not names:
        return WrittenOut(text, range(len(text)))
    characters: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        if _BESIDE.fullmatch(character):
            continue
        if name := names.get(place):
            characters += f" {name} "
            origins += [-1, *[place] * len(name), -1]
        else:
            characters.append(character)
            origins.append(place)
    return WrittenOut("".join(characters), origins)
