"""How well the model places media of one's own: a folder of pictures and sounds, sorted by category.

A folder named ``animals`` holds media for which an item of that category is right; ``food+household`` accepts either.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mmrec_core import metrics
from mmrec_core.catalogue.taxonomy import CATEGORIES
from mmrec_core.errors import MediaError, OptionError, UnknownNameError
from mmrec_core.evaluate.baselines import known
from mmrec_core.evaluate.data import all_raw_vectors
from mmrec_core.evaluate.report import FUSION, compare
from mmrec_core.evaluate.run import now, open_in_use
from mmrec_core.fusion.base import TokenBatch
from mmrec_core.media.audio import decode_audio
from mmrec_core.media.image import decode_image
from mmrec_core.recommend.encode import QueryEncoder
from mmrec_core.settings import Settings
from mmrec_core.training.data import TrainingData
from mmrec_core.training.lines import LIST_LENGTH, Line
from mmrec_core.training.raw import CHANNELS, ensemble_scores, raw_vectors
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.types import FUSED, Audio, Evaluation, ImageArray, Modality, Progress, Report

PROTOCOL = "folder"
SEPARATOR = "+"


@dataclass(frozen=True)
class Labelled:
    """One file of the folder: what it holds, and the categories that are right for it."""

    name: str
    modality: Modality
    medium: ImageArray | Audio
    accepted: frozenset[str]


def evaluate_folder(settings: Settings, encoder: QueryEncoder, folder: Path, report: Report) -> Evaluation:
    """Category precision at 10 of every file, for the fusion and the baselines; nothing is kept.

    Raises:
        UnknownNameError: for a folder that names no category.
        OptionError: where no file can be used.
    """
    started = time.perf_counter()
    files = read_folder(folder)
    bundle, data, fingerprint = open_in_use(settings, ())
    values: dict[str, list[Line]] = {}
    for modality in (Modality.IMAGE, Modality.AUDIO):
        if asked := [file for file in files if file.modality is modality]:
            first = files.index(asked[0])
            for name, scores in _scores(encoder, data, modality, asked, report).items():
                values.setdefault(name, []).extend(_lines(modality, scores, asked, data, first))
    return Evaluation(
        protocol=PROTOCOL,
        bundle=bundle.hash,
        catalogue=fingerprint,
        reference=FUSION,
        cells=compare(values, FUSION),
        queries={line.name: tuple(files[row].name for row in line.queries) for line in values[FUSION]},
        seconds=time.perf_counter() - started,
        date=now(),
    )


def read_folder(folder: Path) -> tuple[Labelled, ...]:
    """Every file in a sub-folder named by categories, in the order of names; pictures first.

    Raises:
        UnknownNameError: for a sub-folder that names no category.
        OptionError: where a file is neither a picture nor a sound, or there is none.
    """
    found = []
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        accepted = frozenset(place.name.split(SEPARATOR))
        if unknown := accepted - set(CATEGORIES):
            raise UnknownNameError("category", sorted(unknown)[0], list(CATEGORIES))
        found += [_read(path, accepted) for path in sorted(place.iterdir()) if path.is_file()]
    if not found:
        raise OptionError(f"{folder} holds no file in a folder named like a category, e.g. animals or food+household.")
    return tuple(sorted(found, key=lambda file: FUSED.index(file.modality)))


def _read(path: Path, accepted: frozenset[str]) -> Labelled:
    data, name = path.read_bytes(), f"{path.parent.name}/{path.name}"
    try:
        return Labelled(name, Modality.IMAGE, decode_image(data, path.name), accepted)
    except MediaError as no_picture:
        try:
            return Labelled(name, Modality.AUDIO, decode_audio(data, path.name), accepted)
        except MediaError as no_sound:
            raise OptionError(
                f"{name} can be used neither as a picture nor as a sound: {no_picture} {no_sound}"
            ) from None


def _scores(
    encoder: QueryEncoder, data: TrainingData, modality: Modality, files: Sequence[Labelled], report: Report
) -> Mapping[str, NDArray[np.float32]]:
    """By method, (files, items); a method that cannot compare the modality with any item is left out."""
    bundle = encoder.bundle
    tokens = []
    for done, file in enumerate(files):
        report(Progress("Reading", done, len(files), modality))
        tokens += encoder.encode_media(modality, [file.medium])
    batch = bundle.batch([{modality: found} for found in tokens], projected=True)
    asked = torch.tensor([[m is modality for m in FUSED]]).expand(len(files), -1)
    raw, items = raw_vectors(bundle.fusion, batch), all_raw_vectors(bundle.fusion, data)
    within = tuple(channel for channel in CHANNELS if channel[0] == channel[1])
    found = {
        FUSION: _embed(bundle.fusion, batch, asked)
        @ FusionScorer(bundle.fusion, data, bundle.device).embeddings(FUSED).T,
        "untrained ensemble": known(ensemble_scores(raw, items, asked, items.presence).numpy()),
        "raw neighbours": known(ensemble_scores(raw, items, asked, items.presence, within).numpy()),
    }
    return {name: scores for name, scores in found.items() if scores is not None}


@torch.inference_mode()
def _embed(fusion: torch.nn.Module, batch: Mapping[Modality, TokenBatch], asked: Tensor) -> NDArray[np.float32]:
    found: Tensor = fusion.fuse(fusion.summarise(batch), asked)  # type: ignore[operator]
    return found.float().cpu().numpy()


def _lines(
    modality: Modality, scores: NDArray[np.float32], files: Sequence[Labelled], data: TrainingData, first: int
) -> list[Line]:
    """Share of the first ten that are right, and whether most of them are; ``first`` is the row of the first file."""
    found = data.categories.numpy()[metrics.top_k(scores, LIST_LENGTH)]
    names = np.array(data.category_names)
    right = [np.isin(names[row], sorted(file.accepted)) for row, file in zip(found, files, strict=True)]
    share = np.array([row.mean() for row in right])
    rows = first + np.arange(len(files), dtype=np.int64)
    return [
        Line(f"{modality} category P@10", share, rows),
        Line(f"{modality} mostly right", (share > 0.5).astype(np.float64), rows),
    ]
