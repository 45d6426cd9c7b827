"""The sounds' anchor fitted again to a finished fusion, with every named sound there is.

A catalogue holds few sounds, so the anchor of sounds learns them by heart. Here nothing else moves: pictures and texts stay
where they are, and the sounds of the catalogue and of the training corpus are drawn to the words (and the pictures) of their
own items. What is kept lies between the weights before and after (WiSE-FT, Wortsman et al. 2022).
"""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np
import torch
from pydantic import BaseModel, Field
from torch import Tensor, nn
from torch.nn import functional as F

from mmrec_core.errors import BundleError
from mmrec_core.fusion.bundle import ModelBundle
from mmrec_core.fusion.model_level import ModelLevelFusion
from mmrec_core.settings import Settings
from mmrec_core.training.data import TrainingData
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.run import open_workshop
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.training.tables import ABSENT
from mmrec_core.types import FUSED, Modality, Progress, Report

BATCH = 128
TARGETS = ((Modality.TEXT,), (Modality.IMAGE, Modality.TEXT))
"""What a sound is drawn to: its item's words, or words and picture; drawn anew every epoch."""


class SoundRecipe(BaseModel, frozen=True):
    """Configuration of one fit; it is written into the bundle."""

    epochs: int = Field(200, ge=1, description="Each is one step over all sounds.")
    rate: float = Field(1e-3, gt=0)
    scale: float = Field(10.0, gt=0, description="Inverse temperature; low, since many sounds are alike.")
    dropout: float = Field(0.2, ge=0, lt=1, description="Share of the features hidden.")
    averaging: float = Field(0.95, ge=0, lt=1)
    kept: float = Field(0.6, ge=0, le=1, description="Share of the change that is kept.")
    seed: int = 0


def refit_bundle(
    settings: Settings, bundle: ModelBundle, recipe: SoundRecipe, report: Report, without: Collection[str] = ()
) -> None:
    """Fit the bundle's anchor of sounds again, in place, on the training part and the corpus.

    Args:
        without: sources that nothing is learned from.

    Raises:
        BundleError: where the fusion is not a model-level one, whose anchor of sounds is one linear map.
    """
    fusion = bundle.fusion
    if not isinstance(fusion, ModelLevelFusion):
        raise BundleError(
            f"{bundle.name!r} is {fusion.name}; only a model_level bundle can have its sounds fitted again."
        )
    workshop = open_workshop(settings, Recipe(), report, bundle, without)
    data = workshop.prepared.data
    refit_sounds(fusion, data, recipe, report)
    learned = [data.items[row].source for row in _sounds(data)]
    counts = {source: learned.count(source) for source in sorted(set(learned))}
    bundle.metadata["sounds"] = {"of": bundle.hash, "recipe": recipe.model_dump(), "learned_from": counts}


def refit_sounds(fusion: ModelLevelFusion, data: TrainingData, recipe: SoundRecipe, report: Report) -> None:
    """Symmetric InfoNCE between sounds and their items' frozen embeddings, over all training sounds at once.

    Sounds of the same title are not told apart; a source counts by the square root of its number of sounds.
    """
    generator = torch.Generator().manual_seed(recipe.seed)
    torch.manual_seed(recipe.seed)
    rows = _sounds(data)
    features, beside = _views(fusion, data, torch.from_numpy(rows))
    scorer = FusionScorer(fusion, data, "cpu")
    targets = [torch.from_numpy(scorer.embeddings(held)[rows]) for held in TARGETS]
    twins, weights = _twins(data, rows), _weights(data, rows)
    anchor = fusion.anchor(Modality.AUDIO)
    start = anchor.linear.weight.detach().clone()
    weight, average = nn.Parameter(start.clone()), start.clone()
    optimizer = torch.optim.Adam([weight])
    for epoch in range(recipe.epochs):
        report(Progress("Fitting sounds", epoch, recipe.epochs, "epochs"))
        optimizer.param_groups[0]["lr"] = recipe.rate * 0.5 * (1 + math.cos(math.pi * epoch / recipe.epochs))
        view = torch.randint(len(features), (len(rows),), generator=generator), torch.arange(len(rows))
        heard = F.dropout(features[view], recipe.dropout) @ weight.T + beside[view]
        meant = targets[int(torch.randint(len(targets), (), generator=generator))]
        logits = (recipe.scale * (F.normalize(heard, dim=-1) - fusion.centre) @ meant.T).masked_fill(twins, -torch.inf)
        optimizer.zero_grad()
        _info_nce(logits, weights).backward()
        optimizer.step()
        average.lerp_(weight.detach(), 1 - recipe.averaging)
    with torch.no_grad():
        anchor.linear.weight.copy_(torch.lerp(start, average, recipe.kept))


def _info_nce(logits: Tensor, weights: Tensor) -> Tensor:
    own = torch.arange(len(logits))
    each = F.cross_entropy(logits, own, reduction="none") + F.cross_entropy(logits.T, own, reduction="none")
    return (each * weights).mean()


def _sounds(data: TrainingData) -> np.ndarray:
    """Rows of the training items and the corpus that have a sound."""
    trained = data.split.trained
    return trained[data.presence[trained, FUSED.index(Modality.AUDIO)].numpy()]


@torch.no_grad()
def _views(fusion: ModelLevelFusion, data: TrainingData, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Of each view of the sounds alone: what the anchor reads (views, n, feature_dim), and what stands beside (views, n, dim)."""
    anchor, alone = fusion.anchor(Modality.AUDIO), torch.tensor([[m is Modality.AUDIO for m in FUSED]])
    features, beside = [], []
    for view in data.views[Modality.AUDIO][rows].T:
        first = data.views[Modality.AUDIO][rows, 0]
        for numbers in torch.where(view == ABSENT, first, view).split(BATCH):
            tokens = {Modality.AUDIO: data.tables[Modality.AUDIO].gather(numbers)}
            summaries = fusion.summarise(tokens)
            heard = tokens[Modality.AUDIO]
            pooled = anchor.pool(heard.values, heard.mask, summaries.attention[Modality.AUDIO])
            features.append(anchor.features(pooled))
            beside.append(fusion.beside_anchors(summaries, alone.expand(len(numbers), -1)))
    shape = (-1, len(rows))
    return torch.cat(features).unflatten(0, shape), torch.cat(beside).unflatten(0, shape)


def _twins(data: TrainingData, rows: np.ndarray) -> Tensor:
    """(n, n) bool: other items of the same title."""
    titles = np.array([data.items[row].title.lower() for row in rows])
    return torch.from_numpy((titles[:, None] == titles[None]) & ~np.eye(len(rows), dtype=bool))


def _weights(data: TrainingData, rows: np.ndarray) -> Tensor:
    sources = np.array([data.items[row].source for row in rows])
    _, number, counts = np.unique(sources, return_inverse=True, return_counts=True)
    weights = torch.from_numpy(counts[number].astype(np.float32) ** -0.5)
    return weights / weights.mean()
