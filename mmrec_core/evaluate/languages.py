"""Do other languages find what English finds? Held-out stamps by their translated sentences, and single nouns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mmrec_core.encoders.language import ENGLISH, LANGUAGES
from mmrec_core.evaluate.nouns import NOUNS
from mmrec_core.metrics import Interval, bootstrap
from mmrec_core.training.languages import Translated, translated_stamps
from mmrec_core.training.split import TEST_SHARE, position
from mmrec_core.types import Item, Progress, Query, Report

if TYPE_CHECKING:
    from mmrec_core.recommend.encode import QueryEncoder
    from mmrec_core.recommend.engine import Engine
    from mmrec_core.settings import Settings

K = 10


def evaluate_languages(settings: Settings, encoder: QueryEncoder, engine: Engine, report: Report) -> dict[str, Any]:
    """Recall@10 of the item by its sentence in every language, beside the English sentences of the same items.

    "told" reads a text in its language, "detected" in the one it seems to be in; a query is found where its stamp, or one
    with the same title, is among the first ten. ``of_english`` is the ratio of the two means on the same items. Nouns count
    as found where one of the first ten is called so in English.

    Returns:
        ``{stamps: {language: {told, detected, english, of_english, recognised}}, nouns: {language: {...}}}``.
    """
    searcher = Searcher(encoder, engine)
    stamps = [s for s in translated_stamps(settings, engine.catalogue.items) if position(s.item.title) < TEST_SHARE]
    by_language: dict[str, list[Translated]] = defaultdict(list)
    for stamp in stamps:
        by_language[stamp.language].append(stamp)
    found = {}
    for done, (code, mine) in enumerate(sorted(by_language.items())):
        report(Progress("Searching", done, len(by_language), "languages", LANGUAGES[code]))
        found[code] = searcher.stamps(code, mine)
    return {"stamps": found, "nouns": {code: searcher.nouns(code, words) for code, words in NOUNS.items()}}


class Searcher:
    """Searches the whole catalogue as a query does."""

    def __init__(self, encoder: QueryEncoder, engine: Engine) -> None:
        self._encoder = encoder
        self._engine = engine
        self._found: dict[tuple[str, str | None], list[Item]] = {}

    def first(self, text: str, language: str | None) -> list[Item]:
        """The first ten items; without a language it is detected. What was asked before is remembered."""
        query = Query(text=text, language=self._encoder.language_of(Query(text=text, language=language)))
        asked = (text, query.language)
        if asked not in self._found:
            vector = self._engine.embed(self._encoder.encode_query(query))
            rows, _ = self._engine.rank(vector, K)
            self._found[asked] = [self._engine.catalogue.items[row] for row in rows]
        return self._found[asked]

    def stamps(self, code: str, stamps: Sequence[Translated]) -> dict[str, Any]:
        """All figures of one language."""
        told = [_finds(self.first(s.sentence, code), s.item) for s in stamps]
        seen = [_finds(self.first(s.sentence, None), s.item) for s in stamps]
        english = [_finds(self.first(s.english, ENGLISH), s.item) for s in stamps]
        recognised = [self._encoder.language_of(Query(text=s.sentence)) == code for s in stamps]
        figures = {"told": told, "detected": seen, "english": english, "recognised": recognised}
        ratio = {"of_english": float(np.mean(seen) / np.mean(english)) if any(english) else float("nan")}
        return {name: _interval(values) for name, values in figures.items()} | ratio

    def nouns(self, code: str, words: Sequence[str]) -> dict[str, Any]:
        """Single nouns of one language, told and detected."""
        pairs = list(zip(words, NOUNS[ENGLISH], strict=True))
        told = [_called(self.first(word, code), name) for word, name in pairs]
        seen = [_called(self.first(word, None), name) for word, name in pairs]
        missed = [word for (word, _), hit in zip(pairs, seen, strict=True) if not hit]
        return {"told": _interval(told), "detected": _interval(seen), "missed": missed}


def _finds(first: Sequence[Item], item: Item) -> bool:
    return any(other.id == item.id or other.title.lower() == item.title.lower() for other in first)


def _called(first: Sequence[Item], name: str) -> bool:
    return any(name in f"{item.title} {' '.join(item.tags)}".lower() for item in first)


def _interval(values: Sequence[bool]) -> dict[str, Any]:
    interval: Interval = bootstrap(np.array(values, float))
    return {"mean": interval.mean, "low": interval.low, "high": interval.high, "n": interval.n}
