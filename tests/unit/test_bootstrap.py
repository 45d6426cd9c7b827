"""Set-up as data: skipped when done, stopped and resumed, one process at a time."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from filelock import FileLock

from mmrec_core import bootstrap
from mmrec_core.bootstrap import Step, figures
from mmrec_core.errors import MMRecError, UnknownNameError
from mmrec_core.evaluate.store import HELD_OUT, EvaluationStore
from mmrec_core.settings import Settings
from mmrec_core.types import Evaluation, Progress


class Stop(MMRecError):
    pass


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


@pytest.fixture
def log(monkeypatch):
    """Three steps that leave a file each; what ran is logged."""
    ran = []

    def make(name):
        def run(settings, report):
            report(Progress(f"inner {name}", 1, 2, "things", "a note"))
            ran.append(name)
            (settings.home / name).touch()

        return Step(name, f"Do {name}", lambda s: "there" if (s.home / name).exists() else None, run)

    monkeypatch.setattr(bootstrap, "STEPS", tuple(make(name) for name in ("a", "b", "c")))
    return ran


def test_steps_run_once_in_order(settings, log):
    found = bootstrap.run(settings, lambda progress: None)
    assert [(s.name, s.done, s.detail) for s in found] == [(n, True, "there") for n in "abc"]
    bootstrap.run(settings, lambda progress: None)
    assert log == ["a", "b", "c"]
    assert bootstrap.is_set_up(settings)


def test_progress_carries_the_title_of_the_step(settings, log):
    seen = []
    bootstrap.run(settings, seen.append)
    assert [p.step for p in seen] == ["Do a", "Do a", "Do b", "Do b", "Do c", "Do c"]
    assert seen[1] == Progress("Do a", 1, 2, "things", "inner a: a note")


def test_stopped_in_the_middle_it_resumes_there(settings, log):
    def stop_at_b(progress):
        if progress.note.startswith("inner b"):
            raise Stop("stopped")

    with pytest.raises(Stop):
        bootstrap.run(settings, stop_at_b)
    assert [s.done for s in bootstrap.steps(settings)] == [True, False, False]
    bootstrap.run(settings, lambda progress: None)
    assert log == ["a", "b", "c"]


def test_only_runs_what_is_named_even_if_done(settings, log):
    bootstrap.run(settings, lambda progress: None)
    bootstrap.run(settings, lambda progress: None, only=["b"])
    assert log == ["a", "b", "c", "b"]


def test_an_unknown_step_is_refused_before_anything_runs(settings, log):
    with pytest.raises(UnknownNameError, match="Known: a, b, c"):
        bootstrap.run(settings, lambda progress: None, only=["d"])
    assert log == []


def test_two_processes_do_not_set_up_at_once(settings, log, monkeypatch):
    monkeypatch.setattr(bootstrap, "LOCK_PATIENCE_SECONDS", 0.05)
    settings.home.mkdir(parents=True)
    with FileLock(settings.home / "setup.lock"), pytest.raises(MMRecError, match="Another process"):
        bootstrap.run(settings, lambda progress: None)
    assert log == []


def test_on_an_empty_machine_nothing_is_done_and_saying_so_is_quick(settings):
    from time import process_time

    start = process_time()
    found = bootstrap.steps(settings)
    assert process_time() - start < 1.0
    assert [s.name for s in found] == [
        "weights",
        "catalogue",
        "model",
        "tokens",
        "index",
        "languages",
        "movielens",
        "movies",
        "figures",
    ]
    assert [s.name for s in found if s.done] == ["model"]  # the repository carries it
    assert not settings.home.exists()


def test_the_model_is_measured_once_for_each_bundle_and_catalogue(settings, monkeypatch):
    measured = Evaluation(HELD_OUT, "default@0123456789ab", "tools", "fusion", ())
    shelf = SimpleNamespace(open=lambda folder: SimpleNamespace(fingerprint=shelf.holds))
    shelf.holds = "tools"
    monkeypatch.setattr("mmrec_core.catalogue.store.Catalogue", shelf)
    monkeypatch.setattr(figures, "bundle_description", lambda settings: {"hash": "0123456789abcdef"})
    monkeypatch.setattr(figures, "index_done", lambda settings: None)
    EvaluationStore(settings.evaluations).save(measured)
    assert figures.figures_done(settings) is None, "without an index there is nothing to measure"
    monkeypatch.setattr(figures, "index_done", lambda settings: "built")
    assert figures.figures_done(settings) == "measured"
    shelf.holds = "birds"
    assert figures.figures_done(settings) is None, "another catalogue"
    monkeypatch.setattr(figures, "bundle_description", lambda settings: {"hash": "f" * 16})
    shelf.holds = "tools"
    assert figures.figures_done(settings) is None, "another bundle"
