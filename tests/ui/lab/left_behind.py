"""The pages Evaluate and Train started, on folders that jobs and evaluations left."""

from __future__ import annotations

import json

import numpy as np
from streamlit.testing.v1 import AppTest

from mmrec_core.evaluate.best_single import BEST_SINGLE
from mmrec_core.evaluate.report import compare
from mmrec_core.evaluate.store import EvaluationStore
from mmrec_core.jobs.journal import Journal
from mmrec_core.training.lines import Line
from mmrec_core.types import Cell, Curve, Epoch, Evaluation, Interval, JobStatus, Progress
from tests.fake_shelf import CATALOGUE
from tests.ui.pages import HOME, ROOT

EVALUATE, TRAIN = ROOT / "pages" / "4_Evaluate.py", ROOT / "pages" / "5_Train.py"
IN_USE = "fake@0123456789ab"


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


def write_evaluations(home, items: list[str], bundles: tuple[str, ...] = (IN_USE,), catalogue: str = CATALOGUE) -> None:
    """Held-out and robustness evaluations of bundles, each better and a day newer than the one before."""
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
        store.save(Evaluation("held-out", bundle, catalogue, "fusion", compare(methods, "fusion"), **about))
        curve = Curve("fusion", "category P@10", "any, at random", (0.0, 0.8), (Interval(0.8, 0.7, 0.9, 60),) * 2)
        subsets = {"fusion": [Line("text category P@10", base, np.arange(60))]}
        lead = Interval(0.04, 0.01, 0.07, 60)
        single = Cell(BEST_SINGLE, "text category P@10", Interval(0.5, 0.4, 0.6, 60), lead, (), "text, raw neighbours")
        cells = (*compare(subsets, "fusion"), single)
        store.save(Evaluation("robustness", bundle, catalogue, "fusion", cells, curves=(curve,), **about))
