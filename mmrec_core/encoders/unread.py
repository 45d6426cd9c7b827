"""Texts in a language that cannot be read, though its script can: told by their words, so that they are not passed off as read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import islice

from mmrec_core.encoders.language import (
    ENGLISH,
    ENGLISH_BONUS,
    LATIN,
    detect,
    frequencies,
    frequency,
    log_odds,
    words_of,
)

LANGUAGES: Mapping[str, str] = {
    "bg": "Bulgarian",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "fa": "Persian",
    "fi": "Finnish",
    "hu": "Hungarian",
    "id": "Indonesian",
    "is": "Icelandic",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "mk": "Macedonian",
    "nb": "Norwegian",
    "ro": "Romanian",
    "sk": "Slovak",
    "sl": "Slovene",
    "sv": "Swedish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
}
"""What is recognised here, by the code of its list of words."""
READ = (*LATIN, "ru", "ar")
"""Languages that can be read, have spaces between words, and a list of them."""
CLEARLY = 3.0
"""Log odds over every language that can be read, from which on a text is said to be in one that cannot: on stamps of the training part
one in two hundred of a language that can be read passes at most."""
MOST_COMMON = 8000
"""Words that are kept of a language: twice as many would recognise one stamp in thirty more."""


@lru_cache(maxsize=256)
def unread_language(text: str) -> str | None:
    """The name of a language that cannot be read, where the words of the text speak clearly for it; else None.

    Lists are only looked into where the language that the text is read in lacks one of its words: the first time takes 0.4 s.
    """
    read_as, words = detect(text), words_of(text)
    if all(frequency(word, read_as) for word in words):
        return None
    lists = {code: frequencies(code) for code in READ} | {code: _common_words(code) for code in LANGUAGES}
    words = [word for word in words if any(word in known for known in lists.values())]
    odds = {code: log_odds(known, words) / max(len(words), 1) ** 0.5 for code, known in lists.items()}
    odds[ENGLISH] += ENGLISH_BONUS
    first = max(LANGUAGES, key=odds.__getitem__)
    return LANGUAGES[first] if odds[first] - max(odds[code] for code in READ) > CLEARLY else None


def all_common_words() -> set[str]:
    """The common words of all languages that cannot be read."""
    return {word for code in LANGUAGES for word in _common_words(code)}


@cache
def _common_words(code: str) -> Mapping[str, float]:
    """Share of all words by word.

    wordfreq would keep the whole of every list as long as the process lives, which for so many languages is a hundred megabytes.
    """
    from wordfreq import cB_to_freq, get_frequency_list

    buckets = get_frequency_list(code, "small")
    get_frequency_list.cache_clear()
    words = ((word, cB_to_freq(-number)) for number, bucket in enumerate(buckets) for word in bucket)
    return dict(islice(words, MOST_COMMON))
