"""Do quick maps say what careful ones say? Attributions from hidden tokens against attributions from the edited medium.

Both come from the same walks over the same parts, so what differs is only how a part is hidden. Walks are few, since each
step of a careful one is a run of the encoder, and the fewer the more parts there are; ``ceiling`` is how far careful maps agree
with themselves from one half of the walks to the other, which no other map can be expected to exceed by much.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mmrec_core.evaluate.bench_trust import RESULTS, SEED, interval, whole_items
from mmrec_core.explain.agreement import spearman
from mmrec_core.explain.base import Pair
from mmrec_core.explain.masking import InputScorer, encode_with
from mmrec_core.explain.scorer import Keep, Scorer, TokenScorer
from mmrec_core.recommend.encode import QueryEncoder, brought_media
from mmrec_core.recommend.engine import Engine
from mmrec_core.types import FUSED, Example, Item, Modality, Progress, Query, Report

PAIRS = 15
RUNS = 800
"""Of the encoder, about, for one medium: a picture of 49 patches is walked over 16 times, a text of 40 words 18 times."""
FEWEST_WALKS, MOST_WALKS = 4, 24
"""Even numbers, since halves are compared. What holds more than 200 parts takes more runs."""


class MediaParts(Protocol):
    """What is asked of the service here (it stands to the right of this file)."""

    @property
    def encoder(self) -> QueryEncoder: ...
    @property
    def engine(self) -> Engine: ...
    def items(self) -> tuple[Item, ...]: ...
    def query_of(self, example: Example) -> Query: ...


@dataclass(frozen=True)
class Compared:
    """One medium: rank correlation of quick with careful maps, and of careful ones with themselves; runs of the encoder."""

    modality: Modality
    correlation: float
    ceiling: float
    runs: int


def measure(service: MediaParts, report: Report, pairs: int = PAIRS) -> dict[str, Any]:
    """Compare on the query's picture, words and sound of ``pairs`` pairs.

    Returns:
        ``{modality: {spearman: {mean, low, high}, ceiling, pairs, runs}}``: mean rank correlation over pairs with its 95 %
        bootstrap interval, the same of careful maps with themselves, and the encoder's runs a medium.

    Raises:
        NotSetUpError: where no item holds all three modalities.
    """
    found: list[Compared] = []
    for number, (pair, query) in enumerate(media_pairs(service, pairs)):
        report(Progress("Comparing quick with careful maps", number, pairs, "pairs"))
        for modality, medium in brought_media(query).items():
            careful = InputScorer(pair, "query", modality, medium, encode_with(service.encoder, modality))
            quick = TokenScorer(pair, "query", modality, careful.parts)
            found.append(compared(quick, careful, number))
    return {str(m): summary([c for c in found if c.modality is m]) for m in FUSED}


def media_pairs(service: MediaParts, count: int) -> Iterator[tuple[Pair, Query]]:
    """Items that hold all three modalities, as queries of media, each with one of its ten best other items."""
    items, whole = service.items(), whole_items(service.items())
    random = np.random.default_rng(SEED)
    for row in random.choice(len(whole), min(count, len(whole)), replace=False):
        own = whole[int(row)]
        query = service.query_of(Example(own.title, own.reading, own.id, own.id))
        encoded = service.encoder.encode_query(query)
        rows, _ = service.engine.rank(service.engine.embed(encoded), RESULTS, exclude=own.id)
        answer = items[int(random.choice(rows))]
        yield Pair(service.engine.fusion, encoded, service.encoder.encode_item(answer.id)), query


def compared(quick: Scorer, careful: Scorer, seed: int) -> Compared:
    """Both maps of one medium from the same walks."""
    walks = random_walks(len(careful.parts), walk_count(len(careful.parts)), seed)
    before = careful.evaluations
    theirs = walk_shares(careful, walks)
    ours = walk_shares(quick, walks)
    halves = theirs[0::2].mean(axis=0), theirs[1::2].mean(axis=0)
    correlation = spearman(ours.mean(axis=0), theirs.mean(axis=0))
    return Compared(careful.modality, correlation, spearman(*halves), careful.evaluations - before)


def walk_count(parts: int) -> int:
    """An even number of walks over so many parts that take about RUNS runs: one takes a run a part, and one more."""
    return min(max(RUNS // (parts + 1) // 2 * 2, FEWEST_WALKS), MOST_WALKS)


def random_walks(n: int, count: int, seed: int) -> NDArray[np.int64]:
    """Orders in which the parts come in (count, n)."""
    return np.random.default_rng([SEED, seed]).permuted(np.tile(np.arange(n), (count, 1)), axis=1)


def walk_shares(scorer: Scorer, walks: NDArray[np.int64]) -> NDArray[np.float64]:
    """What each part adds when it comes in, walk by walk (n_walks, n_parts): Shapley values on average (Castro 2009)."""
    places = np.argsort(walks, axis=1)
    keep: Keep = places[:, None, :] < np.arange(walks.shape[1] + 1)[None, :, None]
    scores = scorer(keep.reshape(-1, walks.shape[1])).reshape(len(walks), -1)
    return np.take_along_axis(np.diff(scores, axis=1), places, axis=1)


def summary(compared: list[Compared]) -> dict[str, Any]:
    """What one row of the table shows."""
    return {
        "spearman": interval(np.array([c.correlation for c in compared])),
        "ceiling": float(np.mean([c.ceiling for c in compared])),
        "pairs": len(compared),
        "runs": float(np.median([c.runs for c in compared])),
    }
