"""Do other languages find what English finds? Held-out stamps, units of another source, and single nouns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mmrec_core.encoders.language import ENGLISH, LANGUAGES
from mmrec_core.evaluate.nouns import NOUNS
from mmrec_core.metrics import Interval, bootstrap
from mmrec_core.training.languages import Translated, translated_stamps, translated_units
from mmrec_core.training.split import TEST_SHARE, position
from mmrec_core.types import Item, Progress, Query, Report

if TYPE_CHECKING:
    from mmrec_core.evaluate.direct import Direct
    from mmrec_core.recommend.encode import QueryEncoder
    from mmrec_core.recommend.engine import Engine
    from mmrec_core.settings import Settings

K = 10
Outcomes = Mapping[str, Sequence[float]]
"""By figure, one value a query."""


def evaluate_languages(
    settings: Settings, encoder: QueryEncoder, engine: Engine, report: Report, direct: Direct | None = None
) -> dict[str, Any]:
    """Recall@10 of the item by its sentence in every language, beside the English sentences of the same items.

    "told" reads a text in its language, "detected" in the one it seems to be in; a query is found where its stamp, or one
    with the same title, is among the first ten. ``of_english`` is the ratio of the two means on the same items. Nouns count
    as found where one of the first ten is called so in English. "direct" ranks by the multilingual encoder alone.

    Returns:
        ``{stamps: {language: {told, detected, english, direct, of_english, recognised}}, units: {...}, nouns: {...}}``; stamps are
        those of the test part, units are Wesnoth's by their names. ``"all"`` is the mean over items of each item's mean.
    """
    items = engine.catalogue.items
    searcher = Searcher(encoder, engine, direct)
    stamps = [s for s in translated_stamps(settings, items) if position(s.item.title) < TEST_SHARE]
    return {
        "stamps": _by_language(searcher, stamps, report),
        "units": _by_language(searcher, translated_units(settings, items), report),
        "nouns": {code: searcher.nouns(code, words) for code, words in NOUNS.items()},
    }


def _by_language(searcher: Searcher, queries: Sequence[Translated], report: Report) -> dict[str, Any]:
    """Figures of every language, and of all together under ``"all"``."""
    by_language: dict[str, list[Translated]] = defaultdict(list)
    for query in queries:
        by_language[query.language].append(query)
    found: dict[str, Outcomes] = {}
    for done, (code, mine) in enumerate(sorted(by_language.items())):
        report(Progress("Searching", done, len(by_language), "languages", LANGUAGES[code]))
        found[code] = searcher.outcomes(code, mine)
    figures = {code: _figures(outcomes) for code, outcomes in found.items()}
    return figures | {"all": _figures(_by_item(by_language, found))} if found else {}


def _by_item(queries: Mapping[str, Sequence[Translated]], found: Mapping[str, Outcomes]) -> Outcomes:
    """The mean of each item over languages: an item's translations are not independent of each other."""
    joined: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for code, outcomes in found.items():
        for name, values in outcomes.items():
            for query, value in zip(queries[code], values, strict=True):
                joined[name][query.item.id].append(value)
    return {name: [float(np.mean(values)) for values in by_item.values()] for name, by_item in joined.items()}


class Searcher:
    """Searches the whole catalogue as a query does."""

    def __init__(self, encoder: QueryEncoder, engine: Engine, direct: Direct | None = None) -> None:
        self._encoder = encoder
        self._direct = direct
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

    def outcomes(self, code: str, stamps: Sequence[Translated]) -> Outcomes:
        """What became of every query of one language."""
        told = [_finds(self.first(s.sentence, code), s.item) for s in stamps]
        seen = [_finds(self.first(s.sentence, None), s.item) for s in stamps]
        english = [_finds(self.first(s.english, ENGLISH), s.item) for s in stamps]
        recognised = [self._encoder.language_of(Query(text=s.sentence)) == code for s in stamps]
        figures = {"told": told, "detected": seen, "english": english, "recognised": recognised}
        if self._direct is not None:
            figures["direct"] = [_finds(self._direct.first(s.sentence), s.item) for s in stamps]
        return figures

    def nouns(self, code: str, words: Sequence[str]) -> dict[str, Any]:
        """Single nouns of one language, told and detected."""
        pairs = list(zip(words, NOUNS[ENGLISH], strict=True))
        told = [_called(self.first(word, code), name) for word, name in pairs]
        seen = [_called(self.first(word, None), name) for word, name in pairs]
        missed = [word for (word, _), hit in zip(pairs, seen, strict=True) if not hit]
        return {"told": _interval(told), "detected": _interval(seen), "missed": missed}


def _figures(outcomes: Outcomes) -> dict[str, Any]:
    """Means with intervals, and what part of English is reached."""
    seen, english = float(np.mean(outcomes["detected"])), float(np.mean(outcomes["english"]))
    ratio = {"of_english": seen / english if english else float("nan")}
    return {name: _interval(values) for name, values in outcomes.items()} | ratio


def _finds(first: Sequence[Item], item: Item) -> bool:
    return any(other.id == item.id or other.title.lower() == item.title.lower() for other in first)


def _called(first: Sequence[Item], name: str) -> bool:
    return any(name in f"{item.title} {' '.join(item.tags)}".lower() for item in first)


def _interval(values: Sequence[float]) -> dict[str, Any]:
    interval: Interval = bootstrap(np.array(values, float))
    return {"mean": interval.mean, "low": interval.low, "high": interval.high, "n": interval.n}
