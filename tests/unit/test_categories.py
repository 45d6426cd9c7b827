"""Categories read off an embedding: what they add to a score, and that nothing else changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from mmrec_core.errors import OptionError
from mmrec_core.explain.base import Pair
from mmrec_core.explain.category_part import category_part
from mmrec_core.fusion.bundle import ModelBundle
from mmrec_core.recommend.coalitions import embed_whole
from mmrec_core.recommend.encode import Encoded
from mmrec_core.recommend.profile import History
from mmrec_core.recommend.score import score
from mmrec_core.training.categories import read_categories
from mmrec_core.training.centre import centre
from mmrec_core.training.scorer import FusionScorer
from mmrec_core.types import FUSED, Modality, TextGrid, Tokens
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
    names = read_categories(fusion, data, SHARE)
    rows = data.split.train
    own = FusionScorer(fusion, data, "cpu").embeddings(FUSED)[rows]
    trained = np.unique(data.categories.numpy()[rows])
    assert names == tuple(data.category_names[number] for number in trained)
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


def test_what_they_add_to_a_pair_is_the_difference_to_the_score_without():
    fusion, data = tiny_fusion(), tiny_data()
    names = read_categories(fusion, data, SHARE)
    one, other = (encoded(fusion, data, row) for row in (3, 6))
    history = History(("like:a",), embedded(fusion, encoded(fusion, data, 9))[None], 0.3)
    for pair in (
        Pair(fusion, one, other),
        Pair(fusion, one, other, history),
        Pair(fusion, one.emptied(), other, history.alone()),
    ):
        found = category_part(pair, names)
        width = fusion.dim - len(names)
        query, item = (embedded(fusion, side) for side in (pair.query, pair.item))
        profile = None if pair.profile is None else pair.profile[:width]
        without = score(query[:width], item[:width], profile, pair.weight)
        assert found.value == pytest.approx(
            float(score(query, item, pair.profile, pair.weight)) - float(without), abs=1e-6
        )
        assert found.item.name in names and 0 < found.item.probability <= 1
        assert (found.query is None) == (not pair.query.players)


def test_without_categories_or_their_names_nothing_is_said():
    fusion, data = tiny_fusion(), tiny_data()
    pair = Pair(fusion, encoded(fusion, data, 3), encoded(fusion, data, 6))
    assert category_part(pair, ("a", "b")) is None
    read_categories(fusion, data, SHARE)
    assert category_part(pair, ()) is None


def encoded(fusion, data, row):
    batch = data.batch(torch.tensor([row]), "cpu")
    tokens = {m: Tokens(t.values[0].numpy(), t.mask[0].numpy(), TextGrid(((0, 0),))) for m, t in batch.items()}
    return Encoded(tokens, batch, fusion.summarise(batch))


def embedded(fusion, side):
    return embed_whole(fusion, side.summaries)
