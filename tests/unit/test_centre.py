"""What is near to everything falls back, and nothing else of the order changes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmrec_core.errors import OptionError
from mmrec_core.training.centre import centre, common_vector
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.types import FUSED, Modality
from tests.tiny import random_fusion, tiny_data, tiny_fusion


def test_ranking_loses_the_share_of_what_an_item_has_in_common_with_all():
    fusion, data = tiny_fusion(), tiny_data()
    before = FusionScorer(fusion, data, "cpu")
    queries, items = before.embeddings((Modality.TEXT,)), before.embeddings(FUSED)
    expected = queries @ items.T - 0.5 * (items @ common_vector(fusion, data))[None]
    centre(fusion, data, 0.5)
    after = FusionScorer(fusion, data, "cpu")
    found = after.embeddings((Modality.TEXT,)) @ after.embeddings(FUSED).T
    np.testing.assert_allclose(found - found[:, :1], expected - expected[:, :1], atol=1e-5)


def test_centred_twice_is_centred_once():
    fusion, data = tiny_fusion(), tiny_data()
    centre(fusion, data, 0.5)
    once = fusion.centre.clone()
    centre(fusion, data, 0.5)
    torch.testing.assert_close(fusion.centre, once)


def test_a_share_outside_its_limits_is_refused():
    with pytest.raises(OptionError, match="between 0 and 1"):
        centre(tiny_fusion(), tiny_data(), 1.5)


def test_a_fusion_without_a_centre_is_refused():
    with pytest.raises(OptionError, match="decision_level"):
        centre(random_fusion("decision_level"), tiny_data(), 0.5)


def test_a_fusion_saved_before_there_was_a_centre_takes_nothing_off():
    fusion = tiny_fusion()
    state = {name: value for name, value in fusion.state_dict().items() if name != "centre"}
    fusion.centre.fill_(1.0)
    fusion.load_state_dict(state)
    assert not fusion.centre.any()
