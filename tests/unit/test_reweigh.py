"""Moving the balance between a picture's look and its concepts."""

from __future__ import annotations

import pytest
import torch

from mmrec_core.errors import OptionError
from mmrec_core.fusion.base import FUSIONS
from mmrec_core.fusion.model_level import ModelLevelFusion
from mmrec_core.training.reweigh import reweigh
from mmrec_core.types import Modality


def naming_fusion() -> ModelLevelFusion:
    """Its pictures have a classifier of five classes, its texts none."""
    torch.manual_seed(0)
    specs = {
        "image": {"dim": 12, "peak_group": 0, "concept_sizes": [12, 5], "text_dim": 10},
        "text": {"dim": 10, "peak_group": 0, "concept_sizes": [], "text_dim": 10},
    }
    return FUSIONS.build("model_level", specs, dim=32)


def test_only_the_two_blocks_of_one_anchor_are_scaled():
    fusion = naming_fusion()
    before = {name: value.clone() for name, value in fusion.state_dict().items()}
    width = fusion.anchor(Modality.IMAGE).concept.class_vectors.shape[1]
    reweigh(fusion, Modality.IMAGE, 1.5, 2.0)
    scaled = "anchors.image.linear.weight"
    assert torch.allclose(fusion.state_dict()[scaled][:, :-width], before[scaled][:, :-width] * 1.5)
    assert torch.allclose(fusion.state_dict()[scaled][:, -width:], before[scaled][:, -width:] * 2.0)
    assert all(torch.equal(value, before[name]) for name, value in fusion.state_dict().items() if name != scaled)


@pytest.mark.parametrize("factor", [0.0, -1.0, 11.0])
def test_a_factor_outside_its_limits_is_named(factor):
    with pytest.raises(OptionError, match=f"concept is {factor:g}"):
        reweigh(naming_fusion(), Modality.IMAGE, 1.0, factor)


def test_text_names_nothing():
    with pytest.raises(OptionError, match="text"):
        reweigh(naming_fusion(), Modality.TEXT, 1.0, 1.0)
