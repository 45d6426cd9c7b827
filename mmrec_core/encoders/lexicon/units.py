"""What a phrase is looked up by: its words' stems where words are spaced, its characters where they are not."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from threading import Lock

import regex

SPELLED = "ja-Jpan"
"""Stands for Japanese as dictionaries spell it: the "English" of a word in hiragana is the word as it is mostly written."""
UNSPACED = frozenset({"ja", SPELLED, "th", "zh"})
"""Languages that write words without spaces between them."""
STEMMERS = {
    "ar": "arabic", "de": "german", "es": "spanish", "fr": "french", "it": "italian", "nl": "dutch", "pl": "polish",
    "pt": "portuguese", "ru": "russian", "tr": "turkish",
}  # fmt: skip
"""Names of Snowball's stemmers (Porter 2001); Korean has none."""
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
"""An apostrophe divides: what stands before it is an article or a pronoun ("l'oiseau", "un'oca")."""
_RUN = regex.compile(r"[\p{L}\p{M}\p{N}ー・ﾞﾟ]+")
_WRITTEN = "="
"""What begins the key of a phrase as it is written."""
_CHARACTER = regex.compile(r"\X")
_TURKISH = str.maketrans({"I": "ı", "İ": "i"})


@dataclass(frozen=True)
class Unit:
    """A word or a character: (start, end) in the text, the ``word`` in lower case, and its ``key``."""

    start: int
    end: int
    word: str
    key: str


def runs_of(text: str, language: str) -> list[list[Unit]]:
    """Units of the text, in runs that no phrase leads out of: the whole text, or what stands between two marks."""
    if language in UNSPACED:
        return [list(_characters(run.group(), run.start())) for run in _RUN.finditer(text)]
    stem = stemmer(language)
    words = [(found.span(), folded(found.group(), language)) for found in _WORD.finditer(text)]
    return [[Unit(start, end, word, stem(word)) for (start, end), word in words]]


def keys_of(phrase: str, language: str) -> tuple[str, ...]:
    """The keys of a whole phrase; none where it holds no letter."""
    return keys_in_a_row([unit for run in runs_of(phrase, language) for unit in run], language)


def keys_in_a_row(units: list[Unit], language: str) -> tuple[str, ...]:
    """The keys of units in a row: as they are written, then by their stems, which other words may share ("maan", "manen")."""
    if not units:
        return ()
    if language in UNSPACED:
        return ("".join(unit.key for unit in units),)
    return _WRITTEN + " ".join(unit.word for unit in units), " ".join(unit.key for unit in units)


def folded(text: str, language: str) -> str:
    """Compatibility forms and cases made one; Turkish has an i with and one without a dot in both cases."""
    plain = unicodedata.normalize("NFKC", text)
    return (plain.translate(_TURKISH) if language == "tr" else plain).casefold()


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """A word's stem; the word itself where the language has no stemmer. Safe among threads."""
    if language not in STEMMERS:
        return lambda word: word
    import snowballstemmer

    stemmer, lock = snowballstemmer.stemmer(STEMMERS[language]), Lock()

    def stem(word: str) -> str:
        with lock:  # Snowball's stemmers keep the word that they work on
            found: str = stemmer.stemWord(word)
        return found

    return stem


def _characters(run: str, start: int) -> Iterator[Unit]:
    """Characters as people see them: a letter with its marks is one."""
    for found in _CHARACTER.finditer(run):
        form = folded(found.group(), "")
        yield Unit(start + found.start(), start + found.end(), form, form)
