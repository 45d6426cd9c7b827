"""The lines that a fusion is judged by: retrieval across modalities, and the category of what is found.

One protocol for validation while training, for the report on held-out items, and for every baseline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from mmrec_core import metrics
from mmrec_core.types import FUSED, Modality

if TYPE_CHECKING:
    from mmrec_core.training.data import TrainingData

ALL = FUSED
Rows = NDArray[np.int64]


class Scorer(Protocol):
    """Scores (q, n) of catalogue rows, both sides reduced to some modalities; None where it has no opinion."""

    def __call__(
        self, queries: Rows, asked: Sequence[Modality], items: Rows, held: Sequence[Modality]
    ) -> NDArray[np.float32] | None: ...


@dataclass(frozen=True)
class Line:
    """Values per query, ready for an interval: one name, one value a query, and the row of the item that asks."""

    name: str
    values: NDArray[np.float64]
    queries: Rows


@dataclass(frozen=True)
class RetrievalTask:
    """The right item is the query itself, seen through other modalities."""

    name: str
    asked: tuple[Modality, ...]
    held: tuple[Modality, ...]


RETRIEVAL = (
    RetrievalTask("text->image", (Modality.TEXT,), (Modality.IMAGE,)),
    RetrievalTask("image->text", (Modality.IMAGE,), (Modality.TEXT,)),
    RetrievalTask("audio->item", (Modality.AUDIO,), (Modality.IMAGE, Modality.TEXT)),
)
DEPTHS = (1, 10)
LIST_LENGTH = 10


def has(presence: NDArray[np.bool_], modalities: Sequence[Modality], every: bool) -> NDArray[np.bool_]:
    """Which rows of (n, m) hold every one, or any one, of ``modalities``."""
    columns = presence[:, [FUSED.index(m) for m in modalities]]
    return np.asarray(columns.all(axis=1) if every else columns.any(axis=1))


def retrieval_lines(scorer: Scorer, held_out: Rows, presence: NDArray[np.bool_]) -> list[Line]:
    """Recall at 1 and 10 among the held-out items, for each retrieval task."""
    lines = []
    for task in RETRIEVAL:
        gallery = held_out[has(presence[held_out], task.held, every=False)]
        queries = gallery[has(presence[gallery], task.asked, every=True)]
        scores = scorer(queries, task.asked, gallery, task.held) if len(queries) else None
        if scores is not None:
            ranks = metrics.rank_of_target(scores, np.searchsorted(gallery, queries))
            lines += [Line(f"{task.name} R@{k}", metrics.recall_at(ranks, k), queries) for k in DEPTHS]
    return lines


def category_lines(
    scorer: Scorer, held_out: Rows, gallery: Rows, presence: NDArray[np.bool_], categories: Rows
) -> list[Line]:
    """Category precision at 10 and accuracy (majority of the ten) of held-out queries among ``gallery``."""
    lines = []
    for modality in FUSED:
        queries = held_out[has(presence[held_out], (modality,), every=True)]
        scores = scorer(queries, (modality,), gallery, ALL) if len(queries) else None
        if scores is not None:
            top = metrics.top_k(scores, LIST_LENGTH)
            precision = metrics.category_precision(top, categories[gallery], categories[queries])
            voted = metrics.majority_category(top, categories[gallery])
            lines.append(Line(f"{modality} category P@10", precision, queries))
            right = (voted == categories[queries]).astype(np.float64)
            lines.append(Line(f"{modality} accuracy", right, queries))
    return lines


def validation_lines(scorer: Scorer, data: TrainingData) -> list[Line]:
    """Every line of the validation part, the training part as gallery of categories: what anything may be chosen by."""
    asks, split = data.asks, data.split
    lines = retrieval_lines(scorer, split.validation, asks)
    return lines + category_lines(scorer, split.validation, split.train, asks, data.categories.numpy())
