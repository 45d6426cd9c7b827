"""Photographs that nobody took: features of real ones, moved until the picture encoder's classifier is sure of another class.

A catalogue of drawings teaches little about photographs, and a thousand named ones are not to be had. But the frozen classifier
knows a thousand things by name, and its weights say where in feature space they lie. Starting from a real photograph,
small steps along the gradient of a class's log-probability lead to features that keep what photographs have in common and
show that class. With the class's name as text, they are pairs to align pictures and words by.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor

from mmrec_core.fusion.anchor import ClassifierConcept
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.training.linear import LinearData
from mmrec_core.training.tables import ABSENT
from mmrec_core.types import FUSED, Modality

STEPS = 60
STEP = 0.5
"""Length of a step, in units of a token's standard deviation a dimension (projected tokens have variance one on average)."""
LEAST, MOST = 0.3, 0.95
"""How sure the classifier becomes: drawn evenly between them, as it is of real photographs."""


def imagine(
    fusion: AnchoredFusion, photographs: Tensor, texts: Tensor, categories: Tensor, classes: Tensor, first_group: int,
    seed: int,
) -> LinearData:  # fmt: skip
    """Pictures and texts of classes that the picture encoder names.

    Args:
        fusion: with its centres, classifier and class vectors set.
        photographs: (n, pooled_dim) evenly pooled features of real ones.
        texts: (draws, all classes, pooled_dim) evenly pooled features of what each class is called.
        categories: (all classes,), ABSENT where a class has none.
        classes: numbers of those that are imagined.
        first_group: a number that no group of ``TrainingData.twins`` reaches.
        seed: of the draws.
    """
    image, text = fusion.anchor(Modality.IMAGE), fusion.anchor(Modality.TEXT)
    concept = image.concept
    assert isinstance(concept, ClassifierConcept)  # noqa: S101 - only encoders with a classifier are asked
    generator = torch.Generator().manual_seed(seed)
    texts, categories = texts[:, classes], categories[classes]
    drawn = [_moved(concept, photographs, classes, generator) for _ in texts]
    presence = torch.tensor([m in (Modality.IMAGE, Modality.TEXT) for m in FUSED]).expand(len(classes), -1)
    twins = torch.full((len(classes), 3), ABSENT)
    twins[:, 0] = classes + first_group
    with torch.no_grad():
        features = {
            Modality.IMAGE: torch.stack([image.features(pooled) for pooled in drawn]),
            Modality.TEXT: torch.stack([text.features(pooled) for pooled in texts]),
        }
    return LinearData(features, presence, categories, twins)


@torch.no_grad()
def _moved(concept: ClassifierConcept, photographs: Tensor, classes: Tensor, generator: torch.Generator) -> Tensor:
    """Pooled features (classes, dim) in which the classifier sees each class, from photographs drawn at random."""
    x = photographs[torch.randint(len(photographs), classes.shape, generator=generator)].clone()
    sure = LEAST + (MOST - LEAST) * torch.rand(classes.shape, generator=generator)
    weight = cast(Tensor, concept.layers[0].weight)
    for _ in range(STEPS):
        probabilities = concept.posterior(x, sharpened=False)
        unsure = probabilities.gather(1, classes[:, None])[:, 0] < sure
        gradient = weight[classes] - probabilities @ weight
        x += STEP * torch.nn.functional.normalize(gradient, dim=-1) * unsure[:, None]
    return x


def class_texts(names: Sequence[str], definitions: Sequence[str]) -> list[list[str]]:
    """What people may call each class: bare, as a photograph, with its definition, in a sentence; one list a draw."""
    return [
        [name.capitalize() for name in names],
        [f"a photo of a {name}" for name in names],
        list(definitions),
        [f"This picture shows a {name}." for name in names],
    ]
