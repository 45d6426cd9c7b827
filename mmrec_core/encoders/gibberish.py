"""Texts without one word that can be known, such as keyboard mash: told by their spelling, so that what they find is not passed off as meant.

Word pieces do not tell them: "zither" and "okapi" fall into pieces as short as those of mash. Letters after letters do, and looking
for the language of a text has counted them already.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from functools import cache

import regex

from mmrec_core.encoders.language import LATIN, is_listed, spelling
from mmrec_core.encoders.spelling import Spelling
from mmrec_core.encoders.unread import all_common_words

_WORD = regex.compile(r"\p{L}+")
_SIGN_OF_SENSE = regex.compile(r"[\d\P{ASCII}]")
"""Numbers and models are known or not by what they stand for; emoji, accents and other scripts are not found by chance."""
_DRAWN_OUT = regex.compile(r"(.)\1{2,}")
_MARKS = regex.compile(r"\p{M}")
FEWEST_LETTERS = 5
"""Shorter words may be abbreviations, so their spelling says nothing."""
CLEARLY = 18.0
"""Log odds, over the words of a text, of keys hit by chance against the language that spells them best. Chosen with the next two: of
200,000 words of 13 languages, without their accents, one passes; of texts of one word of mash two in five, of two or three nearly nine in ten."""
PER_LETTER = 1.0
"""The same for one letter on average: names of a rare spelling (Eyjafjallajokull) gather much where they are long."""
LEAST = -2.0
"""The same for each word: mash now and then looks a little like one."""
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
"""Of the keyboard: who mashes often stays in one."""


def strange_words(text: str) -> tuple[str, ...]:
    """Every word of ``text`` in lower case, where no list holds one of them and chance gives them clearly rather than any language.

    None where one word may be known. What is drawn out ("grrrrr") counts as one letter. Names of the catalogue are for the caller
    to know.
    """
    words = tuple(word.lower() for word in _WORD.findall(text))
    if _SIGN_OF_SENSE.search(text) or any(map(is_listed, words)):
        return ()
    judged = [word for word in (_DRAWN_OUT.sub(r"\1", word) for word in words) if len(word) >= FEWEST_LETTERS]
    models = [spelling(code) for code in LATIN]
    if not _are_by_chance(judged, models) or not _unmarked().isdisjoint(words):
        return ()
    return words if _are_by_chance(judged, [*models, _unread_spelling()]) else ()


def _are_by_chance(words: Sequence[str], models: Sequence[Spelling]) -> bool:
    """Whether none of the spellings is like that of the words."""
    odds = [_log_odds_of_chance(word, models) for word in words]
    enough = max(CLEARLY, PER_LETTER * sum(len(word) + 1 for word in words))
    return sum(odds) > enough and min(odds) > LEAST


def _log_odds_of_chance(word: str, models: Sequence[Spelling]) -> float:
    """Against the spelling that is likeliest to give the word."""
    return _log_chance(word) - max(model.log_probability(word) for model in models)


def _log_chance(word: str) -> float:
    """Of the word's letters and an end, each as likely as the others: of the alphabet, or of a row of keys, one of three."""
    rows = [math.log(len(ROWS)) + (len(word) + 1) * math.log(len(row) + 1) for row in ROWS if set(word) <= set(row)]
    return -min(rows, default=(len(word) + 1) * math.log(27))


@cache
def _unmarked() -> frozenset[str]:
    """Common words of languages that cannot be read, as they are typed without accents.

    Only looked into where a text is strange to all that can be read: the first time takes 0.2 s.
    """
    marked = unicodedata.normalize("NFD", " ".join(all_common_words()))
    return frozenset(_MARKS.sub("", marked).split())


@cache
def _unread_spelling() -> Spelling:
    """All those languages as one: what is spelled like any of them may be a word of it."""
    return Spelling(word for word in _unmarked() if word.isascii())
