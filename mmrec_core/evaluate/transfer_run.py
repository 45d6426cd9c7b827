"""The transfer evaluation from media to figures: a training without each source, its media asked of the rest.

Where pictures are asked, their encoder is tuned without the source, too; where only sounds are, it is taken as published.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import torch

from mmrec_core.encoders.efficientnet import EfficientNetLite0
from mmrec_core.evaluate.baselines import RawScorer
from mmrec_core.evaluate.data import all_raw_vectors
from mmrec_core.evaluate.microphone import through_microphone
from mmrec_core.evaluate.report import FUSION, compare
from mmrec_core.evaluate.run import now
from mmrec_core.evaluate.store import EvaluationStore
from mmrec_core.evaluate.transfer import REPORTED, TUNED_ON, Trial, transfer_lines
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.media.audio import decode_audio
from mmrec_core.settings import Settings
from mmrec_core.training.data import TrainingData
from mmrec_core.training.lines import Line, Scorer
from mmrec_core.training.pictures import tune_pictures
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.run import Workshop, open_workshop, train
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.training.tables import ABSENT, build_table, join_tables
from mmrec_core.types import Evaluation, Modality, Progress, Report, bundle_label

PROTOCOL = "transfer"


def evaluate_transfer(settings: Settings, recipe: Recipe, report: Report, tuning: bool = False) -> Evaluation:
    """One training for each source that is kept out (all sources of ``TUNED_ON`` at once), every trial beside the baselines.

    The galleries are all items of the catalogue that are not of a source that is kept out. Sounds are asked twice: as they
    are, and as a microphone brings them.
    """
    started = time.perf_counter()
    trials = TUNED_ON if tuning else REPORTED
    sources = tuple(dict.fromkeys(trial.source for trial in trials))
    values: dict[str, list[Line]] = {}
    for kept_out in [sources] if tuning else [(source,) for source in sources]:
        own = tuple(trial for trial in trials if trial.source in kept_out)
        workshop, fusion = _train_without(settings, recipe, report, kept_out, own)
        for name, lines in _kept_out(workshop, fusion, report, kept_out, own).items():
            values.setdefault(name, []).extend(lines)
    items = workshop.prepared.data.items
    found = Evaluation(
        protocol=f"{PROTOCOL} (tuned on)" if tuning else PROTOCOL,
        bundle=trained_without(sources, recipe),
        catalogue=workshop.catalogue.fingerprint,
        reference=FUSION,
        cells=compare(values, FUSION),
        queries={line.name: tuple(items[row].id for row in line.queries) for line in values[FUSION]},
        seconds=time.perf_counter() - started,
        date=now(),
    )
    EvaluationStore(settings.evaluations).save(found)
    return found


def trained_without(sources: Iterable[str], recipe: Recipe) -> str:
    """What the models of a transfer evaluation are called where it is kept: another recipe or seed is another model."""
    digest = hashlib.sha256(recipe.model_dump_json().encode()).hexdigest()
    return bundle_label(f"trained without {', '.join(sources)}", digest)


def _train_without(
    settings: Settings, recipe: Recipe, report: Report, kept_out: tuple[str, ...], trials: tuple[Trial, ...]
) -> tuple[Workshop, AnchoredFusion]:
    def tell(progress: Progress) -> None:
        report(replace(progress, step=f"{progress.step} (without {', '.join(kept_out)})"))

    workshop = open_workshop(settings, recipe, tell, left_out=kept_out)
    bundle = train(workshop, settings.home / "transfer" / "-".join(kept_out), tell)
    if any(trial.modality is Modality.IMAGE for trial in trials):
        pictures = EfficientNetLite0(settings, tune_pictures(workshop, tell))
        workshop = open_workshop(settings, recipe, tell, bundle, kept_out, {Modality.IMAGE: pictures})
    return workshop, bundle.fusion


def _kept_out(
    workshop: Workshop, fusion: AnchoredFusion, report: Report, kept_out: tuple[str, ...], trials: tuple[Trial, ...]
) -> dict[str, list[Line]]:
    data, categories = workshop.prepared.data, workshop.prepared.data.categories.numpy()
    shown = len(workshop.catalogue.items)
    gallery = np.array([n for n in range(shown) if data.items[n].source not in kept_out], np.int64)
    values = transfer_lines(trials, _scorers(fusion, data), data.items, gallery, categories)
    sounds = tuple(
        replace(trial, name=f"{trial.name}, microphone") for trial in trials if trial.modality == Modality.AUDIO
    )
    if sounds:
        recorded = _recorded(workshop, sounds, report)
        for name, lines in transfer_lines(sounds, _scorers(fusion, recorded), data.items, gallery, categories).items():
            values[name] += lines
    return values


def _scorers(fusion: AnchoredFusion, data: TrainingData) -> Mapping[str, Scorer]:
    raw = all_raw_vectors(fusion, data)
    return {
        FUSION: FusionScorer(fusion, data, "cpu"),
        "untrained ensemble": RawScorer(raw, same_modality_only=False),
        "raw neighbours": RawScorer(raw, same_modality_only=True),
    }


def _recorded(workshop: Workshop, trials: tuple[Trial, ...], report: Report) -> TrainingData:
    """The same data, but the sounds of the queries come through a microphone."""
    data, encoder = workshop.prepared.data, workshop.encoders[Modality.AUDIO]
    project = workshop.prepared.projections[Modality.AUDIO].project
    rows = [n for n in range(len(data.items)) if any(trial.asks(data.items[n]) for trial in trials)]
    tokens = []
    for done, row in enumerate(rows):
        report(Progress("Recording", done, len(rows), "sounds"))
        item = data.items[row]
        book = workshop.catalogue if row < len(workshop.catalogue.items) else workshop.corpus
        path = book.audio_path(item) if book else None
        assert path is not None  # noqa: S101 - trials with sounds ask items that have one
        tokens += encoder.encode([through_microphone(decode_audio(path.read_bytes(), item.title), seed=row)])
    table = data.tables[Modality.AUDIO]
    views = data.views[Modality.AUDIO].clone()
    views[rows] = ABSENT
    views[rows, 0] = torch.arange(len(rows)) + len(table.offsets) - 1
    joined = join_tables([table, build_table(tokens, project)])
    return replace(data, tables={**data.tables, Modality.AUDIO: joined}, views={**data.views, Modality.AUDIO: views})
