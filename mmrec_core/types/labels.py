"""What evaluations call their lines, methods and slices, taken apart into words that an interface can say in its language."""

from __future__ import annotations

import re

from mmrec_core.types.sentence import NOTHING, Sentence, joined, told

VOCABULARY = (
    "100 or more",
    "20 to 49",
    "50 to 99",
    "BM25",
    "Borda count",
    "Coverage",
    "Diversity",
    "Entropy",
    "Gini",
    "Hit rate",
    "ID only",
    "Novelty",
    "Recall",
    "Reciprocal rank fusion",
    "Serendipity",
    "accuracy",
    "alignment",
    "any",
    "at random",
    "audio",
    "best single modality",
    "category",
    "chose the epoch",
    "constant features",
    "content",
    "coverage",
    "distillation",
    "diversity",
    "fusion",
    "genres",
    "held out",
    "image",
    "item",
    "likes",
    "likes seen",
    "mixup",
    "mostly right",
    "neighbours",
    "novelty",
    "popularity",
    "poster",
    "profile",
    "random features",
    "rank fusion",
    "raw neighbours",
    "source",
    "test",
    "text",
    "train",
    "trained on",
    "under 20",
    "untrained ensemble",
    "users",
    "validation",
    "weighted sum",
    "worst-subset retention",
    "year",
)
"""Words and phrases that labels are made of; anything else, e.g. the name of a model, says the same in every language."""
KNOWN = re.compile(r"\b(" + "|".join(sorted(map(re.escape, VOCABULARY), key=len, reverse=True)) + r")\b(?!-)")
"""A word before a hyphen is part of a name, e.g. of item-kNN."""
SPOKEN = {"audio": "sound"}
"""What interfaces call by another word than evaluations do."""


def label(name: str) -> Sentence:
    """The name as a sentence whose known words can be translated: "image + text category P@10"."""
    return joined([told(SPOKEN.get(piece, piece)) for piece in KNOWN.split(name)], NOTHING)
