"""Faithful fidelity on one medium of a case: every fill on the same parts, what cannot be edited refused, numbers that add up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmrec_core.errors import QueryError
from mmrec_core.explain.fidelity import compare_edited, compare_fills, compare_hidden, input_scorer
from mmrec_core.explain.fills import FILLS
from mmrec_core.explain.medium import scorer_of
from mmrec_core.explain.scorer import SIDES
from mmrec_core.types import Modality
from tests.unit.test_counterfactual import ENCODER, best_of, case_of

MEDIA = (Modality.IMAGE, Modality.TEXT, Modality.AUDIO)


@pytest.fixture(scope="module")
def case():
    return case_of(best_of()[0].item.id)


@pytest.mark.parametrize("modality", MEDIA)
def test_every_fill_shares_the_same_score_among_the_same_parts(case, modality):
    found = compare_fills(case, ENCODER, "query", modality, evaluations=40)
    assert tuple(one.method for one in found.explained) == tuple(FILLS[modality])
    score = case.standing.place(case.vector).score
    for one in found.explained:
        assert one.parts == found.parts
        assert one.shares.target == pytest.approx(score, abs=1e-5)
        assert one.shares.baseline + one.values.sum() == pytest.approx(one.shares.target, abs=1e-6)
        assert one.map.weights.sum() == pytest.approx(one.values.sum(), abs=1e-5)
        assert one.trust is None


def test_disputed_tokens_are_those_of_the_disputed_parts(case):
    found = compare_fills(case, ENCODER, "query", Modality.IMAGE, evaluations=40)
    parts = scorer_of(case.pair, "query", Modality.IMAGE, case.text("query")).parts
    assert found.disputed_tokens == tuple(t for part in found.agreement.disputed for t in parts[part].tokens)


@pytest.mark.parametrize("side", SIDES)
def test_an_edited_comparison_names_its_fill_and_adds_up(case, side):
    fill = FILLS[Modality.TEXT][0]
    found = compare_edited(case, ENCODER, {"token_shap": {"evaluations": 1100}}, side, Modality.TEXT, fill)
    (one,) = found.explained
    assert found.fill == fill
    assert found.side == side
    assert one.shares.target - one.shares.baseline == pytest.approx(one.values.sum(), abs=1e-6)


def test_nothing_hidden_is_the_score_and_everything_hidden_is_not(case):
    scorer = input_scorer(case, ENCODER, "query", Modality.TEXT)("removed")
    whole, none = scorer(np.array([[True], [False]]).repeat(len(scorer.parts), axis=1))
    assert whole == pytest.approx(case.standing.place(case.vector).score, abs=1e-5)
    assert none != pytest.approx(whole, abs=1e-4)


def test_a_fill_of_another_medium_is_refused_with_those_there_are(case):
    with pytest.raises(QueryError, match="'silence'; for image it takes one of blur, mean, inpaint"):
        input_scorer(case, ENCODER, "query", Modality.IMAGE)("silence")


def test_a_medium_that_cannot_be_read_cannot_be_edited(case):
    unread = replace(case, query=replace(case.query, image=None))
    with pytest.raises(QueryError, match="image of the query cannot be read"):
        compare_fills(unread, ENCODER, "query", Modality.IMAGE)


def test_a_method_that_reads_the_inside_of_the_model_cannot_edit(case):
    with pytest.raises(QueryError):
        compare_edited(case, ENCODER, {"rollout": {}}, "query", Modality.IMAGE, "blur")


@pytest.mark.parametrize("fill", [None, "mean"])
def test_superpixels_share_the_score_exactly(case, fill):
    methods = {"token_shap": {"evaluations": 1100}}
    if fill is None:
        found = compare_hidden(case, methods, "query", Modality.IMAGE, superpixels=True)
    else:
        found = compare_edited(case, ENCODER, methods, "query", Modality.IMAGE, fill, superpixels=True)
    (one,) = found.explained
    assert 1 < len(one.parts) <= 10
    assert all(part.startswith("region ") for part in one.parts)
    assert one.shares.standard_errors is None
    assert abs(one.shares.residual) < 1e-6
    assert one.map.weights.sum() == pytest.approx(one.values.sum(), abs=1e-6)


def test_only_pictures_that_can_be_read_have_superpixels(case):
    with pytest.raises(QueryError, match="regions of a picture"):
        compare_hidden(case, {"gradient": {}}, "query", Modality.TEXT, superpixels=True)
    unread = replace(case, query=replace(case.query, image=None))
    with pytest.raises(QueryError, match="no superpixels"):
        compare_hidden(unread, {"gradient": {}}, "query", Modality.IMAGE, superpixels=True)


def test_what_is_left_of_a_text_is_read_in_the_language_of_the_whole(case, monkeypatch):
    spoken, encode = [], ENCODER.encode_media
    monkeypatch.setattr(
        ENCODER, "encode_media", lambda m, media, language=None: spoken.append(language) or encode(m, media)
    )
    german = replace(case, pair=replace(case.pair, query=replace(case.pair.query, language="de")))
    for side in SIDES:
        scorer = input_scorer(german, ENCODER, side, Modality.TEXT)("removed")
        scorer(np.ones((1, len(scorer.parts)), dtype=bool))
    assert spoken == ["de", None]
