"""Japanese spelled in kana alone, as for children: names of things are respelled as dictionaries spell them, mostly in kanji.

The multilingual encoder learned from texts for adults and reads kana badly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from threading import Lock
from typing import Any

import regex

from mmrec_core.encoders import weights
from mmrec_core.settings import Settings

RESPELLED = ("名詞", "形容詞", "形状詞", "副詞")
"""Nouns, adjectives of both kinds, adverbs. A verb's dictionary form would not fit the ending that follows it."""
DEPENDENT = ("助詞", "助動詞")
"""Particles and endings, which begin no word."""
LONGEST = 2048
"""Characters that are respelled: the sentence encoder reads fewer, and the analyser takes 49,149 bytes at most."""
MOST_KEPT = 4096
"""Words that are looked up once: a masked text asks for the same ones again and again."""
PARTICLES = frozenset("かがとでにのはへもやを")
"""Set apart by spaces, as in books for children, they are taken for the door, the plain and the tooth that sound so."""
MOST_TOGETHER = 16
"""Words that may be one: a lexicon looks up no more letters, and each word has one at least."""
_HIRAGANA = regex.compile(r"\p{Hiragana}")
_HIRAGANA_ALONE = regex.compile(r"\p{Hiragana}+")


@dataclass(frozen=True)
class Respelled:
    """A text as it is to be read, and for each of its characters the (start, end) in what was written."""

    text: str
    places: tuple[tuple[int, int], ...]

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters ``start`` to ``end`` (not empty) stand in what was written."""
        return self.places[start][0], self.places[end - 1][1]


def as_written(text: str) -> Respelled:
    """The text itself."""
    return Respelled(text, tuple((n, n + 1) for n in range(len(text))))


class Kana:
    """Respells by the morphological analyser Sudachi (Takaoka et al., LREC 2018), which is loaded for the first text with kana.

    Of what it does not know it makes several words ("ちきゅうぎ", a globe, becomes the earth and a rest). Where those together are a
    word that a lexicon holds, it is spelled as that.

    Args:
        spelled: a word in hiragana as dictionaries spell it, or None.

    Calling it raises NotSetUpError or IntegrityError where a text has hiragana and the dictionary is missing or not the pinned one.
    """

    def __init__(self, settings: Settings, spelled: Callable[[str], str | None] = lambda _: None) -> None:
        self._settings = settings
        self._spelled = lru_cache(MOST_KEPT)(spelled)
        self._lock = Lock()

    def __call__(self, text: str) -> Respelled:
        """A text without hiragana stays as it is written, and so does what stands beyond ``LONGEST``."""
        if not _HIRAGANA.search(text):
            return as_written(text)
        with self._lock:  # the analyser keeps state while it reads
            read = list(self._words(text[:LONGEST]))
        read += [(at, at + 1, text[at]) for at in range(LONGEST, len(text))]
        places = [place for start, end, word in read for place in _spread(start, end, len(word))]
        return Respelled("".join(word for _, _, word in read), tuple(places))

    def _words(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Every word: where it is written, and how it is to be read."""
        words, at = list(self._analyser.tokenize(text)), 0
        while at < len(words):
            count, read = self._together(words[at : at + MOST_TOGETHER], len(words) == 1)
            yield words[at].begin(), words[at + count - 1].end(), read
            at += count

    def _together(self, words: Sequence[Any], alone: bool) -> tuple[int, str]:
        """How many of the words, from the first on, are one word, and how that is to be read; ``alone`` is the only one of a text."""
        surfaces = [word.surface() for word in takewhile(_is_hiragana, words)]
        if surfaces and words[0].part_of_speech()[0] not in DEPENDENT:
            for count in range(len(surfaces), 1, -1):
                if found := self._spelled("".join(surfaces[:count])):
                    return count, found
        names = surfaces and words[0].part_of_speech()[0] in RESPELLED and (alone or surfaces[0] not in PARTICLES)
        return 1, words[0].normalized_form() if names else words[0].surface()

    @cached_property
    def _analyser(self) -> Any:
        from sudachipy import Dictionary

        path = weights.verified(self._settings, weights.SUDACHI)["system.dic"]
        return Dictionary(dict=str(path.absolute())).tokenizer()


def _is_hiragana(word: Any) -> bool:
    return _HIRAGANA_ALONE.fullmatch(word.surface()) is not None


def _spread(start: int, end: int, count: int) -> list[tuple[int, int]]:
    """``count`` characters dealt out evenly over what was written from ``start`` to ``end``, at least one each."""
    edges = [start + n * (end - start) // count for n in range(count + 1)]
    return [(edges[n], max(edges[n] + 1, edges[n + 1])) for n in range(count)]
