"""Votes among rankings: points by hand, laws of the ranking they give, and shares that leave nothing over."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.errors import QueryError, UnknownNameError
from mmrec_core.explain.modality_shapley import attribute_results
from mmrec_core.explain.shapley import coalitions, shapley_values
from mmrec_core.fusion.votes import RULES, borda, reciprocal_rank, rule_of
from mmrec_core.metrics import ranks
from mmrec_core.recommend.engine import Engine
from mmrec_core.recommend.votes import cast_votes, recommend_by_votes
from mmrec_core.types import Query
from tests.fake_media import draw_picture, make_items, make_sound
from tests.fake_model import FakeCatalogue, FakeIndex, embed_items, make_encoder

ENCODER = make_encoder()
QUERY = ENCODER.encode_query(Query(image=draw_picture("x"), text="a bird", audio=make_sound("x")))


def engine_over(items):
    index = FakeIndex(embed_items(ENCODER, items))
    return Engine(FakeCatalogue(items), index, ENCODER.bundle.fusion, attribute_results)


ENGINE = engine_over(make_items())


def test_ranks_and_points_by_hand():
    found = ranks(np.array([[0.1, 0.9, 0.9, -1.0]], np.float32))
    assert found.tolist() == [[3, 1, 2, 4]]
    np.testing.assert_allclose(reciprocal_rank(found), [[1 / 63, 1 / 61, 1 / 62, 1 / 64]])
    np.testing.assert_allclose(borda(found), [[1 / 3, 1.0, 2 / 3, 0.0]])
    assert borda(np.array([[1]])).tolist() == [[0.0]]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
class TestEveryRule:
    def test_a_modality_alone_ranks_as_its_score(self, rule):
        query = ENCODER.encode_query(Query(text="a bird"))
        voted = [r.item.id for r in recommend_by_votes(ENGINE, query, rule, 12)]
        assert voted == [r.item.id for r in ENGINE.recommend(query, 12)]

    def test_shares_are_the_shapley_values_of_the_points(self, rule):
        rows, points = cast_votes(ENGINE, QUERY, rule, None)
        games = coalitions(len(points)) @ points
        for result in recommend_by_votes(ENGINE, QUERY, rule, 5):
            column = [ENGINE.catalogue.items[row].id for row in rows].index(result.item.id)
            np.testing.assert_allclose(result.attribution.values, shapley_values(games[:, column], len(points)))
            assert result.attribution.residual == pytest.approx(0.0, abs=1e-12)

    def test_the_order_of_the_catalogue_and_the_query_item_do_not_matter(self, rule):
        items, own = make_items(), make_items()[3].id
        shuffled = engine_over([items[n] for n in np.random.default_rng(1).permutation(len(items))])
        here, there = (recommend_by_votes(e, QUERY, rule, 12, own) for e in (ENGINE, shuffled))
        assert [r.item.id for r in here] == [r.item.id for r in there] and own not in {r.item.id for r in here}

    def test_first_everywhere_is_first(self, rule):
        found = rule.points(np.array([[1, 2, 3], [1, 3, 2]])).sum(axis=0)
        assert found.argmax() == 0


def test_a_wrong_rule_and_no_results_are_refused():
    with pytest.raises(UnknownNameError, match="plurality"):
        rule_of("plurality")
    with pytest.raises(QueryError):
        recommend_by_votes(ENGINE, QUERY, rule_of("borda"), 0)
