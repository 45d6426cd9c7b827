"""EDICT (Breen): nouns and adjectives of Japanese. One entry a line, ``kanji;kanji [kana;kana] /(n) first sense/second/``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import regex

from mmrec_core.encoders.lexicon.base import one_file
from mmrec_core.encoders.lexicon.store import Entry

ENCODING = "euc-jp"
LONGEST_ENGLISH = 3
"""Words; a longer sense explains rather than translates."""
_LINE = regex.compile(r"(\S+)(?: \[(\S+)\])? /(.*)/")
_NAMES_THINGS = regex.compile(r"\((?:n|adj-i|adj-na|adj-no|vs,n)[,)]")
_BRACKETS = regex.compile(r"\((?:[^()]|(?R))*\)|\{[^}]*\}")
"""Round ones may lie in one another."""


class Edict:
    """Words in common use first, so that of two with the same spelling the common one counts."""

    name = "edict"
    title = "EDICT, Japanese and English"
    packages: tuple[str, ...] = ("edict",)

    def read(self, folder: Path) -> Iterator[Entry]:
        """Every spelling of every noun and adjective, with its first sense."""
        lines = one_file(folder, "share/edict/edict").read_text(ENCODING, errors="replace").splitlines()
        for line in sorted(lines, key=lambda line: "/(P)/" not in line):
            if (found := _LINE.fullmatch(line)) and _NAMES_THINGS.match(found[3]):
                english = _BRACKETS.sub("", found[3].split("/")[0]).strip().lower()
                if 0 < len(english.split()) <= LONGEST_ENGLISH:
                    yield from (Entry("ja", spelling, english) for spelling in _spellings(found[1], found[2]))


def _spellings(*lists: str | None) -> Iterator[str]:
    for spellings in filter(None, lists):
        yield from (_BRACKETS.sub("", spelling) for spelling in spellings.split(";"))


WORD_LIST = Edict()
