"""Train in {empty, finished, crashed}: its forms, what they start, and models beside the one in use."""

from __future__ import annotations

import os
from itertools import product

import numpy as np
import pytest

from mmrec_core.evaluate.report import compare
from mmrec_core.evaluate.store import EvaluationStore
from mmrec_core.interactions.model import Recipe as MovieRecipe
from mmrec_core.interactions.shelf import SHIPPED, MovieShelf
from mmrec_core.interactions.training import MovieTraining, Trained
from mmrec_core.jobs.desk import JobDesk
from mmrec_core.jobs.lock import JobLock
from mmrec_core.training.lines import Line
from mmrec_core.training.recipe import Recipe
from mmrec_core.types import Evaluation, JobStatus
from pages._ui import state, train_form
from tests.ui.lab.left_behind import IN_USE, TRAIN, start, write_evaluations, write_job
from tests.ui.pages import markup


def test_of_movielens_another_form_starts_a_training_of_movies(service, monkeypatch):
    asked = []
    monkeypatch.setattr(JobDesk, "start", lambda self, *words: asked.append(words))
    app = start(TRAIN)
    app.selectbox(key="mm-train-catalogue").set_value("movielens").run()
    assert not app.exception
    assert {"Content", "Recency", "Dislikes", "Poster", "Genres"} <= {toggle.label for toggle in app.toggle}
    assert "Fusion" not in [box.label for box in app.selectbox]
    assert "Nothing to compare yet" in markup(app)
    app.toggle(key="mm-train-people").set_value(False).run()
    app.selectbox(key="mm-train-split").set_value("cold").run()
    app.button(key="mm-train-start").click().run()
    _, _, words, about = asked[0]
    assert words == ["train", "movielens", "--name", "mine", "--set", "split=cold", "--set", "people=False"]
    assert about == {"bundle": "mine", "catalogue": "movielens"}


def test_what_was_chosen_is_still_there_after_a_training(service, home):
    app = start(TRAIN)
    app.selectbox(key="mm-train-catalogue").set_value("movielens").run()
    app.toggle(key="mm-train-people").set_value(False).run()
    write_job(home, "train")
    descriptor = JobLock(home / "jobs" / "lock").take("20260101-train")
    app.run()
    assert "mm-train-people" not in [toggle.key for toggle in app.toggle]
    os.close(descriptor)
    app.run()
    assert not app.exception
    assert app.selectbox(key="mm-train-catalogue").value == "movielens"
    assert app.toggle(key="mm-train-text").value and not app.toggle(key="mm-train-people").value


def test_a_model_of_movies_is_compared_and_used(service, home):
    training = MovieTraining(people=False)
    model = MovieShelf(home / "movie-models").keep("mine", training, Trained(MovieRecipe(content=0.4), ()))
    rows = np.arange(40)
    former, newest = ("former data", "2026-01-01", -0.2), ("ml", "2026-01-02", 0.2)
    for (data, date, gain), title in product((former, newest), (SHIPPED.title, model.title)):
        values = np.full(40, 0.4 + (gain if title == model.title else 0.0))
        cells = compare({"profile": [Line("NDCG@10", values, rows)]}, "profile")
        queries = {"NDCG@10": tuple(map(str, rows))}
        EvaluationStore(home / "evaluations").save(
            Evaluation("trained movies: per-user", title, data, "profile", cells, queries=queries, date=date)
        )
    app = start(TRAIN)
    app.selectbox(key="mm-train-catalogue").set_value("movielens").run()
    assert not app.exception
    assert "Better than the one in use" in markup(app)
    app.button(key="mm-compare-use-movies").click().run()
    assert not app.exception
    assert app.session_state[state.Key.MOVIE_MODEL] == "mine"


def test_empty_train_shows_the_form_drawn_from_the_recipe(service):
    app = start(TRAIN)
    assert not app.exception
    assert {"Alignment", "Category", "Distillation", "Token dropout", "Epochs"} <= {s.label for s in app.slider}
    assert not app.button(key="mm-train-start").disabled
    assert "Nothing to compare yet" in markup(app)


def test_the_command_names_only_what_was_changed(service):
    words = train_form.arguments("mine", "model_level", {"epochs": Recipe().epochs, "category_weight": 0.5}, "default")
    assert words == ["train", "--name", "mine", "--projections-of", "default", "--set", "category_weight=0.5"]


def test_steps_of_features_are_offered_where_the_fusion_has_them(service, monkeypatch):
    asked = []
    monkeypatch.setattr(JobDesk, "start", lambda self, *words: asked.append(words[2]))
    app = start(TRAIN)
    assert "Normalise" not in [toggle.label for toggle in app.toggle]
    app.selectbox(key="mm-train-fusion").set_value("feature_level").run()
    app.toggle(key="mm-train-features.normalise").set_value(False).run()
    app.button(key="mm-train-start").click().run()
    assert asked[0][-4:] == ["--fusion", "feature_level", "--set", "features.normalise=False"]
    assert not app.exception


@pytest.mark.parametrize("name", ["default", "decision-level", "feature-level", "../x", "", "Mine", "x" * 40])
def test_a_name_that_is_no_folder_name_is_refused(service, name):
    app = start(TRAIN)
    app.text_input(key="mm-train-name").set_value(name).run()
    assert app.button(key="mm-train-start").disabled


@pytest.mark.parametrize(
    ("catalogue", "place"), [("open-media", "models/mine"), ("movielens", "movie-models/mine.json")]
)
def test_that_a_model_will_be_replaced_is_said_before(service, home, catalogue, place):
    app = start(TRAIN)
    app.selectbox(key="mm-train-catalogue").set_value(catalogue).run()
    assert not app.warning
    (home / place).mkdir(parents=True)
    app.run()
    assert "“mine” is on this machine already" in app.warning[0].value
    assert not app.button(key="mm-train-start").disabled
    app.text_input(key="mm-train-name").set_value("another").run()
    assert not app.warning


def test_train_starts_a_job_with_what_was_chosen(service, monkeypatch):
    asked = []
    monkeypatch.setattr(JobDesk, "start", lambda self, *words: asked.append(words))
    app = start(TRAIN)
    app.slider(key="mm-train-epochs").set_value(2).run()
    app.button(key="mm-train-start").click().run()
    kind, title, words, about = asked[0]
    assert (kind, about) == ("train", {"bundle": "mine", "catalogue": "open-media"}) and "mine" in title
    assert words == ["train", "--name", "mine", "--projections-of", "fake", "--set", "epochs=2"]


def test_a_crash_says_why_and_offers_to_go_on(service, home):
    write_job(home, "train")
    (home / "jobs" / "20260101-train" / "log.txt").write_text("Traceback\n  x\nMemoryError: no room\n")
    app = start(TRAIN)
    assert "MemoryError: no room" in app.error[0].value
    assert app.button(key="mm-resume-train").label == "Go on"
    assert not app.button(key="mm-train-start").disabled


@pytest.mark.parametrize(("end", "said"), [(JobStatus.FAILED, "Run set-up"), (JobStatus.STOPPED, "Stopped")])
def test_a_job_that_ended_early_says_so(service, home, end, said):
    write_job(home, "train", end, "There is no catalogue. Run set-up.")
    app = start(TRAIN)
    assert said in "".join(box.value for box in [*app.warning, *app.info])


def test_a_finished_job_can_be_cleared(service, home):
    write_job(home, "train", JobStatus.FINISHED)
    app = start(TRAIN)
    assert ">finished<" in markup(app)
    app.button(key="mm-clear-train").click().run()
    assert not (home / "jobs" / "20260101-train").exists()
    assert ">finished<" not in markup(app)


def test_a_trained_bundle_is_compared_with_the_one_in_use(service, home):
    write_evaluations(home, list(service.by_id), (IN_USE, "mine@ffffffffffff"))
    app = start(TRAIN)
    assert not app.exception
    assert "Better than the one in use" in markup(app)


def test_of_several_measurements_of_a_bundle_the_newest_is_compared(service, home):
    write_evaluations(home, list(service.by_id), ("mine@ffffffffffff",), catalogue="a former one")
    write_evaluations(home, list(service.by_id), (IN_USE, "mine@ffffffffffff"))
    app = start(TRAIN)
    assert "Better than the one in use" in markup(app)
    assert not app.warning


def test_a_trained_bundle_is_used_from_a_button(service, home):
    other = service.bundles()[1]
    write_evaluations(home, list(service.by_id), (IN_USE, f"{other.name}@{other.hash[:12]}"))
    app = start(TRAIN)
    app.button(key="mm-compare-use").click().run()
    assert not app.exception
    assert app.session_state[state.Key.BUNDLE] == other.name


def test_a_bundle_that_is_gone_cannot_be_used(service, home):
    write_evaluations(home, list(service.by_id), (IN_USE, "gone@ffffffffffff"))
    app = start(TRAIN)
    assert "no longer on this machine" in app.caption[0].value
    assert "mm-compare-use" not in [button.key for button in app.button]


def test_what_is_in_use_must_be_measured_before_it_is_compared(service, home):
    write_evaluations(home, list(service.by_id), ("mine@ffffffffffff",))
    app = start(TRAIN)
    assert app.button(key="mm-compare-measure").label == "Measure it"
