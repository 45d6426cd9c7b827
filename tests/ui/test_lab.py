"""Evaluate and Train in {not set up, empty, running, finished, crashed, failing}, on folders that jobs and evaluations left."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mmrec_core.errors import BundleError
from mmrec_core.evaluate.best_single import BEST_SINGLE
from mmrec_core.evaluate.report import compare
from mmrec_core.evaluate.store import EvaluationStore
from mmrec_core.interactions.model import Recipe as MovieRecipe
from mmrec_core.interactions.shelf import SHIPPED, MovieShelf
from mmrec_core.interactions.training import MovieTraining, Trained
from mmrec_core.jobs.desk import JobDesk
from mmrec_core.jobs.journal import Journal
from mmrec_core.jobs.lock import JobLock
from mmrec_core.service import Service
from mmrec_core.settings import get_settings
from mmrec_core.training.lines import Line
from mmrec_core.training.recipe import Recipe
from mmrec_core.types import Cell, Curve, Epoch, Evaluation, Interval, JobStatus, Progress
from pages._ui import state, train_form
from tests.fakes import FakeService, UnsetService
from tests.ui.pages import HOME, ROOT, markup, serve

EVALUATE, TRAIN = ROOT / "pages" / "4_Evaluate.py", ROOT / "pages" / "5_Train.py"
BOTH = pytest.mark.parametrize("page", [EVALUATE, TRAIN], ids=["evaluate", "train"])
IN_USE = "fake@0123456789ab"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home of its own, and nothing cached."""
    monkeypatch.setenv("MMREC_HOME", str(tmp_path))
    for clear in (get_settings.cache_clear, st.cache_resource.clear, st.cache_data.clear):
        clear()
    yield tmp_path
    get_settings.cache_clear()
    st.cache_resource.clear()


@pytest.fixture
def service(monkeypatch) -> FakeService:
    fake = FakeService()
    serve(monkeypatch, fake)
    return fake


@pytest.fixture
def running(home):
    """A job whose process lives, as far as anybody can see."""
    write_job(home, "train")
    descriptor = JobLock(home / "jobs" / "lock").take("20260101-train")
    yield
    os.close(descriptor)


def start(page) -> AppTest:
    app = AppTest.from_file(str(HOME), default_timeout=60)
    app.switch_page(str(page.relative_to(ROOT)))
    return app.run()


def write_job(home, kind: str, end: JobStatus | None = None, problem: str | None = None) -> None:
    folder = home / "jobs" / f"20260101-{kind}"
    folder.mkdir(parents=True)
    about = {"kind": kind, "title": f"{kind} it", "arguments": [], "about": {}, "started": "2026-01-01T00:00:00+00:00"}
    (folder / "job.json").write_text(json.dumps(about))
    journal = Journal(folder)
    journal.begin()
    journal.progress(Progress("Encoding text", 3, 3, "items"))
    journal.progress(Progress("Epoch 2 of at most 9", 3, 12, "batches"))
    for number in range(3):
        losses = {"alignment": 3.0 - number} if number else {}
        journal.epoch(Epoch(number, losses, {}, 0.5 + 0.01 * number, 9.0))
    if end:
        journal.end(end, problem)


def write_evaluations(home, items: list[str], bundles: tuple[str, ...] = (IN_USE,)) -> None:
    """Held-out and robustness evaluations of bundles, each better than the one before."""
    rng, store = np.random.default_rng(0), EvaluationStore(home / "evaluations")
    queries = [items[n % len(items)] for n in range(60)]
    base = rng.random(60)
    for step, bundle in enumerate(bundles):

        def lines(shift: float) -> list[Line]:
            names = ("text->image R@10", "text category P@10", "text diversity@10")
            return [Line(name, np.clip(base + shift, 0, 1), np.arange(60)) for name in names]

        methods = {"fusion": lines(0.1 * step), "BM25": lines(-0.2)}
        asked = {line.name: tuple(queries) for line in methods["fusion"]}
        slices = {"category": dict.fromkeys(items, "birds"), "source": dict.fromkeys(items, "fake")}
        about = {
            "queries": asked,
            "slices": slices,
            "date": f"2026-01-0{step + 1}T00:00:00+00:00",
            "split": {"held out": 60},
        }
        store.save(Evaluation("held-out", bundle, "c", "fusion", compare(methods, "fusion"), **about))
        curve = Curve("fusion", "category P@10", "any, at random", (0.0, 0.8), (Interval(0.8, 0.7, 0.9, 60),) * 2)
        subsets = {"fusion": [Line("text category P@10", base, np.arange(60))]}
        lead = Interval(0.04, 0.01, 0.07, 60)
        single = Cell(BEST_SINGLE, "text category P@10", Interval(0.5, 0.4, 0.6, 60), lead, (), "text, raw neighbours")
        cells = (*compare(subsets, "fusion"), single)
        store.save(Evaluation("robustness", bundle, "c", "fusion", cells, curves=(curve,), **about))


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
    for title, shift in ((SHIPPED.title, 0.0), (model.title, 0.2)):
        values = np.full(40, 0.4 + shift)
        cells = compare({"profile": [Line("NDCG@10", values, rows)]}, "profile")
        queries = {"NDCG@10": tuple(map(str, rows))}
        EvaluationStore(home / "evaluations").save(
            Evaluation("trained movies: per-user", title, "ml", "profile", cells, queries=queries)
        )
    app = start(TRAIN)
    app.selectbox(key="mm-train-catalogue").set_value("movielens").run()
    assert not app.exception
    assert "Better than the one in use" in markup(app)
    app.button(key="mm-compare-use-movies").click().run()
    assert not app.exception
    assert app.session_state[state.Key.MOVIE_MODEL] == "mine"


@BOTH
def test_not_set_up(monkeypatch, page):
    monkeypatch.setattr(Service, "open", UnsetService.open)
    app = start(page)
    assert not app.exception
    assert "Welcome to MMRec Lens" in markup(app)


@BOTH
def test_a_service_that_cannot_open(monkeypatch, page):
    serve(monkeypatch, BundleError("The bundle is damaged. Fetch it again."))
    app = start(page)
    assert not app.exception and "The bundle is damaged" in markup(app)


def test_empty_evaluate_offers_to_measure(service):
    app = start(EVALUATE)
    assert not app.exception
    assert "Not measured yet" in markup(app)
    assert app.button(key="mm-evaluate-start").label == "Measure"


@pytest.mark.parametrize("section", ["Missing modalities", "By category", "Worst cases", "Interactions"])
def test_every_section_has_an_empty_state(service, section):
    app = start(EVALUATE)
    app.segmented_control(key="mm-evaluate-section").set_value(section).run()
    assert not app.exception
    assert "evaluated yet" in markup(app) or "Not measured yet" in markup(app)


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


@pytest.mark.parametrize("name", ["default", "../x", "", "Mine", "x" * 40])
def test_a_name_that_is_no_folder_name_is_refused(service, name):
    app = start(TRAIN)
    app.text_input(key="mm-train-name").set_value(name).run()
    assert app.button(key="mm-train-start").disabled


def test_train_starts_a_job_with_what_was_chosen(service, monkeypatch):
    asked = []
    monkeypatch.setattr(JobDesk, "start", lambda self, *words: asked.append(words))
    app = start(TRAIN)
    app.slider(key="mm-train-epochs").set_value(2).run()
    app.button(key="mm-train-start").click().run()
    kind, title, words, about = asked[0]
    assert (kind, about) == ("train", {"bundle": "mine", "catalogue": "open-media"}) and "mine" in title
    assert words == ["train", "--name", "mine", "--projections-of", "fake", "--set", "epochs=2"]


@BOTH
def test_while_a_job_runs_no_other_can_start(service, running, page):
    app = start(page)
    assert not app.exception
    if page == TRAIN:
        assert app.button(key="mm-stop-train").label == "Stop"
        assert "3 of 12 batches" in markup(app) and "best 0.5200 at epoch 2" in markup(app)
        assert "mm-train-start" not in [button.key for button in app.button]
    else:
        assert app.button(key="mm-evaluate-start").disabled


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


def test_figures_name_lines_methods_and_leads(service, home):
    write_evaluations(home, list(service.by_id))
    app = start(EVALUATE)
    assert not app.exception
    html = markup(app)
    assert "text category P@10" in html and "BM25" in html
    assert "fusion is clearly above BM25" in html
    assert "Share of the ten best" in html, "every line says what it means"


@pytest.mark.parametrize("section", ["Missing modalities", "By category", "Worst cases"])
def test_sections_draw_what_was_measured(service, home, section):
    write_evaluations(home, list(service.by_id))
    app = start(EVALUATE)
    app.segmented_control(key="mm-evaluate-section").set_value(section).run()
    assert not app.exception
    assert "Not measured yet" not in markup(app)


def test_missing_modalities_say_what_fusing_is_worth(service, home):
    write_evaluations(home, list(service.by_id))
    app = start(EVALUATE)
    app.segmented_control(key="mm-evaluate-section").set_value("Missing modalities").run()
    page = markup(app)
    assert "What fusing is worth" in page and "clearly ahead on 1 of 1 subsets" in page
    assert "<b>+0.040</b>" in page and "text, raw neighbours: 0.500" in page


def test_a_worst_case_becomes_the_query(service, home):
    write_evaluations(home, list(service.by_id))
    app = start(EVALUATE)
    app.segmented_control(key="mm-evaluate-section").set_value("Worst cases").run()
    app.button(key="mm-case-0").click().run()
    assert not app.exception
    assert app.session_state[state.Key.TEXT]


def test_interactions_that_others_measured_are_shown(service, home):
    rows = np.arange(30)
    cells = compare(
        {"EASE": [Line("NDCG@10", rows / 30, rows)], "popularity": [Line("NDCG@10", rows / 60, rows)]}, "EASE"
    )
    people = tuple(map(str, rows))
    queries, slices = {"NDCG@10": people}, {"likes seen": dict.fromkeys(people, "under 20")}
    measured = Evaluation("movielens per-user", "history@1", "ml", "EASE", cells, queries=queries, slices=slices)
    EvaluationStore(home / "evaluations").save(measured)
    app = start(EVALUATE)
    app.segmented_control(key="mm-evaluate-section").set_value("Interactions").run()
    assert not app.exception
    assert "NDCG@10" in markup(app) and "EASE is clearly above popularity" in markup(app)
    assert "By how many likes were seen" in markup(app)
    assert "Person 0: 0.00 · popularity 0.00" in [link.proto.label for link in app.get("page_link")]


def test_a_trained_bundle_is_compared_with_the_one_in_use(service, home):
    write_evaluations(home, list(service.by_id), (IN_USE, "mine@ffffffffffff"))
    app = start(TRAIN)
    assert not app.exception
    assert "Better than the one in use" in markup(app)


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


def test_a_damaged_evaluation_is_named(service, home):
    (home / "evaluations").mkdir()
    (home / "evaluations" / "x.json").write_text("{}")
    app = start(EVALUATE)
    assert not app.exception and "measure again" in markup(app)
