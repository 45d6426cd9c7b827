"""Sounds fitted again to a finished fusion."""

from __future__ import annotations

import numpy as np
import torch

from mmrec_core.training.scorer import FusionScorer
from mmrec_core.training.sounds import SoundRecipe, refit_sounds
from mmrec_core.types import Modality
from tests.tiny import tiny_data, tiny_fusion


def nearness(fusion, data) -> float:
    """Mean cosine of the training sounds to their items' words."""
    scorer = FusionScorer(fusion, data, "cpu")
    rows = [row for row in data.split.train if Modality.AUDIO in data.items[row].modalities]
    heard, meant = (scorer.embeddings((m,))[rows] for m in (Modality.AUDIO, Modality.TEXT))
    return float(np.mean(np.sum(heard * meant, axis=1)))


def test_sounds_come_nearer_to_their_words_and_nothing_else_moves():
    data, fusion = tiny_data(), tiny_fusion()
    before = {name: value.clone() for name, value in fusion.state_dict().items()}
    near = nearness(fusion, data)
    refit_sounds(fusion, data, SoundRecipe(epochs=40, rate=1e-2, kept=1.0), lambda _: None)
    assert nearness(fusion, data) > near + 0.05
    moved = {name for name, value in fusion.state_dict().items() if not torch.equal(value, before[name])}
    assert moved == {"anchors.audio.linear.weight"}


def test_kept_is_the_share_of_the_change():
    data = tiny_data()
    weights = []
    for kept in (0.0, 0.5, 1.0):
        fusion = tiny_fusion()
        refit_sounds(fusion, data, SoundRecipe(epochs=5, kept=kept), lambda _: None)
        weights.append(fusion.anchor(Modality.AUDIO).linear.weight)
    assert torch.equal(weights[0], tiny_fusion().anchor(Modality.AUDIO).linear.weight)
    assert torch.allclose(weights[1], (weights[0] + weights[2]) / 2, atol=1e-6)
    assert not torch.equal(weights[0], weights[2])
