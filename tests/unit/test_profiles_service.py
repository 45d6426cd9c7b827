"""Profiles through the facade, over a tiny model and a real store: normal, empty, all disliked, items gone, stored, loaded."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmrec_core.errors import MMRecError, QueryError, UnknownNameError
from mmrec_core.explain.modality_shapley import attribute_results
from mmrec_core.feedback.store import FeedbackStore
from mmrec_core.recommend.engine import Engine
from mmrec_core.service import Service
from mmrec_core.types import Modality, Profile, Query, Rerank, Verdict
from tests.fake_media import make_items, make_sound
from tests.fake_model import FakeCatalogue, FakeIndex, embed_items, make_encoder

TEXT = Query(text="a bird")
LIKES = Profile(liked=("fake/robin", "fake/owl"), disliked=("fake/drum",), weight=0.5)


@pytest.fixture
def service(tmp_path):
    items, encoder = make_items(), make_encoder()
    catalogue = FakeCatalogue(items, tmp_path / "catalogue")
    engine = Engine(catalogue, FakeIndex(embed_items(encoder, items)), encoder.bundle.fusion, attribute_results)
    feedback = FeedbackStore(tmp_path / "feedback.sqlite")
    yield Service(catalogue, encoder, engine, feedback, torch.device("cpu"))
    feedback.close()


def ids(answer):
    return [result.item.id for result in answer.results]


def test_a_profile_is_a_player_and_is_not_recommended_back(service):
    answer = service.recommend(TEXT, 12, profile=LIKES)
    assert len(answer.results) == 9
    assert not {*LIKES.liked, *LIKES.disliked} & set(ids(answer))
    assert "not recommended back (3 items)" in answer.notices[0]
    for result in answer.results:
        assert result.attribution.players == ("text", "profile")
        assert result.attribution.target == pytest.approx(result.score, abs=1e-6)
        assert result.attribution.within["profile"].players == (
            "like:fake/robin", "like:fake/owl", "dislike:fake/drum",
        )  # fmt: skip


@pytest.mark.parametrize("query", [TEXT, Query(), Query(item_id="fake/dog")], ids=["text", "alone", "item"])
def test_explain_agrees_with_recommend(service, query):
    for result in service.recommend(query, 12, profile=LIKES).results:
        found = service.explain(query, result.item.id, profile=LIKES)
        assert found.rank == result.rank
        assert found.score == pytest.approx(result.score, abs=1e-6)
        np.testing.assert_allclose(found.query.attribution.values, result.attribution.values, atol=1e-6)
        inside = found.query.attribution.within["profile"]
        np.testing.assert_allclose(inside.values, result.attribution.within["profile"].values, atol=1e-6)
        assert abs(found.pairs.residual) < 1e-6


def test_what_the_profile_holds_has_no_rank(service):
    assert service.explain(TEXT, "fake/robin", profile=LIKES).rank is None


def test_a_profile_alone_ranks_by_its_pull(service):
    answer = service.recommend(Query(), 3, profile=Profile(liked=("fake/robin",)))
    rows, vectors = service.engine.catalogue.rows, service.engine.index.embeddings
    best = max((i for i in rows if i != "fake/robin"), key=lambda i: vectors[rows[i]] @ vectors[rows["fake/robin"]])
    assert ids(answer)[0] == best
    assert answer.results[0].attribution.players == ("profile",)


def test_only_dislikes_push_away(service):
    answer = service.recommend(Query(), 12, profile=Profile(disliked=("fake/robin",)))
    rows, vectors = service.engine.catalogue.rows, service.engine.index.embeddings
    alike = [float(vectors[rows[i]] @ vectors[rows["fake/robin"]]) for i in ids(answer)]
    assert alike == sorted(alike)
    assert "only dislikes" in answer.notices[0]


def test_an_empty_profile_changes_nothing_and_says_so(service):
    answer = service.recommend(TEXT, 5, profile=Profile())
    assert ids(answer) == ids(service.recommend(TEXT, 5))
    assert "empty" in answer.notices[0]
    with pytest.raises(QueryError):
        service.recommend(Query(), profile=Profile())


def test_items_that_are_gone_are_left_out(service):
    profile = Profile(liked=("fake/robin", "old/thing"), weight=0.5)
    answer = service.recommend(TEXT, 5, profile=profile)
    assert "old/thing" in answer.notices[0]
    with pytest.raises(QueryError, match=r"old/thing.*no query either"):
        service.recommend(Query(), profile=Profile(liked=("old/thing",)))
    assert ids(answer) == ids(service.recommend(TEXT, 5, profile=Profile(liked=("fake/robin",), weight=0.5)))


def test_words_of_a_profile_are_encoded_like_a_query(service):
    answer = service.recommend(Query(), 12, profile=Profile(text="a bird"))
    assert ids(answer) == ids(service.recommend(TEXT, 12))
    assert answer.results[0].score == pytest.approx(service.recommend(TEXT, 1).results[0].score, abs=1e-6)


def test_reranking_keeps_scores_and_says_what_moved(service):
    plain = {r.item.id: r for r in service.recommend(TEXT, 12).results}
    answer = service.recommend(TEXT, 6, rerank=Rerank(diversity=0.7))
    assert ids(answer) != list(plain)[:6]
    for result in answer.results:
        assert result.score == pytest.approx(plain[result.item.id].score)
        assert sum(move.places for move in result.moves) == plain[result.item.id].rank - result.rank


def test_novelty_says_what_it_goes_by(service):
    assert "no effect" in service.recommend(TEXT, 3, rerank=Rerank(novelty=0.5)).notices[0]
    by_likes = service.recommend(TEXT, 3, profile=LIKES, rerank=Rerank(novelty=0.5))
    assert "far from what you liked" in by_likes.notices[-1]
    for n in range(50):
        service.like("fake/robin", session=f"s{n}", query=TEXT)
    by_feedback = service.recommend(TEXT, 3, rerank=Rerank(novelty=0.5))
    assert "seldom liked" in by_feedback.notices[-1]


def test_profiles_of_sessions_are_saved_loaded_and_forgotten(service):
    service.like("fake/robin", session="s1", query=TEXT)
    service.dislike("fake/owl", session="s1", query=TEXT)
    mine = service.profiles.of_session("s1", "calm birds", 0.6)
    assert mine == Profile(("fake/robin",), ("fake/owl",), "calm birds", 0.6)
    service.profiles.save(" Anna ", mine)
    assert service.profiles.names() == ["Anna"]
    assert service.profiles.load("Anna", "s2") == mine
    assert service.verdicts("s2") == {"fake/robin": Verdict.LIKE, "fake/owl": Verdict.DISLIKE}
    service.profiles.clear("s2")
    assert service.verdicts("s2") == {}
    assert service.profiles.forget("Anna")
    assert not service.profiles.forget("Anna")
    with pytest.raises(UnknownNameError, match="Anna"):
        service.profiles.load("Anna")


def test_loading_keeps_what_is_gone_and_does_not_count_as_feedback(service):
    service.profiles.save("old", Profile(liked=("old/thing", "fake/robin")))
    service.profiles.load("old", "s1")
    assert service.profiles.of_session("s1").liked == ("old/thing", "fake/robin")
    assert service.profiles._feedback.judgements() == {}


def test_saving_again_replaces(service):
    service.profiles.save("a", LIKES)
    service.profiles.save("a", Profile(text="only words"))
    assert service.profiles.load("a") == Profile(text="only words")


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_names_that_cannot_be_used_are_refused(service, name):
    with pytest.raises(MMRecError, match="1 to 60"):
        service.profiles.save(name, LIKES)


def test_what_explain_ranks_is_what_recommend_ranks_with_the_query_item_left_out(service):
    query = Query(item_id="fake/owl")
    for result in service.recommend(query, 12).results:
        assert service.explain(query, result.item.id).rank == result.rank


@pytest.mark.parametrize("media", [{"text": "a b c d"}, {"text": "a b", "audio": make_sound("q")}], ids=["text", "two"])
def test_a_counterfactual_with_a_profile_is_what_the_ranking_of_the_edited_query_says(service, media):
    query = Query(**media)
    best = service.recommend(query, 1, profile=LIKES).results[0].item.id
    found = service.counterfactual(query, best, k=1, profile=LIKES, modalities=(Modality.TEXT,))
    ranked = service.recommend(query, 12, profile=LIKES)
    assert [p.item.id for p in found.ranking_before] == ids(ranked)
    assert found.before.score == pytest.approx(ranked.results[0].score, abs=1e-6)
    if not found.removed:
        assert not found.succeeded
        return
    edited = service.recommend(Query(text=found.edited.text, audio=query.audio), 12, profile=LIKES)
    assert found.encoded_again == ids(edited).index(best) + 1


def test_going_deeper_counts_the_profile(service):
    query = Query(text="a b c")
    first, second = (result.item.id for result in service.recommend(query, 2, profile=LIKES).results)
    score = service.explain(query, first, profile=LIKES).score
    for method in ("token_shap", "token_lime"):
        for side in ("query", "item"):
            one = service.explain_with(query, first, method, side, Modality.TEXT, profile=LIKES)
            if one.shares is not None and method == "token_shap":
                assert one.shares.target == pytest.approx(score, abs=1e-6)
    gap = service.contrast(query, first, second, evaluations=0, profile=LIKES)
    assert gap.first.target == pytest.approx(score, abs=1e-6)
    assert gap.attribution.players == ("text", "profile")
    together = service.explain_with(query, first, "modality_interactions", "query", Modality.TEXT, profile=LIKES)
    assert together.interactions.players == ("text", "profile")
    assert service.matches(query, first, profile=LIKES).matrices


def test_a_profile_alone_goes_deeper_on_the_items_side_and_says_why_not_on_its_own(service):
    best = service.recommend(Query(), 1, profile=LIKES).results[0]
    one = service.explain_with(Query(), best.item.id, "token_shap", "item", Modality.TEXT, profile=LIKES)
    assert one.shares.target == pytest.approx(best.score, abs=1e-6)
    assert not service.matches(Query(), best.item.id, profile=LIKES).best
    with pytest.raises(QueryError, match="Only a profile was asked about"):
        service.counterfactual(Query(), best.item.id, k=1, profile=LIKES)


@pytest.mark.parametrize("query", [TEXT, Query()], ids=["text", "alone"])
def test_the_report_names_the_share_of_the_profile(service, query):
    found = service.explain(query, "fake/dog", profile=LIKES)
    page = service.report_html(query, "fake/dog", methods=("token_shap",), profile=LIKES)
    share = found.query.attribution.as_dict()["profile"]
    assert f"Your profile adds {share:+.4f} to the score {found.score:.4f}" in page
    assert "you liked Robin" in page and "you disliked Drum" in page
    assert ("Only your profile was asked about" in page) == query.is_empty
    assert service.report_pdf(query, "fake/dog", methods=(), profile=LIKES).startswith(b"%PDF")
    assert "Your profile adds" not in service.report_html(TEXT, "fake/dog", methods=())


def test_words_of_a_session_are_kept_replaced_and_forgotten(service):
    service.profiles.keep_words("s1", " quiet nature ")
    service.profiles.keep_words("s1", "wooden instruments")
    assert service.profiles.words("s1") == "wooden instruments"
    assert service.profiles.words("s2") is None
    service.profiles.clear("s1")
    assert service.profiles.words("s1") is None
    service.profiles.keep_words("s1", "  ")
    assert service.profiles.words("s1") is None
