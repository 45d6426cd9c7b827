"""How well a fusion understands photographs and sounds of sources it was not trained on: whole sources are left out.

For each trial a fusion is trained without one source; that source's media are the queries, all other items the gallery.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmrec_core import metrics
from mmrec_core.evaluate.names import NAMED_CATEGORIES, names_of, words_of
from mmrec_core.training.lines import ALL, LIST_LENGTH, Line, Rows, Scorer
from mmrec_core.types import Item, Modality


@dataclass(frozen=True)
class Trial:
    """One question: media of one modality of ``source``, asked of a fusion that never saw the source.

    ``prefixes`` choose items by how their id goes on after the source; ``named`` asks for the same name, too.
    """

    name: str
    source: str
    modality: Modality
    prefixes: tuple[str, ...] = ("",)
    named: bool = False

    def asks(self, item: Item) -> bool:
        """Whether the item is one of the queries."""
        key = item.id.removeprefix(f"{self.source}/")
        return item.source == self.source and self.modality in item.modalities and key.startswith(self.prefixes)


PHOTOGRAPHS = ("photo-", "explore-")
REPORTED = (
    Trial("gcompris photographs", "gcompris", Modality.IMAGE, PHOTOGRAPHS),
    Trial("gcompris sounds", "gcompris", Modality.AUDIO, named=True),
    Trial("tuxpaint sounds", "tuxpaint", Modality.AUDIO, named=True),
)
"""Nothing is ever tuned on these."""
TUNED_ON = (
    Trial("openclipart pictures", "openclipart", Modality.IMAGE),
    Trial("sonic_pi sounds", "sonic_pi", Modality.AUDIO, named=True),
    Trial("zero_ad sounds", "zero_ad", Modality.AUDIO, named=True),
)
"""Levers are chosen on these and on the catalogue's validation part."""


def trial_lines(trial: Trial, scorer: Scorer, items: Sequence[Item], gallery: Rows, categories: Rows) -> list[Line]:
    """Category precision and, where asked, the share of queries with the same name among the first ten."""
    queries = np.array([row for row in range(len(items)) if trial.asks(items[row])], np.int64)
    scores = scorer(queries, (trial.modality,), gallery, ALL)
    if scores is None:
        return []
    top = metrics.top_k(scores, LIST_LENGTH)
    values = metrics.category_precision(top, categories[gallery], categories[queries])
    lines = [Line(f"{trial.name}: category P@10", values, queries)]
    if trial.named:
        asked = named_queries(queries, items, gallery)
        hits = name_hits(queries[asked], top[asked], items, gallery)
        lines.append(Line(f"{trial.name}: same name in 10", hits, queries[asked]))
    return lines


def named_queries(queries: Rows, items: Sequence[Item], gallery: Rows) -> NDArray[np.bool_]:
    """Which queries are animals or instruments that the gallery holds by name."""
    known = frozenset().union(*(words_of(items[row].title) for row in gallery))
    asked = [items[row].category in NAMED_CATEGORIES and names_of(items[row].title) & known for row in queries]
    return np.array(asked, bool)


def name_hits(queries: Rows, top: Rows, items: Sequence[Item], gallery: Rows) -> NDArray[np.float64]:
    """1 where one of the first ten (columns of the gallery) bears the query's name."""
    names = [names_of(items[row].title) for row in queries]
    found = [[words_of(items[row].title) for row in rows] for rows in gallery[top]]
    return np.array([any(n & w for w in words) for n, words in zip(names, found, strict=True)], np.float64)


def transfer_lines(
    trials: Sequence[Trial], scorers: Mapping[str, Scorer], items: Sequence[Item], gallery: Rows, categories: Rows
) -> dict[str, list[Line]]:
    """By scorer, the lines of every trial."""
    return {
        name: [line for trial in trials for line in trial_lines(trial, scorer, items, gallery, categories)]
        for name, scorer in scorers.items()
    }
