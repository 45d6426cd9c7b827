"""Ranking: what is returned, what never is, and that the order of the catalogue does not matter."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.errors import QueryError
from mmrec_core.explain.modality_shapley import attribute_results
from mmrec_core.recommend.encode import query_kind
from mmrec_core.recommend.engine import Engine, Filters
from mmrec_core.recommend.profile import History
from mmrec_core.recommend.rerank import Reranker
from mmrec_core.recommend.score import blend, score
from mmrec_core.types import Modality, Query, Rerank
from tests.fake_media import draw_picture, make_items, make_sound
from tests.fake_model import FakeCatalogue, FakeIndex, embed_items, make_encoder

ENCODER = make_encoder()
QUERY = Query(image=draw_picture("x"), text="a bird", audio=make_sound("x"))


def engine_over(items):
    index = FakeIndex(embed_items(ENCODER, items))
    return Engine(FakeCatalogue(items), index, ENCODER.bundle.fusion, attribute_results)


@pytest.fixture(scope="module")
def engine():
    return engine_over(make_items())


@pytest.fixture(scope="module")
def query():
    return ENCODER.encode_query(QUERY)


def unit(*parts):
    vector = np.random.default_rng(parts).normal(size=16).astype(np.float32)
    return vector / np.linalg.norm(vector)


def test_results_are_the_best_by_the_score(engine, query):
    results = engine.recommend(query, 5)
    all_scores = score(engine.embed(query), engine.index.embeddings)
    assert [r.score for r in results] == pytest.approx(sorted(all_scores, reverse=True)[:5])
    assert [r.rank for r in results] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("seed", range(5))
def test_permuting_the_catalogue_changes_nothing(engine, query, seed):
    items = make_items()
    shuffled = [items[i] for i in np.random.default_rng(seed).permutation(len(items))]
    before, after = engine.recommend(query, 12), engine_over(shuffled).recommend(query, 12)
    assert [r.item.id for r in before] == [r.item.id for r in after]
    np.testing.assert_allclose([r.attribution.values for r in before], [r.attribution.values for r in after], atol=1e-6)


def test_equal_scores_are_ordered_by_id(query):
    items = make_items()[::-1]
    engine = engine_over(items)
    engine.index.embeddings[:] = engine.index.embeddings[0]
    ids = [r.item.id for r in engine.recommend(query, len(items))]
    assert ids == sorted(ids)


def test_the_query_item_is_never_returned(engine):
    for item in engine.catalogue.items:
        results = engine.recommend(ENCODER.encode_query(Query(item_id=item.id)), 12, exclude=item.id)
        assert item.id not in {r.item.id for r in results}
        assert len(results) == 11


def test_without_exclusion_an_item_finds_itself_first(engine):
    results = engine.recommend(ENCODER.encode_query(Query(item_id="fake/robin")), 1)
    assert results[0].item.id == "fake/robin"
    assert results[0].score == pytest.approx(1.0, abs=1e-5)


def test_filters_narrow_without_changing_the_order(engine, query):
    everything = [r.item for r in engine.recommend(query, 12)]
    filters = Filters.of(categories=["birds", "food", "instruments"], sources=["fake-a"])
    results = engine.recommend(query, 12, filters=filters)
    assert [r.item for r in results] == [i for i in everything if filters.allow(i)]
    assert 0 < len(results) < len(everything)


def test_filters_that_nothing_passes_give_nothing(engine, query):
    assert engine.recommend(query, 3, filters=Filters.of(categories=["flags"])) == ()


def test_more_than_there_are(engine, query):
    assert len(engine.recommend(query, 500)) == 12


@pytest.mark.parametrize("k", [0, -3])
def test_refuses_to_return_nothing(engine, query, k):
    with pytest.raises(QueryError, match=str(k)):
        engine.recommend(query, k)


def test_attributions_sum_to_the_score(engine, query):
    for result in engine.recommend(query, 12):
        assert result.attribution.players == ("image", "text", "audio")
        assert result.attribution.target == pytest.approx(result.score, abs=1e-6)
        assert abs(result.attribution.residual) < 1e-9


def test_a_profile_moves_the_ranking_by_its_weight(engine, query):
    target = 4
    wholly = History(("words",), engine.index.embeddings[[target]], 1.0)
    assert engine.recommend(query, 1, history=wholly)[0].item is engine.catalogue.items[target]
    unmoved = engine.recommend(query, 12, history=History(("words",), unit(1)[None], 0.0))
    assert [r.item.id for r in unmoved] == [r.item.id for r in engine.recommend(query, 12)]


def test_the_score_is_linear_in_the_profile():
    q, p, items = unit(1), unit(2), np.stack([unit(3), unit(4)])
    expected = 0.7 * score(q, items) + 0.3 * score(p, items)
    np.testing.assert_allclose(score(q, items, p, 0.3), expected, atol=1e-6)
    np.testing.assert_allclose(score(q[None], items, p, 0.3)[0], expected, atol=1e-6)


def test_a_weight_outside_its_range_is_refused():
    with pytest.raises(ValueError, match=r"1\.5"):
        blend(unit(1), unit(2), 1.5)


def test_an_empty_query_is_refused():
    with pytest.raises(QueryError, match="empty"):
        ENCODER.encode_query(Query(text="   "))


def test_an_item_fills_only_what_was_not_brought():
    filled = ENCODER.encode_query(Query(text="a bird", item_id="fake/robin"))
    own, item = ENCODER.encode_query(Query(text="a bird")), ENCODER.encode_item("fake/robin")
    assert filled.players == item.players
    np.testing.assert_array_equal(filled.tokens[Modality.TEXT].values, own.tokens[Modality.TEXT].values)
    np.testing.assert_array_equal(filled.tokens[Modality.IMAGE].values, item.tokens[Modality.IMAGE].values)


def test_query_kind_names_what_was_brought():
    assert query_kind(QUERY) == "image+text+audio"
    assert query_kind(Query(item_id="x", text="y")) == "item+text"


@pytest.mark.parametrize("seed", range(3))
def test_permuting_the_catalogue_changes_nothing_with_a_profile_and_rearranged(query, seed):
    items = make_items()
    shuffled = [items[i] for i in np.random.default_rng(seed).permutation(len(items))]

    def answer(order):
        engine = engine_over(order)
        row = [item.id for item in order].index("fake/owl")
        history = History(("like:fake/owl",), engine.index.embeddings[[row]], 0.4, frozenset({"fake/owl"}))
        return engine.recommend(query, 5, history=history, rerank=Reranker(Rerank(0.5, 0.0, True)))

    before, after = answer(items), answer(shuffled)
    assert [(r.item.id, r.moves) for r in before] == [(r.item.id, r.moves) for r in after]
    assert "fake/owl" not in {r.item.id for r in before}


def test_rearranging_by_nothing_is_the_ranking_itself(engine, query):
    assert [r.item.id for r in engine.recommend(query, 7, rerank=Reranker(Rerank()))] == [
        r.item.id for r in engine.recommend(query, 7)
    ]
