"""What each step of the features and of the training is worth: a feature-level fusion without one of them at a time.

Measured on the validation part; the test part is not read. Feature-level, because that is where all these steps are, and
because its training data can be condensed once for all variants.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mmrec_core.encoders.device import choose_device
from mmrec_core.evaluate.report import compare, figures
from mmrec_core.evaluate.run import now
from mmrec_core.fusion.pooled import PooledFusion
from mmrec_core.settings import Settings
from mmrec_core.training.condense import condense
from mmrec_core.training.data import TrainingData
from mmrec_core.training.lines import Line, validation_lines
from mmrec_core.training.loop import Trainer
from mmrec_core.training.recipe import recipe_of
from mmrec_core.training.run import Workshop, classifiers, open_workshop
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.training.start import start_fusion
from mmrec_core.types import Evaluation, Modality, Progress, Report

PROTOCOL = "ablation, validation part"
WHOLE = "all steps"


@dataclass(frozen=True)
class Variant:
    """One change: fields of the recipe, fields of its feature steps, and whose augmented views are left out."""

    name: str
    recipe: Mapping[str, Any] = field(default_factory=dict)
    features: Mapping[str, Any] = field(default_factory=dict)
    plain: Modality | None = None


VARIANTS = (
    Variant(WHOLE),
    Variant("no normalisation", features={"normalise": False}),
    Variant("no PCA", features={"components": 0}),
    Variant("no noise filter", features={"noise_filter": False}),
    Variant("selection by importance", features={"select": "importance"}),
    Variant("selection by L1", features={"select": "l1"}),
    Variant("no image augmentation", plain=Modality.IMAGE),
    Variant("no text augmentation", plain=Modality.TEXT),
    Variant("no audio augmentation", plain=Modality.AUDIO),
    Variant("no modality dropout", recipe={"modality_dropout": 0.0}),
)


def evaluate_ablation(settings: Settings, epochs: int, report: Report) -> Evaluation:
    """Every variant on the validation lines; leads are those of all steps over the variant, paired by query."""
    started = time.perf_counter()
    recipe = recipe_of({"fusion": "feature_level", "epochs": epochs, "seed": settings.seed})
    workshop = open_workshop(settings, recipe, report)
    condensed = _condense(workshop, report)
    values: dict[str, list[Line]] = {}
    for number, variant in enumerate(VARIANTS):
        report(Progress("Variants", number, len(VARIANTS), "variants", variant.name))
        values[variant.name] = _lines(workshop, condensed, variant, report)
    split = workshop.prepared.data.split
    return Evaluation(
        protocol=f"{PROTOCOL}, {epochs} epochs",
        bundle="feature_level, untrained",
        catalogue=workshop.catalogue.fingerprint,
        reference=WHOLE,
        cells=compare(values, WHOLE),
        split={"trained on": len(split.train), "corpus": len(split.corpus), "asked": len(split.validation)},
        seed=recipe.seed,
        seconds=time.perf_counter() - started,
        date=now(),
    )


def ablation_section(evaluation: Evaluation, epochs: int, machine: str) -> dict[str, Any]:
    """The evaluation as a section of ``evaluate.results``."""
    command = f"python -m mmrec_core evaluate ablation --epochs {epochs} --publish"
    split = {
        short: evaluation.split[name]
        for short, name in (("trained", "trained on"), ("corpus", "corpus"), ("asked", "asked"))
    }
    return {
        "about": {"date": evaluation.date[:10], "machine": machine, "bundle": "", "command": command},
        "figures": {"reference": WHOLE, "epochs": epochs, **split, "lines": figures(evaluation)},
    }


def _condense(workshop: Workshop, report: Report) -> TrainingData:
    recipe = workshop.recipe
    fusion = start_fusion(workshop.prepared, workshop.encoders, classifiers(workshop.encoders), recipe)
    assert isinstance(fusion, PooledFusion)  # noqa: S101 - the recipe says so
    data = workshop.prepared.data
    return condense(data, fusion, recipe.condensed_draws, recipe.token_dropout, recipe.seed, report)


def _lines(workshop: Workshop, condensed: TrainingData, variant: Variant, report: Report) -> list[Line]:
    steps = workshop.recipe.features.model_copy(update=dict(variant.features))
    recipe = workshop.recipe.model_copy(update={**variant.recipe, "features": steps, "token_dropout": 0.0})
    data = without_views(condensed, variant.plain)
    prepared = replace(workshop.prepared, data=without_views(workshop.prepared.data, variant.plain))
    device = str(choose_device(workshop.settings.device))
    fusion = start_fusion(prepared, workshop.encoders, classifiers(workshop.encoders), recipe).to(device)
    Trainer(fusion, data, recipe, device, None).run(report)
    return validation_lines(FusionScorer(fusion.eval(), data, device), data)


def without_views(data: TrainingData, modality: Modality | None) -> TrainingData:
    """The same data with nothing but the media themselves of one modality."""
    if modality is None or modality not in data.views:
        return data
    return replace(data, views={**data.views, modality: data.views[modality][:, :1]})
