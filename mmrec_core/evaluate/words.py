"""Every metric in plain words, for whoever hovers over its name."""

from __future__ import annotations

from mmrec_core.types import told
from mmrec_core.types.sentence import in_a_row

MEANINGS: tuple[tuple[str, str], ...] = (
    ("category P@10", "Share of the ten best that are of the query's own category. 1 is perfect; higher is better."),
    ("accuracy", "Share of queries where most of the ten best are of the query's category. Higher is better."),
    ("R@10", "Recall: share of queries whose one right item is among the first ten. Higher is better."),
    ("R@1", "Recall: share of queries whose one right item comes first. Higher is better."),
    ("Recall@", "Share of what a user liked later that is among the first items of the list. Higher is better."),
    ("NDCG@", "Like recall, but an item counts more the higher it stands (normalised discounted gain). 1 is perfect."),
    ("MAP@", "Mean over users of the precision at each right item of the list. Higher is better."),
    ("hit", "Share of users with at least one right item in the list. Higher is better."),
    ("diversity@", "How different the ten items are from each other: 1 minus their mean pairwise cosine. Higher is more varied."),
    ("novelty@", "How unusual the shown items are: mean of −log2 of their popularity, in bits. Higher is less obvious."),
    ("serendipity", "Right items that are unlike the user's history. Higher is more surprising and still right."),
    ("coverage@", "Share of the catalogue that appears in at least one list. Higher shows more of it."),
    ("entropy@", "How evenly items are shown, in bits: higher spreads attention over more of the catalogue."),
    ("Gini@", "How unevenly items are shown: 0 all equally often, 1 a single item always. Lower is fairer."),
    ("retention", "Precision with the worst subset of modalities, relative to everything the query holds. 1 loses nothing."),
)  # fmt: skip
"""By what a line's name holds, the longest first: the first that fits is meant."""
LOWER_IS_BETTER = ("Gini",)
BEYOND_ACCURACY = ("diversity", "novelty", "serendipity", "coverage", "entropy", "gini")
ASKED = {"->": "The query is an item seen through the first modality; it must find itself through the second."}


def title(line: str) -> str:
    """The line's name as it is shown."""
    return line.replace("->", " → ") + (" ↓" if lower_is_better(line) else "")


def meaning(line: str) -> str:
    """What the line measures, in a sentence or two; empty for a line nobody described."""
    words = [next((words for part, words in MEANINGS if part.lower() in line.lower()), "")]
    words += [words for part, words in ASKED.items() if part in line]
    return in_a_row([told(sentence) for sentence in words])


def lower_is_better(line: str) -> bool:
    """True where the smaller figure is the better one."""
    return any(part in line for part in LOWER_IS_BETTER)


def is_accuracy(line: str) -> bool:
    """True where the line measures being right, False where it measures what else lists are like."""
    return not any(part in line.lower() for part in BEYOND_ACCURACY)
