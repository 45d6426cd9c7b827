"""The explainers of first light on a tiny fusion: both sides, their sums, and the maps."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.explain.base import EXPLAINERS, Pair
from mmrec_core.explain.modality_shapley import attribute_results, coalition_table
from mmrec_core.explain.pair import Shown, explain_pair
from mmrec_core.recommend.profile import History
from mmrec_core.recommend.score import score
from mmrec_core.recommend.timing import Stopwatch
from mmrec_core.types import FUSED, Modality, Query
from tests.fake_media import draw_picture, make_items
from tests.fake_model import make_encoder
from tests.planted_attention import with_inside

ENCODER = make_encoder()
ITEM = make_items()[0]


@pytest.fixture(scope="module")
def pair():
    query = ENCODER.encode_query(Query(image=draw_picture("q"), text="a query"))
    return with_inside(Pair(ENCODER.bundle.fusion, query, ENCODER.encode_item(ITEM.id)))


@pytest.mark.parametrize("name", EXPLAINERS.names())
def test_every_explainer_explains_or_says_why_not(name, pair):
    explainer = EXPLAINERS.build(name)
    assert explainer.name == name
    assert explainer.why_incompatible(pair) is None
    assert explainer.explain(pair).method == name


def test_all_sides_explain_the_same_score(pair):
    found = EXPLAINERS.build("modality_shapley").explain(pair)
    fusion = pair.fusion
    target = float(score(fusion.fuse(pair.query.summaries)[0], fusion.fuse(pair.item.summaries)[0]))
    for side in (found.query.attribution, found.item.attribution, found.pairs):
        assert side.target == pytest.approx(target, abs=1e-6)
        assert abs(side.residual) < 1e-9
    assert found.pairs.matrix.shape == (2, 3)
    assert found.pairs.evaluations == 4 * 8


def test_the_query_side_equals_what_the_ranking_shows(pair):
    fusion = pair.fusion
    ranked = attribute_results(fusion, pair.query, fusion.fuse(pair.item.summaries).numpy())[0]
    explained = EXPLAINERS.build("modality_shapley").explain(pair).query.attribution
    np.testing.assert_allclose(ranked.values, explained.values, atol=1e-6)


def test_a_coalition_is_what_is_left_when_the_rest_is_not_brought(pair):
    """Row 1 of the table keeps the first player alone: the same as a query that never had the others."""
    alone = ENCODER.encode_query(Query(image=draw_picture("q")))
    whole_item = pair.fusion.fuse(pair.item.summaries)
    expected = float(score(pair.fusion.fuse(alone.summaries)[0], whole_item[0]))
    assert coalition_table(pair)[1, -1] == pytest.approx(expected, abs=1e-6)


def test_a_profile_is_a_player_beside_the_modalities(pair):
    vector = np.eye(16, dtype=np.float32)[0]
    liked = Pair(pair.fusion, pair.query, pair.item, History(("words",), vector[None], 0.4))
    found = EXPLAINERS.build("modality_shapley").explain(liked)
    plain = EXPLAINERS.build("modality_shapley").explain(pair).query.attribution
    shares = found.query.attribution
    assert shares.players == (*plain.players, "profile")
    np.testing.assert_allclose(shares.values[:-1], 0.6 * plain.values, atol=1e-6)
    assert shares.within["profile"].target == pytest.approx(shares.values[-1], abs=1e-6)
    assert found.pairs.query_players == shares.players
    assert abs(found.pairs.residual) < 1e-6


def test_maps_cover_real_tokens_and_sum_to_one(pair):
    maps = EXPLAINERS.build("attention").explain(pair).query.maps
    assert set(maps) == {Modality.IMAGE, Modality.TEXT}
    for modality, shown in maps.items():
        assert shown.weights.sum() == pytest.approx(1.0)
        assert (shown.weights >= 0).all()
        assert (shown.weights[~pair.query.tokens[modality].mask] == 0).all()
        assert shown.grid == pair.query.tokens[modality].grid


def test_alpha_names_the_slots_of_what_is_missing(pair):
    alpha = EXPLAINERS.build("attention").explain(pair).query.alpha
    assert alpha.slots == ("fused", "image", "text", "no audio")
    np.testing.assert_allclose(alpha.matrix.sum(axis=1), 1.0)
    assert len(alpha.slots) == len(FUSED) + 1


def test_a_pair_explanation_carries_media_rank_and_times(pair):
    watch = Stopwatch()
    with watch.stage("encode"):
        pass
    shown = Shown(draw_picture("q"), "a query", None), Shown(draw_picture(ITEM.id), ITEM.reading, None)
    found = explain_pair(pair, ITEM, 2, shown, "fake@1", watch)
    assert found.sentence.startswith("Ranked 2nd with a score of")
    assert list(found.timings_ms) == ["encode", "modality Shapley", "attention"]
    assert found.answer.text == ITEM.reading
    assert found.query.audio is None
    assert found.score == found.pairs.target
