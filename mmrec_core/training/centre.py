"""Hubs made less of: every embedding loses part of what all embeddings have in common.

In high dimensions some items are near to everything and turn up in every list. Taking a share of the mean vector off both
sides of an inner product changes the order of items by ``-share <mean, item>`` alone: what is near to everything falls back
(Suzuki et al., "Centering Similarity Measures to Reduce Hubs", EMNLP 2013). No weight changes.
"""

from __future__ import annotations

import torch

from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.fusion.model_level import ModelLevelFusion
from mmrec_core.training.afterwards import checked
from mmrec_core.training.data import TrainingData
from mmrec_core.training.lines import has
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.types import FUSED, Vector


def centre(fusion: AnchoredFusion, data: TrainingData, share: float) -> None:
    """Set the fusion's centre, in place, from the training part. Categories that were read around another centre are taken away.

    Args:
        fusion: a model-level one; the others have no centre.
        data: the catalogue as this fusion reads it.
        share: of the mean that is taken off, in [0, 1]; 0 takes nothing off.

    Raises:
        OptionError: for another share, or another fusion.
    """
    model = checked(fusion, share, "centre")
    model.set_categories(None)
    model.centre.zero_()
    model.centre.copy_(share * torch.from_numpy(common_vector(model, data)))


def common_vector(fusion: ModelLevelFusion, data: TrainingData) -> Vector:
    """Mean over modalities of the mean embedding (dim,) of the training items, each reduced to that modality."""
    scorer, trained, presence = FusionScorer(fusion, data, "cpu"), data.split.train, data.presence.numpy()
    means = [
        scorer.embeddings((modality,))[trained[has(presence[trained], (modality,), every=True)]].mean(axis=0)
        for modality in FUSED
    ]
    mean: Vector = sum(means[1:], start=means[0]) / len(means)
    return mean
