"""Train a recommender of movies and measure it beside the shipped one, on likes that this training did not choose by.

The shipped recipe was chosen by other likes: those of the validation part of the per-user split (``interactions.model.PER_USER``). None of
them is asked in the per-user and the leave-one-out split. Of MovieLens-100K's global split 316 of 1,595 likes to be found are among
them, of cold items 1,652 of 10,849: there the shipped model has seen a part of what it is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from mmrec_core.evaluate.movielens import evaluation_of
from mmrec_core.evaluate.movielens_methods import EASE_GRID, MODEL
from mmrec_core.evaluate.store import EvaluationStore
from mmrec_core.interactions.baselines.blend import Recommender
from mmrec_core.interactions.baselines.ease import EASE
from mmrec_core.interactions.baselines.popularity import Popularity
from mmrec_core.interactions.content import Content, movie_content
from mmrec_core.interactions.model import Profiles
from mmrec_core.interactions.movielens import MovieLens, open_movielens
from mmrec_core.interactions.shelf import SHIPPED, MovieModel, MovieShelf
from mmrec_core.interactions.split import Split, split_ratings
from mmrec_core.interactions.training import MovieTraining, train_movies
from mmrec_core.interactions.tune import choose, validation
from mmrec_core.settings import Settings
from mmrec_core.types import Epoch, Evaluation, Progress, Report

PROTOCOL = "trained movies:"
"""What evaluations of trained models are called, before the name of their split."""
SEEN_BY_SHIPPED = ("global", "cold")
"""Splits of which the shipped model has seen a part."""


def train_and_measure(
    settings: Settings, training: MovieTraining, name: str, report: Report, watch: Callable[[Epoch], None]
) -> Evaluation:
    """Train, keep the model under ``name``, read the test part once at the end. An interrupted run goes on where it was.

    Raises:
        NotSetUpError: MovieLens or the encoders' weights are not there.
        OptionError: nothing of the content is switched on, and it is to be learned from.
    """
    data = open_movielens(settings)
    content, splits = (
        movie_content(settings, data.movies, report),
        split_ratings(data.ratings, training.split, training.seed),
    )
    shelf, cut = MovieShelf(settings.movie_models), validation(splits, training.split)
    found = train_movies(training, training.parts_of(content), cut, shelf.checkpoint(name), report, watch)
    model = shelf.keep(name, training, found)
    ease = EASE(choose(EASE_GRID, EASE, cut))
    store, measured = EvaluationStore(settings.evaluations), []
    for number, one in enumerate((SHIPPED, model)):
        report(Progress("Measuring", number, 2, "models", one.name))
        measured.append(_measured(one, data, content, splits[0], ease, training.seed))
        store.save(measured[-1])
    report(Progress("Measuring", 2, 2, "models"))
    return measured[-1]


def _measured(model: MovieModel, data: MovieLens, content: Content, split: Split, ease: EASE, seed: int) -> Evaluation:
    began = time.monotonic()
    own = Profiles(model.content_of(content), model.recipe)
    methods: dict[str, Recommender] = {MODEL: own, "EASE": ease, "popularity": Popularity()}
    scores = {name: method(split.train) for name, method in methods.items()}
    drawn = replace(split, name=f"{split.name}, seed {seed}") if seed else split
    return evaluation_of(
        data, drawn, scores, content.parts["text"], seed=seed, seconds=time.monotonic() - began,
        protocol=PROTOCOL, bundle=model.title,
    )  # fmt: skip


def of_movies(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    """Those of trained models of movies."""
    return [evaluation for evaluation in evaluations if evaluation.protocol.startswith(PROTOCOL)]
