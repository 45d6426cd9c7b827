"""Choosing a recipe on validation: one value at a time, kept where mean NDCG@10 rises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
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

Grid = tuple[tuple[str, tuple[Any, ...]], ...]
GRID: Grid = (
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


@dataclass(frozen=True)
class Choice:
    """Where a walk stands after one setting: the best recipe so far and the NDCG@10 it reaches on validation.

    Args:
        setting: that was gone through; None before the first.
        losses: what the closed forms minimise, per like: squared errors of predicting likes from other likes, and from content.
    """

    setting: str | None
    recipe: Recipe
    reached: float
    losses: dict[str, float]


def tune(content: Content, splits: Sequence[Split], report: Report, start: Recipe | None = None) -> Recipe:
    """One walk through ``GRID`` from ``start`` or the defaults; the recipe it ends with."""
    best = start or Recipe()
    for step, choice in enumerate(walk(content, splits, GRID, best)):
        best, note = choice.recipe, f"NDCG@10 {choice.reached:.4f}"
        report(Progress("Choosing the model on validation", step, len(GRID), "settings", note))
    return best


def walk(content: Content, splits: Sequence[Split], grid: Grid, start: Recipe) -> Iterator[Choice]:
    """The start, then the best so far after each setting of ``grid``. Each closed form is solved once."""
    parts = _Parts(content, splits[0])

    def reaches(recipe: Recipe) -> float:
        return mean_over(splits, parts.model(recipe).scores(splits[0].train))

    best, reached = start, reaches(start)
    yield Choice(None, best, reached, parts.losses(best))
    for name, values in grid:
        for value in values:
            tried = changed(best, name, value)
            found = reaches(tried) if tried != best else reached
            if found > reached:
                best, reached = tried, found
        yield Choice(name, best, reached, parts.losses(best))


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
        self.likes, self.gram, self.warm = likes, likes.T @ likes, likes.sum(axis=0) > 0
        self.kernel = content_kernel(content)
        self.solved: dict[tuple[str, float], Scores] = {}

    def model(self, recipe: Recipe) -> ProfileModel:
        return ProfileModel.join(recipe, self._together(recipe), self._resembling(recipe))

    def losses(self, recipe: Recipe) -> dict[str, float]:
        found = {"likes": self._error(self._together(recipe))}
        return {**found, "content": self._error(self._resembling(recipe))} if recipe.content else found

    def _error(self, weights: Scores) -> float:
        return float(np.square(self.likes - self.likes @ weights).sum() / self.likes.sum())

    def _together(self, recipe: Recipe) -> Scores:
        return self._once("together", recipe.regularisation, lambda x: item_weights(self.gram, x))

    def _resembling(self, recipe: Recipe) -> Scores:
        solve = partial(content_weights, self.kernel, self.warm)
        return self._once("resembling", recipe.content_regularisation, solve)

    def _once(self, what: str, value: float, solve: Callable[[float], Scores]) -> Scores:
        if (what, value) not in self.solved:
            self.solved[what, value] = solve(value)
        return self.solved[what, value]
