"""Korean words by their Chinese characters: led to what EDICT says of the same characters in Japanese.

libhangul's dictionary has one entry a line. Words stand beside their characters, the more frequent characters first
(``사자:獅子:``); a single character beside what it means in Korean and how it sounds (``상어 교`` of ``鮫``, shark). Characters
are written as in Korea, where Japan has newer forms for some; KANJIDIC knows which.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import regex

from mmrec_core.encoders.lexicon.base import one_file
from mmrec_core.encoders.lexicon.edict import ENCODING, Edict, Noun, read_nouns
from mmrec_core.encoders.lexicon.store import Entry

EVERYDAY_GRADES = 8
"""KANJIDIC's grades of characters in general use."""
RARE = 10_000
"""The rank of a character that is not among the frequent ones, of which there are 2,501."""
UNMISTAKABLE = 3
"""Syllables from which on a word has hardly another spelling."""
SIGNS = 2
"""Colons in an entry."""
COUNTS = "counter for"
"""How a sense begins that names no thing."""
_GRADE, _RANK, _VARIANT = (regex.compile(pattern) for pattern in (r" G(\d+) ", r" F(\d+) ", r" XJ0([0-9A-F]{4})"))


@dataclass(frozen=True)
class Kanji:
    """A character: whether it is in general use, its rank by frequency, and JIS codes of other forms of it."""

    everyday: bool
    rank: int
    variants: tuple[str, ...]


@dataclass(frozen=True)
class Dictionary:
    """What libhangul's dictionary says: how each word is written, and which characters first of all have a meaning."""

    words: dict[str, list[str]]
    meanings: dict[str, list[str]]


class Hanja:
    """What characters first of all mean in Korean, then words that are written in characters.

    The former are native words, some of which sound as another that is written in characters ("fox", "actress").
    """

    name = "hanja"
    title = "libhangul, Korean words in Chinese characters"
    packages: tuple[tuple[str, ...], ...] = (("libhangul-data",), ("kanjidic",), *Edict.packages)

    def read(self, folder: Path) -> Iterator[Entry]:
        """Every Korean word that leads to a noun or an adjective."""
        kanji, codes = read_kanji(folder)
        hanja = read_hanja(folder, newer_forms(kanji, codes))
        nouns = _by_spelling(folder)
        for meaning, characters in hanja.meanings.items():
            if noun := _usual(characters, nouns, kanji):
                yield Entry("ko", meaning, noun.english)
        for word, spellings in hanja.words.items():
            if noun := _frequent(word, spellings, nouns):
                yield Entry("ko", word, noun.english)


def read_kanji(folder: Path) -> tuple[dict[str, Kanji], dict[str, str]]:
    """KANJIDIC's characters, and the character of each JIS code."""
    kanji, codes = {}, {}
    for line in one_file(folder, "share/edict/kanjidic").read_text(ENCODING, errors="replace").splitlines():
        if line.startswith("#"):
            continue
        grade, rank = _GRADE.search(line), _RANK.search(line)
        character, code, _ = line.split(" ", 2)
        codes[code] = character
        everyday = grade is not None and int(grade[1]) <= EVERYDAY_GRADES
        kanji[character] = Kanji(everyday, int(rank[1]) if rank else RARE, tuple(_VARIANT.findall(line)))
    return kanji, codes


def newer_forms(kanji: Mapping[str, Kanji], codes: Mapping[str, str]) -> dict[str, str]:
    """For characters out of use the form that is in general use, the most frequent where there are several."""
    forms = {}
    for character, known in kanji.items():
        variants = (codes[code] for code in known.variants if code in codes)
        everyday = [] if known.everyday else [variant for variant in variants if kanji[variant].everyday]
        if everyday:
            forms[character] = min(everyday, key=lambda form: kanji[form].rank)
    return forms


def _by_spelling(folder: Path) -> dict[str, Noun]:
    """Nouns that name things, those in common use before others of the same spelling."""
    nouns: dict[str, Noun] = {}
    for noun in read_nouns(folder):
        if not noun.english.startswith(COUNTS):
            for spelling in noun.spellings:
                nouns.setdefault(spelling, noun)
    return nouns


def read_hanja(folder: Path, new_forms: Mapping[str, str]) -> Dictionary:
    """libhangul's dictionary in the characters of Japan."""
    found = Dictionary({}, {})
    newer, to_new = set(new_forms.values()), str.maketrans(dict(new_forms))
    for line in one_file(folder, "share/libhangul/hanja/hanja.txt").read_text("utf-8").splitlines():
        if line.startswith("#") or line.count(":") < SIGNS:
            continue
        korean, written, said = line.split(":", SIGNS)
        japanese = unicodedata.normalize("NFKC", written).translate(to_new)
        if len(korean) > 1:
            found.words.setdefault(korean, []).append(japanese)
        elif written not in newer and len(both := said.split(",")[0].split()) == 2:
            # Korea writes the older form; where the newer one stands, it is another, rare character.
            found.meanings.setdefault(both[0], []).append(japanese)
    return found


def _usual(characters: list[str], nouns: Mapping[str, Noun], kanji: Mapping[str, Kanji]) -> Noun | None:
    """The noun of the most usual character."""

    def rarity(character: str) -> tuple[bool, int]:
        return not nouns[character].common, kanji[character].rank if character in kanji else RARE

    known = [character for character in characters if character in nouns]
    return nouns[min(known, key=rarity)] if known else None


def _frequent(word: str, spellings: list[str], nouns: Mapping[str, Noun]) -> Noun | None:
    """The noun of the first spelling that is a common word in Japanese; of a long word else of the first of all.

    Short words have many spellings, and a rare one would more often than not be another word.
    """
    known = [nouns[spelling] for spelling in spellings if spelling in nouns]
    common = next((noun for noun in known if noun.common), None)
    return common or (known[0] if known and len(word) >= UNMISTAKABLE else None)


WORD_LIST = Hanja()
