"""Which language a short text is in: its script says it, or the frequencies of its words, with English as the rule.

Titles are too short for detectors that count letters, so words are looked up instead: naive Bayes over the word frequencies
of ``wordfreq`` (Speer 2022). Of a word that no list holds, its spelling says something. A text is taken for another language
only where its words speak clearly against English, because English is what the word encoder reads best.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

import regex

from mmrec_core.encoders.spelling import Spelling
from mmrec_core.errors import UnknownNameError

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {
    "ar": "Arabic",
    "zh": "Chinese",
    "nl": "Dutch",
    ENGLISH: "English",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "es": "Spanish",
    "th": "Thai",
    "tr": "Turkish",
}
"""What can be read, by ISO 639-1 code: the languages that the multilingual encoder was trained on."""
SCRIPTS = (
    ("ja", regex.compile(r"[\p{Hiragana}\p{Katakana}]")),
    ("zh", regex.compile(r"\p{Han}")),
    ("ko", regex.compile(r"\p{Hangul}")),
    ("ar", regex.compile(r"\p{Arabic}")),
    ("th", regex.compile(r"\p{Thai}")),
    ("ru", regex.compile(r"\p{Cyrillic}")),
)
"""A script decides by one letter of it. Han alone is read as Chinese, though it may be Japanese: the encoder
reads both alike, and the lexicon looks into both."""
LATIN = ("en", "fr", "de", "it", "nl", "pl", "pt", "es", "tr")
UNSEEN = 1e-7
"""Frequency of a word that a list does not hold."""
ENGLISH_BONUS = 3.0
"""Log odds that a text is English before it is read; chosen on items and stamps of the training part."""
FOREIGN_LETTER = -4.0
"""What a word with a letter outside ASCII that English does not know adds to the log odds of English."""
SPELLING = 0.25
"""How far log odds of a spelling count: letters are not independent. Chosen, on items and stamps of the training part, as what
recognises most without taking more English for another language."""
_AS_LISTED = str.maketrans({"’": "'", "İ": "i"})
"""What the lists write otherwise: an apostrophe, and a capital that would become two letters in lower case."""
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}']*")
_LETTER, _LATIN = regex.compile(r"\p{L}"), regex.compile(r"\p{Latin}")


def detect(text: str) -> str:
    """The code of the language that ``text`` is most likely in; English where nothing speaks against it."""
    for code, letters in SCRIPTS:
        if letters.search(text):
            return code
    if unread_script(text):
        return ENGLISH
    words = words_of(text)
    known = [word for word in words if is_listed(word)]
    new = [word for word in words if word not in known]
    odds = {code: log_odds(frequencies(code), known) + _log_spelling(code, new) for code in LATIN}
    damping = max(len(words), 1) ** 0.5  # words of one text are not independent
    scores = {code: value / damping for code, value in odds.items()}
    foreign = sum(not word.isascii() and word not in frequencies(ENGLISH) for word in words)
    scores[ENGLISH] += ENGLISH_BONUS + FOREIGN_LETTER * foreign
    return max(LATIN, key=scores.__getitem__)


def unread_script(text: str) -> str | None:
    """The name of the script where not one letter of the text is of a script that can be read; None where one is, or there is none."""
    letters = _LETTER.findall(text)
    if not letters or any(_LATIN.match(letter) or any(s.match(letter) for _, s in SCRIPTS) for letter in letters):
        return None
    return unicodedata.name(letters[0], "?").split()[0].title()


def checked(code: str) -> str:
    """The code itself; raises UnknownNameError where it is none of ``LANGUAGES``."""
    if code not in LANGUAGES:
        raise UnknownNameError("language", code, list(LANGUAGES))
    return code


def frequency(word: str, code: str) -> float:
    """The share that a word in lower case has of all words of the language; 0 where its list does not hold it, or it has none (Thai)."""
    return frequencies(code).get(word, 0.0)


def words_of(text: str) -> list[str]:
    """In lower case; what stands before an apostrophe and behind it where lists hold both, but not the whole ("l'oiseau", "witch's")."""
    words = (word.lower() for word in _WORD.findall(text.translate(_AS_LISTED)))
    return [part for word in words for part in _parts(word)]


def _parts(word: str) -> list[str]:
    parts = word.split("'")
    return parts if not is_listed(word) and all(map(is_listed, parts)) else [word]


def is_listed(word: str) -> bool:
    """Whether the list of a language in Latin script holds a word in lower case."""
    return any(word in frequencies(code) for code in LATIN)


def log_odds(shares: Mapping[str, float], words: Sequence[str]) -> float:
    """Sum of the logarithms of the words' shares of a language."""
    return sum(math.log(shares.get(word, 0.0) + UNSEEN) for word in words)


def _log_spelling(code: str, words: Sequence[str]) -> float:
    """Nothing is counted as long as every word is in a list."""
    return SPELLING * sum(spelling(code).log_probability(word) for word in words)


@cache
def spelling(code: str) -> Spelling:
    """How the language spells, by its list of words."""
    return Spelling(frequencies(code))


@cache
def frequencies(code: str) -> Mapping[str, float]:
    """Share of all words by word (a list of some 30,000); empty for a language without a list."""
    from wordfreq import available_languages, get_frequency_dict, get_frequency_list

    found = get_frequency_dict(code, "small") if code in available_languages("small") else {}
    get_frequency_list.cache_clear()  # it would keep every list a second time
    return found
