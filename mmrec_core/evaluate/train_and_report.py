"""Train a bundle, measure it on held-out items, write its card: one command from media to a published bundle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mmrec_core.evaluate.card import write_card
from mmrec_core.evaluate.data import data_as_read
from mmrec_core.evaluate.run import evaluate_data
from mmrec_core.evaluate.store import EvaluationStore
from mmrec_core.fusion.bundle import ModelBundle
from mmrec_core.settings import Settings
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.run import open_workshop, train
from mmrec_core.types import Epoch, Evaluation, Report


def train_and_report(
    settings: Settings, recipe: Recipe, folder: Path, report: Report, watch: Callable[[Epoch], None],
    projections_of: ModelBundle | None = None,
) -> Evaluation:  # fmt: skip
    """Train into ``folder``. An interrupted run goes on where it stopped; the test part is read once, at the end."""
    workshop = open_workshop(settings, recipe, report, projections_of)
    bundle = train(workshop, folder, report, watch)
    found = evaluate_data(bundle, data_as_read(bundle, workshop, report), workshop.catalogue.fingerprint, report)
    write_card(folder, bundle, workshop.catalogue.items, found)
    EvaluationStore(settings.evaluations).save(found)
    return found
