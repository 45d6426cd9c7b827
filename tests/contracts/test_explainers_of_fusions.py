"""Every explainer on every fusion: an explanation whose exact shares sum to the score, or a sentence that says why not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from mmrec_core.errors import QueryError
from mmrec_core.explain.base import EXPLAINERS, Pair, SideFindings
from mmrec_core.explain.medium import compare
from mmrec_core.fusion.base import FUSIONS
from mmrec_core.recommend.profile import History
from mmrec_core.recommend.score import score
from tests.contracts.test_explainers import attributions, side
from tests.planted_attention import with_inside
from tests.tiny import random_fusion

PLAIN = ("attention", "rollout")
"""They show attention, which only some fusions have."""


@cache
def pair_of(fusion: str) -> Pair:
    model = random_fusion(fusion)
    return with_inside(Pair(model, side(model, 1), side(model, 2)))


@pytest.mark.parametrize("fusion", FUSIONS.names())
@pytest.mark.parametrize("name", EXPLAINERS.names())
def test_explains_or_says_why_not(name, fusion):
    pair, explainer = pair_of(fusion), EXPLAINERS.build(name)
    reason = explainer.why_incompatible(pair)
    if reason is not None:
        assert reason.endswith(".")
        assert fusion != "model_level" and name in PLAIN
        return
    found = explainer.explain(pair)
    assert found.query != SideFindings() or found.item != SideFindings() or found.pairs is not None
    with torch.no_grad():
        ends = (pair.fusion.fuse(s.summaries)[0].numpy() for s in (pair.query, pair.item))
        expected = float(score(*ends))
    for attribution, fitted in attributions(found):
        assert attribution.target == pytest.approx(expected, abs=1e-5)
        assert fitted or abs(attribution.residual) < 1e-6


@pytest.mark.parametrize("fusion", FUSIONS.names())
@pytest.mark.parametrize("name", EXPLAINERS.names())
def test_an_item_is_explained_where_a_profile_alone_asks(name, fusion):
    whole = pair_of(fusion)
    liked = History(("like:a",), side_vector(whole.fusion, whole.item)[None], 1.0)
    pair = replace(whole, query=whole.query.emptied(), history=liked)
    for modality in pair.item.players:
        try:
            found = compare(pair, "item", modality, {name: {}})
        except QueryError as reason:
            assert str(reason).endswith(".")
            continue
        assert all(np.isfinite(explained.values).all() for explained in found.explained)


def side_vector(fusion, one) -> np.ndarray:
    with torch.no_grad():
        return fusion.fuse(one.summaries)[0].numpy()
