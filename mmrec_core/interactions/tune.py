"""Choosing a recipe on validation: one value at a time, kept where mean NDCG@10 rises."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mmrec_core.interactions.baselines.ease import item_weights
from mmrec_core.interactions.content import Content
from mmrec_core.interactions.item_vectors import content_kernel, content_weights
from mmrec_core.interactions.model import ProfileModel, Recipe
from mmrec_core.interactions.ranking import mean_ndcg
from mmrec_core.interactions.ratings import Scores
from mmrec_core.interactions.split import Split, split_ratings
from mmrec_core.types import Progress, Report

GRID: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("recent.power", (0.0, 0.5, 0.75, 1.0, 1.25)),
    ("recent.shift", (1.0, 3.0, 10.0)),
    ("regularisation", (100.0, 200.0, 400.0, 800.0)),
    ("lasting.power", (0.0, 0.5, 1.0)),
    ("content_regularisation", (3.0, 10.0, 30.0, 100.0)),
    ("itself", (0.1, 0.3, 1.0, 3.0)),
    ("content", (0.1, 0.2, 0.4, 0.8, 1.6)),
    ("recent.loved", (1.0, 1.25, 1.5)),
    ("recent.neutral", (-0.2, 0.0, 0.2)),
    ("recent.disliked", (-0.5, -0.25, 0.0)),
)
"""What is tried, in this order; a dotted name is a field of an attention."""


def validation(splits: Sequence[Split], name: str) -> tuple[Split, ...]:
    """The training part, cut once more in the same way."""
    return split_ratings(splits[0].train, name, seed=1)


def choose(candidates: Sequence[Any], build: Callable[[Any], Callable[..., Scores]], splits: Sequence[Split]) -> Any:
    """The candidate whose recommender has the best mean NDCG@10; the first of equals."""
    found = [mean_over(splits, build(candidate)(splits[0].train)) for candidate in candidates]
    return candidates[int(np.argmax(found))]


def mean_over(splits: Sequence[Split], scores: Scores) -> float:
    """Mean of the splits' mean NDCG@10."""
    return float(np.mean([mean_ndcg(scores, split) for split in splits]))


def tune(content: Content, splits: Sequence[Split], report: Report, start: Recipe | None = None) -> Recipe:
    """One walk through ``GRID`` from ``start`` or the defaults. Each closed form is solved once."""
    parts = _Parts(content, splits[0])
    best = start or Recipe()
    reached = mean_over(splits, parts.model(best).scores(splits[0].train))
    for step, (name, values) in enumerate(GRID):
        report(Progress("Choosing the model on validation", step, len(GRID), "settings", f"NDCG@10 {reached:.4f}"))
        for value in values:
            tried = changed(best, name, value)
            found = mean_over(splits, parts.model(tried).scores(splits[0].train)) if tried != best else reached
            if found > reached:
                best, reached = tried, found
    return best


def changed(recipe: Recipe, name: str, value: Any) -> Recipe:
    """The recipe with one field, or one field of an attention, set to ``value``."""
    head, dot, field = name.partition(".")
    if not dot:
        return replace(recipe, **{name: value})
    inner: Any = replace(getattr(recipe, head), **{field: value})
    return replace(recipe, **{head: inner})


class _Parts:
    """The closed forms on one training part, each solved once."""

    def __init__(self, content: Content, split: Split) -> None:
        likes = split.train.likes.matrix()
        self.gram, self.warm = likes.T @ likes, likes.sum(axis=0) > 0
        self.kernel = content_kernel(content)
        self.solved: dict[tuple[str, float], Scores] = {}

    def model(self, recipe: Recipe) -> ProfileModel:
        together = self._once("together", recipe.regularisation, lambda x: item_weights(self.gram, x))
        resembling = self._once(
            "resembling", recipe.content_regularisation, lambda x: content_weights(self.kernel, self.warm, x)
        )
        return ProfileModel.join(recipe, together, resembling)

    def _once(self, what: str, value: float, solve: Callable[[float], Scores]) -> Scores:
        if (what, value) not in self.solved:
            self.solved[what, value] = solve(value)
        return self.solved[what, value]
