"""Categories read off an embedding: what they add to a score, and that nothing else changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from mmrec_core.errors import OptionError
from mmrec_core.fusion.bundle import ModelBundle
from mmrec_core.training.categories import read_categories
from mmrec_core.training.centre import centre
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.types import FUSED, Modality
from tests.tiny import random_fusion, tiny_data, tiny_fusion

SHARE = 0.25


def test_the_score_gains_the_chance_of_the_same_category():
    fusion, data = tiny_fusion(), tiny_data()
    before = FusionScorer(fusion, data, "cpu").embeddings(FUSED)
    read_categories(fusion, data, SHARE)
    after = FusionScorer(fusion, data, "cpu").embeddings(FUSED)
    width = before.shape[1]
    np.testing.assert_allclose(after[:, :width], before, atol=1e-6)
    likely = torch.softmax(fusion.categories.linear(torch.from_numpy(before)), dim=-1).detach().numpy()
    np.testing.assert_allclose(likely.sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(after @ after.T, before @ before.T + SHARE * likely @ likely.T, atol=1e-5)
    assert fusion.dim == after.shape[1] == width + fusion.categories.count


def test_they_are_those_of_the_training_part():
    fusion, data = tiny_fusion(), tiny_data()
    read_categories(fusion, data, SHARE)
    rows = data.split.train
    own = FusionScorer(fusion, data, "cpu").embeddings(FUSED)[rows]
    trained = np.unique(data.categories.numpy()[rows])
    found = trained[own[:, -len(trained) :].argmax(axis=1)]
    assert (found == data.categories.numpy()[rows]).mean() > 0.8


def test_set_twice_they_are_set_once_and_no_share_takes_them_away():
    fusion, data = tiny_fusion(), tiny_data()
    before = FusionScorer(fusion, data, "cpu").embeddings((Modality.TEXT,))
    for _ in range(2):
        read_categories(fusion, data, SHARE)
    assert fusion.dim == before.shape[1] + fusion.categories.count
    read_categories(fusion, data, 0.0)
    after = FusionScorer(fusion, data, "cpu").embeddings((Modality.TEXT,))
    np.testing.assert_array_equal(after, before)
    assert fusion.categories is None and "categories.linear.weight" not in fusion.state_dict()


def test_another_centre_takes_them_away():
    fusion, data = tiny_fusion(), tiny_data()
    read_categories(fusion, data, SHARE)
    centre(fusion, data, 0.5)
    assert fusion.categories is None


def test_a_bundle_keeps_them(tmp_path: Path):
    fusion, data = tiny_fusion(), tiny_data()
    read_categories(fusion, data, SHARE)
    bundle = ModelBundle("tiny", fusion, {}, {}, {}, {})
    bundle.save(tmp_path / "tiny")
    loaded = ModelBundle.load(tmp_path / "tiny").fusion
    assert loaded.dim == fusion.dim and float(loaded.categories.share) == SHARE
    torch.testing.assert_close(
        loaded.categories.linear.weight, fusion.categories.linear.weight.detach(), atol=1e-2, rtol=1e-2
    )


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_a_share_outside_its_limits_is_refused(share):
    with pytest.raises(OptionError, match="between 0 and 1"):
        read_categories(tiny_fusion(), tiny_data(), share)


def test_a_fusion_that_reads_none_is_refused():
    with pytest.raises(OptionError, match="decision_level"):
        read_categories(random_fusion("decision_level"), tiny_data(), SHARE)
