"""An untrained fusion that already scores like the untrained ensemble: frozen concepts, centres, closed-form anchors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmrec_core.encoders.base import Encoder
from mmrec_core.features.projection import Projection
from mmrec_core.fusion.anchor import ConceptHead
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.fusion.base import FUSIONS
from mmrec_core.fusion.model_level import ModelLevelFusion
from mmrec_core.training.data import TrainingData
from mmrec_core.training.linear import LinearData, train_anchors
from mmrec_core.training.prepare import Prepared
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.starts import options_of, start_from
from mmrec_core.types import FUSED, Modality


@dataclass(frozen=True)
class Classifier:
    """An encoder's own classifier: weights and biases layer by layer (out, in), class names, and what each class reads."""

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    names: tuple[str, ...]
    readings: tuple[str, ...]

    @property
    def sizes(self) -> list[int]:
        """Widths from the features to the classes."""
        return [self.weights[0].shape[1], *(len(w) for w in self.weights)]


def start_fusion(
    prepared: Prepared, encoders: dict[Modality, Encoder], classifiers: dict[Modality, Classifier], recipe: Recipe
) -> AnchoredFusion:
    """Build the fusion for the prepared data, seeded by the recipe."""
    torch.manual_seed(recipe.seed)
    fusion = FUSIONS.build(recipe.fusion, _specs(prepared, encoders, classifiers), **options_of(recipe))
    data, projections = prepared.data, prepared.projections
    train = torch.from_numpy(data.split.trained)
    for modality in data.tables:
        fusion.anchor(modality).centre.copy_(_pooled(fusion, data, train, modality).mean(dim=0))
    for modality, classifier in classifiers.items():
        _set_classifier(fusion, modality, classifier, projections[modality])
        vectors = _class_vectors(fusion, encoders[Modality.TEXT], projections[Modality.TEXT], classifier.readings)
        _concept(fusion, modality).class_vectors.copy_(vectors)
    features, presence, categories = _features(fusion, data, train)
    start_from(fusion, features, presence, categories, recipe)
    if isinstance(fusion, ModelLevelFusion) and recipe.linear_epochs:
        views = {m: x.unflatten(0, (-1, len(train))) for m, x in features.items()}
        once = slice(0, len(train))
        train_anchors(fusion, LinearData(views, presence[once], categories[once], data.twins[train]), recipe)
    return fusion.eval()


def _features(
    fusion: AnchoredFusion, data: TrainingData, train: Tensor
) -> tuple[dict[Modality, Tensor], Tensor, Tensor]:
    """What the anchors read of every view of the items ``train``, presence and categories; view by view.

    A view that an item lacks is its first one. So predictions of one modality from another are fitted on what a user's photo
    or recording looks like, too.
    """
    presence = data.presence[train]
    most = max(views.shape[1] for views in data.views.values())
    features = {}
    for modality in data.tables:
        there = presence[:, FUSED.index(modality)]
        views = data.views[modality].shape[1]
        rows = torch.zeros(most, len(train), fusion.anchor(modality).feature_dim)
        for number in range(most):
            pooled = _pooled(fusion, data, train[there], modality, number % views)
            rows[number, there] = fusion.anchor(modality).features(pooled).detach()
        features[modality] = rows.flatten(0, 1)
    return features, presence.repeat(most, 1), data.categories[train].repeat(most)


def _specs(
    prepared: Prepared, encoders: dict[Modality, Encoder], classifiers: dict[Modality, Classifier]
) -> dict[str, dict]:
    text_dim = prepared.projections[Modality.TEXT].components.shape[0]
    specs = {}
    for modality in prepared.data.tables:
        dim = prepared.projections[modality].components.shape[0]
        sizes = [dim, *classifiers[modality].sizes[1:]] if modality in classifiers else []
        group = getattr(encoders[modality], "bands", 0)
        specs[str(modality)] = {"dim": dim, "peak_group": group, "concept_sizes": sizes, "text_dim": text_dim}
    return specs


@torch.inference_mode()
def _pooled(fusion: AnchoredFusion, data: TrainingData, rows: Tensor, modality: Modality, view: int = 0) -> Tensor:
    """Evenly pooled features (n, pooled_dim) of one view of the items of ``rows`` that have the modality."""
    numbers = data.views[modality][rows, view]
    pooled = []
    for chunk in numbers[numbers >= 0].split(256):
        t = data.tables[modality].gather(chunk)
        even = t.mask / t.mask.sum(dim=1, keepdim=True)
        pooled.append(fusion.anchor(modality).pool(t.values, t.mask, even))
    return torch.cat(pooled).clone()


def _concept(fusion: AnchoredFusion, modality: Modality) -> ConceptHead:
    return cast(ConceptHead, fusion.anchor(modality).concept)


def _set_classifier(fusion: AnchoredFusion, modality: Modality, classifier: Classifier, projection: Projection) -> None:
    """Copy the classifier; its first layer is folded with the projection: ``W x + b`` with ``x = restore(z)``."""
    head = _concept(fusion, modality)
    origin = projection.restore(np.zeros((1, len(projection.components)), np.float32))[0]
    basis = projection.restore(np.eye(len(projection.components), dtype=np.float32)) - origin
    weights = [classifier.weights[0] @ basis.T, *classifier.weights[1:]]
    biases = [classifier.biases[0] + classifier.weights[0] @ origin, *classifier.biases[1:]]
    for layer, weight, bias in zip(head.layers, weights, biases, strict=True):
        _load(layer, weight, bias)


def _load(layer: nn.Module, weight: np.ndarray, bias: np.ndarray) -> None:
    tensors = {"weight": weight, "bias": bias}
    layer.load_state_dict({k: torch.from_numpy(np.asarray(v, np.float32)) for k, v in tensors.items()})


def _class_vectors(fusion: AnchoredFusion, encoder: Encoder, projection: Projection, readings: Sequence[str]) -> Tensor:
    """Unit text vectors (classes, text_dim), centred like every text."""
    tokens = encoder.encode(list(readings))
    pooled = np.stack([projection.project(t.values)[t.mask].mean(axis=0) for t in tokens])
    return F.normalize(torch.from_numpy(pooled) - fusion.anchor(Modality.TEXT).centre, dim=-1)
