"""Condensed media are, to a pooled fusion, the media themselves."""

from __future__ import annotations

import pytest
import torch

from mmrec_core.training.condense import condense
from mmrec_core.training.tables import ABSENT
from tests.tiny import random_fusion, tiny_data

ROWS = torch.arange(30)


@pytest.mark.parametrize("name", ["feature_level", "decision_level"])
def test_a_pooled_fusion_cannot_tell_the_difference(name) -> None:
    fusion, data = random_fusion(name), tiny_data(60)
    condensed = condense(data, fusion, 2, 0.7, 0, lambda _: None)
    whole, small = (fusion.fuse(fusion.summarise(d.batch(ROWS, "cpu"))) for d in (data, condensed))
    torch.testing.assert_close(small, whole, atol=5e-3, rtol=0)
    assert len(condensed.tables["text"].values) < len(data.tables["text"].values)


def test_more_draws_are_more_views_and_what_is_absent_stays_absent() -> None:
    fusion, data = random_fusion("feature_level"), tiny_data(60)
    condensed = condense(data, fusion, 2, 0.7, 0, lambda _: None)
    for modality, views in condensed.views.items():
        assert views.shape[1] == 3 * data.views[modality].shape[1]
        assert ((views == ABSENT) == (data.views[modality] == ABSENT).repeat(1, 3)).all()
        there = views[views != ABSENT]
        assert len(there.unique()) == len(there) == len(condensed.tables[modality].offsets) - 1
    generator = torch.Generator().manual_seed(0)
    drawn = condensed.batch(ROWS, "cpu", generator)
    assert not torch.equal(drawn["text"].values, condensed.batch(ROWS, "cpu")["text"].values)
