"""Counterfactuals: every claim is checked by scoring the whole catalogue again, here with the engine itself."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from mmrec_core.errors import QueryError, UnknownNameError
from mmrec_core.explain.base import Pair
from mmrec_core.explain.case import Case, again_with, embed
from mmrec_core.explain.counterfactual import drop_out, overtaken, without_modalities
from mmrec_core.explain.modality_shapley import attribute_results
from mmrec_core.explain.pair import Shown
from mmrec_core.explain.phrases import counterfactual_words
from mmrec_core.explain.query_mask import QueryMask
from mmrec_core.explain.removal import smallest_removal
from mmrec_core.explain.standing import Standing
from mmrec_core.recommend.engine import Engine
from mmrec_core.types import FUSED, Modality, Query, Tokens
from tests.fake_media import draw_picture, make_items, make_sound
from tests.fake_model import FakeCatalogue, FakeIndex, embed_items, make_encoder

ITEMS = make_items()
ENCODER = make_encoder()
ENGINE = Engine(
    FakeCatalogue(ITEMS), FakeIndex(embed_items(ENCODER, ITEMS)), ENCODER.bundle.fusion, attribute_results
)  # fmt: skip
QUERY = Query(image=draw_picture("q"), text="a b c", audio=make_sound("q"))


def case_of(item_id, query=QUERY, exclude=None, history=None):
    pair = Pair(ENCODER.bundle.fusion, ENCODER.encode_query(query), ENCODER.encode_item(item_id), history)
    shown = Shown(query.image, query.text, query.audio)
    return Case(pair, Standing.of(ENGINE, item_id, exclude, history), shown, shown, again_with(ENCODER))


def embed_of(encoded):
    """The embedding of one side."""
    return embed(ENCODER.bundle.fusion, encoded)


def best_of(query=QUERY):
    return ENGINE.recommend(ENCODER.encode_query(query), 12)


def rank_without(query, removed, item_id):
    """The rank that the engine itself gives when the removed tokens are masked."""
    encoded = ENCODER.encode_query(query)
    tokens = {}
    for modality, own in encoded.tokens.items():
        gone = [t for part in removed if part.modality == modality for t in part.tokens]
        mask = own.mask.copy()
        mask[gone] = False
        placed = mask & [modality is not Modality.TEXT or s != e for s, e in spans_of(own)]
        if placed.any():
            tokens[modality] = Tokens(own.values, mask, own.grid)
    from mmrec_core.recommend.timing import Stopwatch

    vector = ENGINE.embed(ENCODER.encode_tokens(tokens, Stopwatch()))
    return rank_in(ENGINE, vector, ENGINE.catalogue.rows[item_id])


def rank_in(engine, vector, row):
    """The rank of the item in ``row`` in the whole ranking, counted from 1."""
    return engine.rank(vector, len(ITEMS))[0].tolist().index(row) + 1


def spans_of(tokens):
    return getattr(tokens.grid, "spans", ((0, 1),) * len(tokens.mask))


@pytest.mark.parametrize("k", [1, 3])
def test_what_is_removed_drops_the_item_and_no_part_can_be_put_back(k):
    item = best_of()[0].item
    found = drop_out(case_of(item.id), k)
    assert found.succeeded
    assert found.before.rank == 1
    assert rank_without(QUERY, found.removed, item.id) == found.after.rank > k
    for part in found.removed:
        fewer = [p for p in found.removed if p is not part]
        if fewer:
            assert rank_without(QUERY, fewer, item.id) <= k


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_smallest_removal_is_the_one_that_enumeration_finds(place):
    item = best_of()[place].item
    case = case_of(item.id)
    found = drop_out(case, 3)
    parts = QueryMask(case.pair, text=QUERY.text).parts
    sizes = [
        size
        for size in range(1, len(parts))
        for removed in combinations(parts, size)
        if rank_without(QUERY, removed, item.id) > found.k
    ]
    assert found.succeeded == bool(sizes)
    if sizes:
        assert len(found.removed) == min(sizes)
        assert found.smallest


def test_both_rankings_are_those_of_the_engine():
    item = best_of()[0].item
    found = drop_out(case_of(item.id), 1)
    before = best_of()[:10]
    assert [(p.rank, p.item.id) for p in found.ranking_before] == [(r.rank, r.item.id) for r in before]
    np.testing.assert_allclose([p.score for p in found.ranking_before], [r.score for r in before], atol=1e-6)
    assert found.ranking_after[found.after.rank - 1].item == item
    assert found.evaluations > 0


def test_only_the_chosen_modality_is_edited():
    found = drop_out(case_of(best_of()[0].item.id), 1, [Modality.AUDIO])
    assert {part.modality for part in found.removed} <= {Modality.AUDIO}
    assert found.edited.image is None and found.edited.text is None
    assert found.parts == 2


def test_failure_is_said_and_shows_what_came_nearest():
    item = best_of()[0].item
    found = drop_out(case_of(item.id), 11)
    assert not found.succeeded
    assert found.sentence.startswith("No removal of up to")
    assert found.after.rank <= 11


def test_the_query_is_never_emptied():
    query = Query(audio=make_sound("q"))
    for result in best_of(query)[:3]:
        found = drop_out(case_of(result.item.id, query), 1)
        assert len(found.removed) < found.parts


def test_the_edited_media_are_encoded_again():
    item = best_of()[0].item
    found = drop_out(case_of(item.id), 1)
    edited = found.edited
    again = replace(
        QUERY,
        **{m: getattr(edited, m) for m in ("image", "text", "audio") if any(p.modality == m for p in found.removed)},
    )
    assert found.encoded_again == rank_in(
        ENGINE, ENGINE.embed(ENCODER.encode_query(again)), ENGINE.catalogue.rows[item.id]
    )


def test_an_item_below_k_is_asked_about_its_own_rank():
    found = drop_out(case_of(best_of()[4].item.id), 3)
    assert found.k == 5


@pytest.mark.parametrize("place", [1, 4])
def test_a_rival_overtakes(place):
    above, below = best_of()[0].item, best_of()[place].item
    found = overtaken(case_of(above.id), below.id)
    assert found.rival == below
    if found.succeeded:
        ours, theirs = (rank_without(QUERY, found.removed, i.id) for i in (above, below))
        assert theirs < ours
        assert below.title in found.sentence
        changed = {part.modality for part in found.removed}
        edited = replace(QUERY, **{str(m): getattr(found.edited, m) for m in changed})
        again = ENGINE.embed(ENCODER.encode_query(edited))
        ours, theirs = (rank_in(ENGINE, again, ENGINE.catalogue.rows[item.id]) for item in (above, below))
        assert found.encoded_again == ours and found.confirmed == (theirs < ours)
        assert ("which confirms it" in found.sentence) == found.confirmed


def test_a_rival_that_stays_behind_once_encoded_again_is_said_to():
    found = overtaken(case_of(best_of()[0].item.id), best_of()[1].item.id)
    said = counterfactual_words(replace(found, confirmed=False))
    assert f"still ahead of “{found.rival.title}”" in said and "confirms" not in said


def test_questions_without_an_answer_are_refused():
    best = best_of()
    with pytest.raises(QueryError, match="never ranked"):
        drop_out(case_of("fake/robin", Query(item_id="fake/robin"), "fake/robin"))
    with pytest.raises(QueryError, match="ahead already"):
        overtaken(case_of(best[1].item.id), best[0].item.id)
    with pytest.raises(QueryError, match="Choose another"):
        overtaken(case_of(best[1].item.id), best[1].item.id)
    with pytest.raises(UnknownNameError, match="fake/gone"):
        overtaken(case_of(best[1].item.id), "fake/gone")
    with pytest.raises(QueryError, match="first 12 of 12"):
        drop_out(case_of(best[11].item.id))
    with pytest.raises(QueryError, match="holds text"):
        drop_out(case_of(best[0].item.id, Query(text="a b c")), 1, [Modality.IMAGE])


def test_without_a_modality_is_the_rank_of_a_query_that_never_had_it():
    item = best_of()[0].item
    found = {w.modality: w for w in without_modalities(case_of(item.id)) if w.side == "query"}
    assert set(found) == set(FUSED)
    silent = ENCODER.encode_query(replace(QUERY, audio=None))
    expected = rank_in(ENGINE, ENGINE.embed(silent), ENGINE.catalogue.rows[item.id])
    assert found[Modality.AUDIO].rank == expected


def test_without_a_modality_of_the_item_its_own_embedding_changes():
    item = best_of()[0].item
    case = case_of(item.id)
    found = next(w for w in without_modalities(case) if w.side == "item")
    tokens = {m: t for m, t in case.pair.item.tokens.items() if m != found.modality}
    from mmrec_core.recommend.timing import Stopwatch

    changed = ENCODER.encode_tokens(tokens, Stopwatch())
    embeddings = ENGINE.index.embeddings.copy()
    embeddings[case.standing.row] = ENGINE.embed(changed)
    engine = Engine(ENGINE.catalogue, FakeIndex(embeddings), ENGINE.fusion, attribute_results)
    assert found.rank == rank_in(engine, ENGINE.embed(case.pair.query), case.standing.row)


def test_a_lone_modality_has_no_alternative():
    found = without_modalities(case_of(best_of()[0].item.id, Query(text="a b c")))
    assert {w.side for w in found} == {"item"}


class TestSearch:
    """The search by itself, on games whose answer is known."""

    def test_one_part_that_decides(self):
        found = smallest_removal(lambda keep: keep[:, 4] - 0.5, 9, 3)
        assert (found.parts, found.succeeded, found.smallest) == ((4,), True, True)
        assert found.evaluations == 9

    def test_greedy_is_corrected_by_the_proof(self):
        """Part 0 looks best alone, but only 1 and 2 together do it."""

        def lead(keep):
            gone = ~keep
            pair = (gone[:, 1] & gone[:, 2]) * 10.0
            return 3.0 - gone[:, 0] * 1.0 - pair - gone.sum(1) * 0.01

        found = smallest_removal(lead, 6, 6)
        assert found.parts == (1, 2)
        assert found.smallest

    def test_unneeded_parts_are_put_back(self):
        found = smallest_removal(lambda keep: 1.5 - 0.9 * ~keep[:, 0] - 0.8 * (~keep[:, 1:3]).sum(1), 3, 3)
        assert len(found.parts) == 2

    def test_nothing_does_it(self):
        found = smallest_removal(lambda keep: np.ones(len(keep)), 5, 2)
        assert not found.succeeded

    def test_forbidden_sets_are_not_entered(self):
        found = smallest_removal(lambda keep: np.where(keep.any(1), 1.0, np.inf), 3, 3)
        assert not found.succeeded
        assert len(found.parts) < 3
