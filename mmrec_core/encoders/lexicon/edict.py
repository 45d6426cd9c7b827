"""EDICT (Breen): nouns and adjectives of Japanese. One entry a line, ``kanji;kanji [kana;kana] /(n) first sense/second/``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import regex

from mmrec_core.encoders.language import frequency
from mmrec_core.encoders.lexicon.base import one_file
from mmrec_core.encoders.lexicon.store import LEAST_SPELLED, Entry
from mmrec_core.encoders.lexicon.units import SPELLED

ENCODING = "euc-jp"
LONGEST_ENGLISH = 3
"""Words; a longer sense explains rather than translates."""
COMMON = "/(P)/"
_HIRAGANA = regex.compile(rf"[\p{{Hiragana}}ー]{{{LEAST_SPELLED},}}")
_LINE = regex.compile(r"(\S+)(?: \[(\S+)\])? /(.*)/")
_NAMES_THINGS = regex.compile(r"\((?:n|adj-i|adj-na|adj-no|vs,n)[,)]")
_SELDOM_MEANT = regex.compile(r"\((?:(?:m-|net-)?sl|vulg|derog|obs|obsc|arch|rare|dated)\)")
"""Marks of slang and abuse, and of what is out of use or seldom used: under the same kana lies what people mean."""
_BRACKETS = regex.compile(r"\((?:[^()]|(?R))*\)|\{[^}]*\}")
"""Round ones may lie in one another."""


@dataclass(frozen=True)
class Noun:
    """A noun or an adjective: how it is written, as it sounds in ``kana`` where that differs, and its first sense."""

    spellings: tuple[str, ...]
    kana: tuple[str, ...]
    english: str
    common: bool


class Edict:
    """Words in common use first, so that of two with the same spelling the common one counts."""

    name = "edict"
    title = "EDICT, Japanese and English"
    packages: tuple[tuple[str, ...], ...] = (("edict",),)

    def read(self, folder: Path) -> Iterator[Entry]:
        """Every spelling of every noun and adjective, with its first sense; and how what is long in hiragana is spelled otherwise."""
        nouns = list(read_nouns(folder))
        for noun in nouns:
            yield from (Entry("ja", spelling, noun.english) for spelling in (*noun.spellings, *noun.kana))
        yield from spelled(nouns)


def spelled(nouns: Iterable[Noun]) -> list[Entry]:
    """Hiragana led to the spelling in kanji; of words that sound the same the one that is written most comes first."""
    entries = [Entry(SPELLED, k, noun.spellings[0]) for noun in nouns for k in noun.kana if _HIRAGANA.fullmatch(k)]
    return sorted(entries, key=lambda entry: -frequency(entry.english, "ja"))


def read_nouns(folder: Path) -> Iterator[Noun]:
    """Nouns and adjectives whose first sense is short and in use, those in common use first."""
    lines = one_file(folder, "share/edict/edict").read_text(ENCODING, errors="replace").splitlines()
    for line in sorted(lines, key=lambda line: COMMON not in line):
        if (found := _LINE.fullmatch(line)) and _NAMES_THINGS.match(found[3]):
            first = found[3].split("/")[0]
            english = _BRACKETS.sub("", first).strip().lower()
            if not _SELDOM_MEANT.search(first) and 0 < len(english.split()) <= LONGEST_ENGLISH:
                yield Noun(_spellings(found[1]), _spellings(found[2]), english, COMMON in line)


def _spellings(listed: str | None) -> tuple[str, ...]:
    return tuple(_BRACKETS.sub("", spelling) for spelling in listed.split(";")) if listed else ()


WORD_LIST = Edict()
