"""Training a recommender of movies: what is switched off stays off, a stopped run goes on, the result is kept and measured."""

from __future__ import annotations

import json

import pytest

from mmrec_core.errors import MMRecError, OptionError, UnknownNameError
from mmrec_core.evaluate import train_movies as measuring
from mmrec_core.evaluate.store import EvaluationStore
from mmrec_core.interactions.content import Content
from mmrec_core.interactions.model import ProfileModel
from mmrec_core.interactions.movielens import MovieLens
from mmrec_core.interactions.shelf import DEFAULT, SHIPPED, MovieShelf
from mmrec_core.interactions.split import split_ratings
from mmrec_core.interactions.training import MovieTraining, movie_training, train_movies
from mmrec_core.interactions.tune import mean_over, tune, validation
from mmrec_core.settings import Settings
from mmrec_core.types import Movie, Viewer
from tests.unit.test_interactions_baselines import PARITY, TEXTS, two_tastes

CONTENT = Content({"text": PARITY, "genres": PARITY})
CUT = validation(split_ratings(two_tastes(), "per-user"), "per-user")


class Stopped(Exception):
    """Somebody pressed Stop."""


def trained(training, path, watch=lambda _: None):
    return train_movies(training, training.parts_of(CONTENT), CUT, path, lambda _: None, watch)


def test_an_epoch_a_setting_validation_never_falls_and_the_end_is_what_tuning_finds(tmp_path):
    training = MovieTraining()
    found = trained(training, tmp_path / "x")
    scores = [epoch.score for epoch in found.history]
    assert [epoch.number for epoch in found.history] == list(range(len(training.grid()) + 1))
    assert scores == sorted(scores)
    assert found.recipe == tune(CONTENT, CUT, lambda _: None)
    model = ProfileModel.fit(CUT[0].train, CONTENT, found.recipe)
    assert mean_over(CUT, model.scores(CUT[0].train)) == pytest.approx(scores[-1])


def test_what_is_switched_off_stays_nothing(tmp_path):
    recipe = trained(MovieTraining(content=False, recency=False, dislikes=False, walks=2), tmp_path / "x").recipe
    assert (recipe.content, recipe.recent.power, recipe.recent.disliked) == (0.0, 0.0, 0.0)
    assert set(MovieTraining(genres=False).parts_of(CONTENT).parts) == {"text"}


@pytest.mark.parametrize("stop", [0, 3])
def test_a_stopped_training_goes_on_after_its_last_epoch(tmp_path, stop):
    path, told = tmp_path / "x", []

    def watch(epoch):
        told.append(epoch.number)
        if len(told) == stop + 1:
            raise Stopped

    with pytest.raises(Stopped):
        trained(MovieTraining(), path, watch)
    again = trained(MovieTraining(), path, watch)
    assert told == list(range(len(again.history)))
    assert again.recipe == trained(MovieTraining(), tmp_path / "other").recipe


def test_another_training_does_not_go_on_from_it(tmp_path):
    trained(MovieTraining(), tmp_path / "x")
    assert len(trained(MovieTraining(dislikes=False), tmp_path / "x").history) == len(MovieTraining(dislikes=False).grid()) + 1  # fmt: skip


@pytest.mark.parametrize("values", [{"walks": "0"}, {"split": "mine"}, {"posters": "yes"}, {"text": "perhaps"}])
def test_a_wrong_field_is_named(values):
    with pytest.raises(OptionError, match=next(iter(values))):
        movie_training(values)


def test_content_without_any_part_is_refused():
    off = dict.fromkeys(("text", "poster", "genres", "year", "people"), False)
    with pytest.raises(OptionError, match="Switch one on"):
        MovieTraining(**off).parts_of(CONTENT)
    assert MovieTraining(content=False, **off).parts_of(CONTENT) == CONTENT


def test_a_model_is_kept_and_comes_back(tmp_path):
    shelf, training = MovieShelf(tmp_path), MovieTraining(year=False)
    kept = shelf.keep("mine", training, trained(training, shelf.checkpoint("mine")))
    assert shelf.load("mine") == kept and kept.hash != SHIPPED.hash
    assert shelf.names() == [DEFAULT, "mine"] and not shelf.checkpoint("mine").exists()
    assert shelf.load(DEFAULT) is SHIPPED
    with pytest.raises(UnknownNameError, match="mine"):
        shelf.load("other")
    (tmp_path / "mine.json").write_text(json.dumps({"recipe": {}}))
    with pytest.raises(MMRecError, match="train again"):
        shelf.load("mine")


@pytest.mark.parametrize("split", ["per-user", "leave-one-out"])
def test_what_the_shipped_recipe_was_chosen_by_is_not_asked_in_splits_by_person(split):
    """In the other two it is, as the docstring of ``evaluate.train_movies`` tells."""
    chosen, asked = (s[0].test for s in (CUT, split_ratings(two_tastes(), split)))
    assert not set(zip(chosen.user, chosen.item, strict=True)) & set(zip(asked.user, asked.item, strict=True))


def test_the_trained_model_is_measured_beside_the_shipped_one(tmp_path, monkeypatch):
    movies = tuple(Movie(str(n), TEXTS[n], 1990, ("Drama",)) for n in range(40))
    viewers = tuple(Viewer(str(n), 30, "F", "writer") for n in range(40))
    monkeypatch.setattr(measuring, "open_movielens", lambda _: MovieLens(movies, viewers, two_tastes(), ()))
    monkeypatch.setattr(measuring, "movie_content", lambda *_: CONTENT)
    settings = Settings(home=tmp_path)
    found = measuring.train_and_measure(settings, MovieTraining(), "mine", lambda _: None, lambda _: None)
    stored = measuring.of_movies(EvaluationStore(settings.evaluations).all())
    assert {e.bundle for e in stored} == {SHIPPED.title, MovieShelf(settings.movie_models).load("mine").title}
    assert found.methods == ("profile", "EASE", "popularity") and found.protocol == "trained movies: per-user"
