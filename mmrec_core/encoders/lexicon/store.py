"""The lexicon on disk: an SQLite file of (language, key, English), and the longest phrases of a text that it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
import regex

from mmrec_core.encoders.language import frequency
from mmrec_core.encoders.lexicon.units import SPELLED, UNSPACED, Unit, keys_in_a_row, keys_of, runs_of
from mmrec_core.errors import NotSetUpError
from mmrec_core.types import told

LONGEST_WORDS, LONGEST_LETTERS = 5, 16
"""The longest phrase that is looked up."""
MOST_UNITS = 512
"""Units of a text that are looked up; the sentence encoder reads as many pieces."""
COMMON = 1e-3
"""A word that is a larger share of all words says nothing ("un", "eine", "bir"), unless it is the whole text."""
LEAST_KANA = 3
"""Fewer kana in a row are more often an ending or a part of a word than a word."""
ALSO = {"zh": "ja"}
"""Where else to look for two letters and more: Han letters alone are taken for Chinese and may be Japanese. One letter means
something else there too often."""
LEAST_SPELLED = 4
"""Hiragana of such a word; shorter ones are spelled in too many ways."""
LISTS_WORDS = frozenset({"zh"})
"""Languages without spaces whose list of frequencies says where words end; the Japanese one divides words more finely."""
LEAST_SYLLABLES = 2
"""Of a Korean word without the particle that follows it."""
PARTICLES = frozenset((
    "은", "는", "이", "가", "을", "를", "의", "에", "에서", "에게", "로", "으로", "와", "과",
    "도", "만", "까지", "부터", "처럼", "보다", "이나", "나", "랑", "이랑", "께", "한테", "하고", "하는",
    "한", "할", "들", "들이", "들은", "들을", "들의", "들과", "들에게", "인", "이다", "입니다",
))  # fmt: skip
"""What is written onto a Korean word and changes little of what it means."""
_KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}ー]+")
_LOOK_UP = "SELECT english FROM words WHERE language = ? AND key = ?"
_TABLE = "CREATE TABLE words (language TEXT, key TEXT, english TEXT, PRIMARY KEY (language, key)) WITHOUT ROWID"


@dataclass(frozen=True)
class Entry:
    """A ``phrase`` of a ``language`` (ISO 639-1) and its ``english``."""

    language: str
    phrase: str
    english: str


@dataclass(frozen=True)
class Gloss:
    """The characters ``start`` to ``end`` of a text, in ``english``."""

    start: int
    end: int
    english: str


class Lexicon:
    """Looks up words; safe among threads.

    Raises:
        NotSetUpError: where there is no such file, or it is damaged; looking up, too.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise NotSetUpError(
                told("There is no lexicon at {path}. Run: python -m mmrec_core setup --only languages", path=path)
            )
        self._lock = Lock()
        with _damage_told():
            self._words = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)

    def glosses(self, text: str, language: str) -> list[Gloss]:
        """The phrases of the text that are known, from left to right, the longest first at every place."""
        found: list[Gloss] = []
        left = MOST_UNITS
        for run in runs_of(text, language):
            found += self._of_run(run[:left], language)
            left -= len(run)
            if left <= 0:
                break
        return found

    def spelled(self, hiragana: str) -> str | None:
        """A Japanese word as dictionaries spell it, None where it is short or not known."""
        long = LEAST_SPELLED <= len(hiragana) <= LONGEST_LETTERS
        return self._find(keys_of(hiragana, SPELLED)[0], SPELLED) if long else None

    def _of_run(self, run: list[Unit], language: str, longest: int | None = None) -> Iterator[Gloss]:
        at = 0
        while at < len(run):
            found, read = self._at(run[at:], len(run), language, longest or _longest(language))
            yield from found
            at += read

    def _at(self, units: list[Unit], of: int, language: str, longest: int) -> tuple[list[Gloss], int]:
        """What the units, the last of a run of ``of``, begin with, and how many of them that takes."""
        for length in range(min(longest, len(units)), 0, -1):
            phrase = units[:length]
            if _tells(phrase, of, language) and (english := self._of_units(phrase, language)):
                return [Gloss(phrase[0].start, phrase[-1].end, english)], length
            if length > 1 and language in LISTS_WORDS and frequency("".join(unit.word for unit in phrase), language):
                return self._of_parts(phrase, language), length
        return list(self._without_particle(units[0])) if language == "ko" else [], 1

    def _of_parts(self, word: list[Unit], language: str) -> list[Gloss]:
        """Of a word that is not known itself: its parts where they are all of it ("salt", "water"); one alone is another word."""
        parts = list(self._of_run(word, language, len(word) - 1))
        return parts if sum(part.end - part.start for part in parts) == word[-1].end - word[0].start else []

    def _without_particle(self, unit: Unit) -> Iterator[Gloss]:
        """Korean particles are written onto the word before them."""
        for length in range(len(unit.word) - 1, LEAST_SYLLABLES - 1, -1):
            if unit.word[length:] in PARTICLES and (english := self._find(unit.word[:length], "ko")):
                yield Gloss(unit.start, unit.start + length, english)
                return

    def _of_units(self, units: list[Unit], language: str) -> str | None:
        found = (self._find(key, language) for key in keys_in_a_row(units, language))
        return next(filter(None, found), None)

    def _find(self, key: str, language: str) -> str | None:
        for code in (language, *([ALSO[language]] if language in ALSO and len(key) > 1 else [])):
            with self._lock, _damage_told():
                found = self._words.execute(_LOOK_UP, (code, key)).fetchone()
            if found:
                return str(found[0])
        return None


def say_all(glosses: Iterable[Gloss], text: str, language: str) -> bool:
    """Whether the glosses leave out nothing of the text but very common words, as articles and particles are."""
    said = np.zeros(len(text) + 1, bool)
    for gloss in glosses:
        said[gloss.start : gloss.end] = True
    left = (unit for run in runs_of(text, language) for unit in run if not said[unit.start : unit.end].any())
    return all(frequency(unit.word, language) >= COMMON for unit in left)


@contextmanager
def _damage_told() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise NotSetUpError(
            told("The lexicon is damaged ({error}). Run: python -m mmrec_core setup --only languages", error=error)
        ) from error


def _longest(language: str) -> int:
    return LONGEST_LETTERS if language in UNSPACED else LONGEST_WORDS


def _tells(units: list[Unit], of: int, language: str) -> bool:
    """Whether finding these units of a run of ``of`` would say something."""
    if len(units) == of:
        return True
    if language in UNSPACED:
        phrase = "".join(unit.word for unit in units)
        kana = language == "ja" and len(units) < LEAST_KANA and _KANA.fullmatch(phrase)
        return not kana and frequency(phrase, language) < COMMON
    return len(units) > 1 or frequency(units[0].word, language) < COMMON


def is_whole(path: Path) -> bool:
    """Whether the file can be read from end to end."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as words:
            return bool(words.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def write_lexicon(path: Path, entries: Iterable[Entry]) -> None:
    """Write a lexicon in the place of an older one; of entries with the same key the first counts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.unlink(missing_ok=True)
    with closing(sqlite3.connect(beside)) as words, words:
        words.execute(_TABLE)
        rows = ((e.language, key, e.english.strip()) for e in entries for key in keys_of(e.phrase, e.language))
        words.executemany("INSERT OR IGNORE INTO words VALUES (?, ?, ?)", (row for row in rows if all(row)))
    beside.replace(path)
