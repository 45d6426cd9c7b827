"""Texts of packages as a person would read them: no markup, no context marks, no slugs."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

_REFERENCE = re.compile(r"<ref>[^<]*?text='([^']*)'[^<]*</ref>")
_HEADER = re.compile(r"<header>.*?</header>", re.DOTALL)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
_SPACE = re.compile(r"\s+")
_SMALL_WORDS = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)


def plain(text: str) -> str:
    """``text`` without tags and entities, on one line, NFC."""
    text = _REFERENCE.sub(r"\1", _HEADER.sub(" ", text))
    text = html.unescape(_MARKUP.sub(" ", text.replace("<br>", " ")))
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return re.sub(r" ([,.;:!?])(?=\s|$)", r"\1", text)


def shorten(text: str, words: int) -> str:
    """The first whole sentences of ``text`` that hold at most ``words`` words; at least the first ``words`` words."""
    if len(text.split()) <= words:
        return text
    kept: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        if kept and len(" ".join([*kept, sentence]).split()) > words:
            break
        kept.append(sentence)
    short = " ".join(kept).split()
    return " ".join(short) if len(short) <= words else " ".join(short[:words]) + " …"


def title_case(name: str) -> str:
    """``"sword-of_the north"`` -> ``"Sword of the North"``; words that hold a capital stay as they are."""
    words = re.sub(r"[-_\s]+", " ", name).strip().split(" ")
    cased = [
        word
        if any(letter.isupper() for letter in word) or (position and word in _SMALL_WORDS)
        else word[:1].upper() + word[1:]
        for position, word in enumerate(words)
    ]
    return " ".join(cased)


def slug(name: str) -> str:
    """A stable key: lower-case ASCII letters and digits joined by hyphens."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.lower()).strip("-")


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Non-empty values, each once, in order."""
    return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))
