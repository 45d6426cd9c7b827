"""Which categories an embedding speaks of: read off by logistic regression once everything else is trained.

Two drawings of birds may lie further apart than a bird and a plane of one colour. What all birds have in common is in the embedding, but
among all else that a score adds up; read off and set beside it (``fusion.categories``), it counts on its own. No weight changes.
"""

from __future__ import annotations

import numpy as np
import torch

from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.fusion.categories import Categories
from mmrec_core.fusion.model_level import ModelLevelFusion
from mmrec_core.training.afterwards import checked
from mmrec_core.training.data import TrainingData
from mmrec_core.training.lines import has
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.types import FUSED

FIRMNESS = 3.0
"""Inverse of the penalty on the squares of the weights; chosen with the share."""
MOST_STEPS = 1000


def read_categories(fusion: AnchoredFusion, data: TrainingData, share: float) -> tuple[str, ...]:
    """Fit and set the fusion's categories, in place, from the training part.

    Each item is read through each of its modalities alone and through all of them, as queries and items are; rare categories count
    as much as common ones.

    Args:
        fusion: a model-level one; the others do not read categories.
        data: the catalogue as this fusion reads it.
        share: how much they count in a score, in [0, 1]; 0 takes them away.

    Returns:
        Names of the categories, in the order in which they are read; none for a share of 0.

    Raises:
        OptionError: for another share, or another fusion.
    """
    model = checked(fusion, share, "categories")
    model.set_categories(None)
    if not share:
        return ()
    categories, read = _fitted(model, data, share)
    model.set_categories(categories)
    return tuple(data.category_names[number] for number in read)


def _fitted(fusion: ModelLevelFusion, data: TrainingData, share: float) -> tuple[Categories, list[int]]:
    """The categories and, in their order, the numbers of those that the training part holds."""
    from sklearn.linear_model import LogisticRegression

    scorer, trained, presence = FusionScorer(fusion, data, "cpu"), data.split.train, data.presence.numpy()
    embeddings, categories = [], []
    for modalities in (*((modality,) for modality in FUSED), FUSED):
        rows = trained[has(presence[trained], modalities, every=len(modalities) == 1)]
        embeddings.append(scorer.embeddings(modalities)[rows])
        categories.append(data.categories.numpy()[rows])
    fit = LogisticRegression(C=FIRMNESS, class_weight="balanced", max_iter=MOST_STEPS)
    fit.fit(np.concatenate(embeddings), np.concatenate(categories))
    found = Categories(len(fit.classes_), fusion.dim, share)
    with torch.no_grad():
        found.linear.weight.copy_(torch.from_numpy(fit.coef_))
        found.linear.bias.copy_(torch.from_numpy(fit.intercept_))
    return found, fit.classes_.tolist()
