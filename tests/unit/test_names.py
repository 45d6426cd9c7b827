"""What a sound is named, read by the map of words."""

from __future__ import annotations

import torch

from mmrec_core.fusion.anchor import NamedConcept
from mmrec_core.fusion.model_level import ModelLevelFusion
from mmrec_core.training.names import concept_columns, read_names_as_words
from mmrec_core.types import Modality

DIM, TEXT, NAMES = 8, 4, 5
SPECS = {
    "image": {"dim": 6, "peak_group": 0, "concept_sizes": [6, 3], "text_dim": TEXT},
    "text": {"dim": TEXT, "peak_group": 0, "concept_sizes": [], "text_dim": TEXT},
    "audio": {"dim": 3, "peak_group": 2, "concept_sizes": [], "text_dim": TEXT, "names": NAMES},
}


def columns(fusion: ModelLevelFusion) -> slice:
    anchor = fusion.anchor("audio")
    assert isinstance(anchor.concept, NamedConcept)
    return concept_columns(anchor.concept, anchor)


def fusion() -> ModelLevelFusion:
    torch.manual_seed(0)
    return ModelLevelFusion(SPECS, dim=DIM, hidden=8, queries=2, layers=1, heads=2, dropout=0.0)


def test_a_named_sound_moves_towards_its_name_read_as_words() -> None:
    before, after = fusion(), fusion()
    read_names_as_words(after, 0.5)
    concept = torch.randn(1, TEXT)
    features = torch.zeros(1, after.anchor("audio").feature_dim)
    features[:, columns(after)] = concept
    moved = after.anchor("audio").linear(features) - before.anchor("audio").linear(features)
    torch.testing.assert_close(moved, 0.5 * concept @ before.anchor("text").linear.weight.T)


def test_nothing_else_changes() -> None:
    before, after = fusion(), fusion()
    read_names_as_words(after, 0.5)
    changed = {name for name, weight in after.state_dict().items() if not weight.equal(before.state_dict()[name])}
    assert changed == {f"anchors.{Modality.AUDIO}.linear.weight"}
    kept = torch.ones(after.anchor("audio").feature_dim, dtype=torch.bool)
    kept[columns(after)] = False
    old, new = before.anchor("audio").linear.weight, after.anchor("audio").linear.weight
    assert old[:, kept].equal(new[:, kept])
