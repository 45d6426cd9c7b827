"""An untrained fusion that already scores like the untrained ensemble: frozen concepts, centres, closed-form anchors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmrec_core.encoders.base import Encoder
from mmrec_core.features.projection import Projection
from mmrec_core.fusion.anchor import ClassifierConcept
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.fusion.base import FUSIONS
from mmrec_core.fusion.model_level import ModelLevelFusion
from mmrec_core.training.data import TrainingData
from mmrec_core.training.imagenet_categories import imagenet_categories
from mmrec_core.training.imagined import class_texts, imagine
from mmrec_core.training.linear import LinearData, join, train_anchors
from mmrec_core.training.prepare import Prepared
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.starts import options_of, start_from
from mmrec_core.training.tables import ABSENT
from mmrec_core.types import FUSED, Modality

DRAWS = 4
"""How often each item is drawn for the closed form and the linear stage, every time in another view if it has one."""
WORN = "clothing"
"""Where a photograph shows what is worn it mostly shows who wears it, so these classes are not imagined."""


@dataclass(frozen=True)
class Classifier:
    """What an encoder names: class names, and what each class reads.

    ``weights`` and ``biases`` are those of its classifier, layer by layer (out, in); empty where the tokens hold the
    probabilities already.
    """

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    names: tuple[str, ...]
    readings: tuple[str, ...]

    @property
    def sizes(self) -> list[int]:
        """Widths from the features to the classes; empty without a classifier."""
        return [] if not self.weights else [self.weights[0].shape[1], *(len(w) for w in self.weights)]


def start_fusion(
    prepared: Prepared, encoders: dict[Modality, Encoder], classifiers: dict[Modality, Classifier], recipe: Recipe
) -> AnchoredFusion:
    """Build the fusion for the prepared data, seeded by the recipe."""
    torch.manual_seed(recipe.seed)
    fusion = FUSIONS.build(recipe.fusion, _specs(prepared, encoders, classifiers), **options_of(recipe))
    data, projections = prepared.data, prepared.projections
    train = torch.from_numpy(data.split.trained)
    for modality in data.tables:
        centre = fusion.anchor(modality).centre
        centre.copy_(_pooled(fusion, data, train, modality)[:, : len(centre)].mean(dim=0))
    for modality, classifier in classifiers.items():
        concept = fusion.anchor(modality).concept
        assert concept is not None  # noqa: S101 - ``_specs`` gives one to every modality with a classifier
        if isinstance(concept, ClassifierConcept):
            _set_classifier(concept, classifier, projections[modality])
        vectors = _class_vectors(fusion, encoders[Modality.TEXT], projections[Modality.TEXT], classifier.readings)
        concept.class_vectors.copy_(vectors)
    known = LinearData(_features(fusion, data, train), data.presence[train], data.categories[train], data.twins[train])
    seen = classifiers.get(Modality.IMAGE)
    if recipe.imagined and seen is not None and seen.weights and isinstance(fusion, ModelLevelFusion):
        known = join(known, _imagined(fusion, prepared, encoders[Modality.TEXT], seen, recipe.seed))
    draws = len(next(iter(known.features.values())))
    rows = {m: x.flatten(0, 1) for m, x in known.features.items()}
    start_from(fusion, rows, known.presence.repeat(draws, 1), known.categories.repeat(draws), recipe)
    if isinstance(fusion, ModelLevelFusion) and recipe.linear_epochs:
        train_anchors(fusion, known, recipe)
    return fusion.eval()


def _features(fusion: AnchoredFusion, data: TrainingData, train: Tensor) -> dict[Modality, Tensor]:
    """What the anchors read of every view of the items ``train``: (DRAWS, n, feature_dim), zeros where there is none.

    Views that an item lacks are taken again from the first on. So predictions of one modality from another are fitted on what
    a user's photo or recording looks like, too.
    """
    features = {}
    for modality in data.tables:
        there = data.presence[train, FUSED.index(modality)]
        views = data.views[modality].shape[1]
        rows = torch.zeros(DRAWS, len(train), fusion.anchor(modality).feature_dim)
        for number in range(DRAWS):
            pooled = _pooled(fusion, data, train[there], modality, number % views)
            rows[number, there] = fusion.anchor(modality).features(pooled).detach()
        features[modality] = rows
    return features


def _imagined(
    fusion: AnchoredFusion, prepared: Prepared, texts: Encoder, classifier: Classifier, seed: int
) -> LinearData:
    """Pairs of pictures and words for every class of the picture encoder, from the pictures of the corpus if it has any.

    Pictures of people are not moved: what is left of a face would be taught to mean nothing.
    """
    data = prepared.data
    shown = data.presence[:, FUSED.index(Modality.IMAGE)] & (data.categories != data.category_names.index("people"))
    own = [rows[shown.numpy()[rows]] for rows in (data.split.corpus, data.split.train)]
    photographs = _pooled(fusion, data, torch.from_numpy(own[0] if len(own[0]) else own[1]), Modality.IMAGE)
    project = prepared.projections[Modality.TEXT].project
    called = [_mean_states(texts, project, said) for said in class_texts(classifier.names, classifier.readings)]
    categories = torch.tensor([data.category_names.index(c) if c else ABSENT for c in imagenet_categories()])
    named = [n for n, category in enumerate(imagenet_categories()) if category != WORN]
    first_group = int(data.twins.max()) + 1
    return imagine(fusion, photographs, torch.stack(called), categories, torch.tensor(named), first_group, seed)


def _specs(
    prepared: Prepared, encoders: dict[Modality, Encoder], classifiers: dict[Modality, Classifier]
) -> dict[str, dict]:
    text_dim = prepared.projections[Modality.TEXT].components.shape[0]
    specs = {}
    for modality in prepared.data.tables:
        dim = prepared.projections[modality].components.shape[0]
        sizes = classifiers[modality].sizes if modality in classifiers else []
        specs[str(modality)] = {
            "dim": dim,
            "peak_group": getattr(encoders[modality], "bands", 0),
            "concept_sizes": [dim, *sizes[1:]] if sizes else [],
            "text_dim": text_dim,
            "names": getattr(encoders[modality], "names", 0),
        }
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


def _set_classifier(concept: ClassifierConcept, classifier: Classifier, projection: Projection) -> None:
    """Copy the classifier; its first layer is folded with the projection: ``W x + b`` with ``x = restore(z)``."""
    origin = projection.restore(np.zeros((1, len(projection.components)), np.float32))[0]
    basis = projection.restore(np.eye(len(projection.components), dtype=np.float32)) - origin
    weights = [classifier.weights[0] @ basis.T, *classifier.weights[1:]]
    biases = [classifier.biases[0] + classifier.weights[0] @ origin, *classifier.biases[1:]]
    for layer, weight, bias in zip(concept.layers, weights, biases, strict=True):
        _load(layer, weight, bias)


def _load(layer: nn.Module, weight: np.ndarray, bias: np.ndarray) -> None:
    tensors = {"weight": weight, "bias": bias}
    layer.load_state_dict({k: torch.from_numpy(np.asarray(v, np.float32)) for k, v in tensors.items()})


def _class_vectors(fusion: AnchoredFusion, encoder: Encoder, projection: Projection, readings: Sequence[str]) -> Tensor:
    """Unit text vectors (classes, text_dim), centred like every text."""
    return F.normalize(
        _mean_states(encoder, projection.project, readings) - fusion.anchor(Modality.TEXT).centre, dim=-1
    )


def _mean_states(encoder: Encoder, project: Callable[[np.ndarray], np.ndarray], texts: Sequence[str]) -> Tensor:
    """Mean projected token state of each text: (n, text_dim)."""
    tokens = encoder.encode(list(texts))
    return torch.from_numpy(np.stack([project(t.values)[t.mask].mean(axis=0) for t in tokens]))
