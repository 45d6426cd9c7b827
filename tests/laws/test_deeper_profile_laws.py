"""Laws of the score's parts with a profile: token shares still add up, hidden parts are scored as the ranking would."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmrec_core.explain.base import Pair
from mmrec_core.explain.contrast import ContrastScorer, contrast, shares
from mmrec_core.explain.modality_shapley import attribute_results
from mmrec_core.explain.scorer import SIDES, TokenScorer
from mmrec_core.explain.token_shap import PERMUTATION, TokenShap
from mmrec_core.recommend.profile import History
from mmrec_core.recommend.score import score
from mmrec_core.types import Modality, Query
from tests.unit.test_counterfactual import ENCODER, ENGINE, QUERY, case_of, embed_of

LIKED = ("fake/robin", "fake/owl", "fake/drum")


def history(weight=0.4):
    rows = [ENGINE.catalogue.rows[item_id] for item_id in LIKED]
    players = ("like:fake/robin", "like:fake/owl", "dislike:fake/drum")
    return History(players, ENGINE.index.embeddings[rows], weight, frozenset(LIKED))


def case_with(query, item_id="fake/dog"):
    return case_of(item_id, query, history=history())


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("modality", [Modality.IMAGE, Modality.TEXT, Modality.AUDIO])
def test_token_shares_add_up_to_the_score_with_a_profile(side, modality):
    case = case_with(QUERY)
    found = TokenShap(side, PERMUTATION, 400, 0).share(TokenScorer(case.pair, side, modality))
    assert found.baseline + found.values.sum() == pytest.approx(found.target, abs=1e-6)
    assert found.target == pytest.approx(case.standing.place(case.vector).score, abs=1e-6)
    plain = TokenScorer(replace(case.pair, history=None), side, modality)
    assert found.target != pytest.approx(plain(np.ones((1, len(plain.parts)), dtype=bool))[0], abs=1e-4)


@pytest.mark.parametrize("query", [Query(text="a b c"), QUERY], ids=["text alone", "three media"])
def test_hiding_every_part_is_the_score_without_the_medium_by_modality_shapley(query):
    case = case_with(query)
    scorer = TokenScorer(case.pair, "query", Modality.TEXT)
    hidden = scorer(np.zeros((1, len(scorer.parts)), dtype=bool))[0]
    rest = replace_text(case.pair)
    vector = embed_of(rest.query)
    leaning = history().toward(vector, bool(rest.query.players))
    item = embed_of(case.pair.item)
    assert hidden == pytest.approx(float(score(vector, item, leaning.vector, leaning.weight)), abs=1e-5)


def replace_text(pair: Pair) -> Pair:
    """The same pair without the query's text."""
    from mmrec_core.recommend.timing import Stopwatch

    tokens = {m: own for m, own in pair.query.tokens.items() if m is not Modality.TEXT}
    rest = ENCODER.encode_tokens(tokens, Stopwatch()) if tokens else pair.query.emptied()
    return replace(pair, query=rest)


def test_a_contrast_shares_what_the_ranking_shares_the_profile_included():
    case, rival = case_with(QUERY), ENGINE.catalogue.rows["fake/apple"]
    first, second, difference = shares(case, rival)
    items = ENGINE.index.embeddings[[case.standing.row, rival]]
    ranked = attribute_results(case.pair.fusion, case.pair.query, items, history())
    assert difference.players == ("image", "text", "audio", "profile")
    for own, known in zip((first, second), ranked, strict=True):
        np.testing.assert_allclose(own.values, known.values, atol=1e-6)
    found = contrast(case, "fake/apple", evaluations=200)
    assert difference.target == pytest.approx(found.above.score - found.below.score, abs=1e-6)
    assert "your profile" in found.sentence


def test_what_was_liked_shares_the_profiles_part_of_the_difference():
    case, rival = case_with(QUERY), ENGINE.catalogue.rows["fake/apple"]
    first, second, difference = shares(case, rival)
    inside = difference.within["profile"]
    assert inside.players == history().players
    assert inside.target == pytest.approx(difference.values[difference.players.index("profile")], abs=1e-6)
    assert inside.values.sum() == pytest.approx(inside.target, abs=1e-9)
    gap = first.within["profile"].values - second.within["profile"].values
    np.testing.assert_allclose(inside.values, gap, atol=1e-6)
    assert np.abs(inside.values).max() > 1e-3


def test_an_entry_alike_to_both_items_adds_nothing_to_their_difference():
    case, twin = case_with(QUERY), ENGINE.catalogue.rows["fake/dog"]
    _, _, difference = shares(case, twin)
    np.testing.assert_allclose(difference.within["profile"].values, 0.0, atol=1e-9)


def test_a_contrast_of_parts_is_the_difference_of_two_scorers():
    case, other = case_with(Query(text="a b c")), case_with(Query(text="a b c"), "fake/apple")
    contrasted = ContrastScorer(case, other.standing.row, Modality.TEXT)
    keep = np.vstack([np.eye(len(contrasted.parts), dtype=bool), np.zeros((1, len(contrasted.parts)), dtype=bool)])
    two = [TokenScorer(one.pair, "query", Modality.TEXT, contrasted.parts)(keep) for one in (case, other)]
    np.testing.assert_allclose(contrasted(keep), two[0] - two[1], atol=1e-5)
