"""The facade over a tiny model and real media files, and the fake that interfaces are tested with beside it."""

from __future__ import annotations

import inspect
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from mmrec_core.errors import QueryError, UnknownItemError, UnknownNameError, UnreadableError
from mmrec_core.explain.modality_shapley import attribute_results
from mmrec_core.feedback.store import FeedbackStore
from mmrec_core.recommend.engine import Engine
from mmrec_core.service import Service
from mmrec_core.types import FUSED, Audio, Example, Modality, Profile, Query, Verdict
from tests.fake_media import draw_picture, make_items, make_sound, png_bytes
from tests.fake_model import FakeCatalogue, FakeIndex, embed_items, make_encoder
from tests.fakes import FakeService


@pytest.fixture
def service(tmp_path):
    items, encoder = make_items(), make_encoder()
    catalogue = FakeCatalogue(items, tmp_path / "catalogue")
    engine = Engine(catalogue, FakeIndex(embed_items(encoder, items)), encoder.bundle.fusion, attribute_results)
    feedback = FeedbackStore(tmp_path / "feedback.sqlite")
    yield Service(catalogue, encoder, engine, feedback, torch.device("cpu"))
    feedback.close()


def public_methods(cls):
    return {
        name: inspect.signature(member)
        for name, member in inspect.getmembers(cls, inspect.isroutine)
        if not name.startswith("_")
    }


def test_the_fake_service_has_the_facade_of_the_real_one():
    real, fake = public_methods(Service), public_methods(FakeService)
    assert set(real) == set(fake)
    for name, signature in real.items():
        shape = [(p.name, p.kind, p.default) for p in signature.parameters.values()]
        assert shape == [(p.name, p.kind, p.default) for p in fake[name].parameters.values()], name


def test_recommend_names_stages_bundle_and_device(service):
    answer = service.recommend(Query(image=draw_picture("q"), text="a bird", audio=make_sound("q")), 3)
    assert [r.rank for r in answer.results] == [1, 2, 3]
    assert list(answer.timings_ms) == [
        "encode image + text + audio", "attend within modalities", "search", "attribute"
    ]  # fmt: skip
    assert (answer.bundle, answer.device) == ("fake@0123456789ab", "cpu")


def test_explain_agrees_with_recommend(service):
    query = Query(text="a bird", audio=make_sound("q"))
    for result in service.recommend(query, 12).results:
        found = service.explain(query, result.item.id)
        assert found.rank == result.rank
        assert found.score == pytest.approx(result.score, abs=1e-6)
        np.testing.assert_allclose(found.query.attribution.values, result.attribution.values, atol=1e-6)


def test_a_text_without_a_known_word_is_told_to_be_one_unless_the_catalogue_has_such_names(service, monkeypatch):
    monkeypatch.setattr(service.encoder, "_open_foreign", lambda: None)
    mash = Query(text="asdkjfh qwpoeiru zxmcnb")
    assert service.text_note(mash).startswith("No word of this text is known")
    assert service.text_note(Query(text="asdkjfh qwpoeiru robin")) is None
    monkeypatch.setattr(service._catalogue, "mentions", lambda words: "zxmcnb" in words)
    assert service.text_note(mash) is None


def test_explain_shows_the_media_of_both_sides(service):
    found = service.explain(Query(item_id="fake/robin", text="a song"), "fake/apple")
    np.testing.assert_array_equal(found.query.image, draw_picture("fake/robin"))
    assert found.query.text == "a song"
    assert found.query.audio.seconds == pytest.approx(1.0, abs=0.01)
    np.testing.assert_array_equal(found.answer.image, draw_picture("fake/apple"))
    assert found.answer.audio is None
    assert found.answer.text == service.item("fake/apple").reading
    assert found.query.concepts[Modality.IMAGE][0].name == "disc"


def test_a_query_of_an_item_never_returns_it(service):
    ids = [r.item.id for r in service.recommend(Query(item_id="fake/robin"), 12).results]
    assert len(ids) == 11
    assert "fake/robin" not in ids


def test_explaining_the_query_item_itself_has_no_rank(service):
    assert service.explain(Query(item_id="fake/robin"), "fake/robin").rank is None


def test_filters_that_nothing_passes_are_said(service):
    answer = service.recommend(Query(text="x"), 3, categories=["flags"])
    assert answer.results == ()
    assert "filters" in answer.notices[0]


def test_filters_are_not_blamed_for_what_the_profile_holds(service):
    category = service.item("fake/robin").category
    alike = tuple(item.id for item in service.items() if item.category == category)
    answer = service.recommend(Query(text="x"), 3, categories=[category], profile=Profile(liked=alike))
    assert answer.results == ()
    assert "in your profile" in answer.notices[-1] and not any("filters" in notice for notice in answer.notices)


@pytest.mark.parametrize("query", [Query(), Query(text="  ")])
def test_an_empty_query_is_refused(service, query):
    with pytest.raises(QueryError):
        service.recommend(query)


def test_unknown_items_are_refused_everywhere(service):
    calls = (
        lambda: service.item("no/such"),
        lambda: service.recommend(Query(item_id="no/such")),
        lambda: service.explain(Query(text="x"), "no/such"),
        lambda: service.like("no/such", session="s", query=Query(text="x")),
        lambda: service.query_of(Example("x", image_of="no/such")),
    )
    for call in calls:
        with pytest.raises(UnknownNameError, match="no/such"):
            call()


def test_an_unknown_item_is_told_with_titles_that_are_near(service):
    with pytest.raises(
        UnknownItemError, match=r"It is not in this catalogue; these may be meant: “Owl” \(fake/owl\)\."
    ):
        service.item("nope/owl")
    with pytest.raises(UnknownItemError, match="It is not in this catalogue; search for it by its title"):
        service.item("nope/none")


def test_likes_are_kept_replaced_and_taken_back(service):
    query = Query(text="a bird")
    service.like("fake/robin", session="s1", query=query, rank=1)
    service.dislike("fake/owl", session="s1", query=query, rank=2)
    service.dislike("fake/robin", session="s1", query=query)
    assert service.verdicts("s1") == {"fake/owl": Verdict.DISLIKE, "fake/robin": Verdict.DISLIKE}
    assert service.undo("fake/robin", session="s1")
    assert service.verdicts("s1") == {"fake/owl": Verdict.DISLIKE}
    assert service.verdicts("s2") == {}


def test_nothing_of_a_query_is_stored_but_its_kind(service, tmp_path):
    query = Query(text="a very private sentence", image=draw_picture("q"))
    service.like("fake/robin", session="s1", query=query, rank=1)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("feedback.sqlite*"))
    assert b"image+text" in stored
    assert b"private" not in stored


def test_every_example_can_be_asked(service):
    for example in service.examples():
        assert service.recommend(service.query_of(example), 3).results


def test_uploads_are_decoded_within_limits(service):
    query = service.read_query(image=png_bytes(draw_picture("q")), text="  a   bird ", audio=None)
    np.testing.assert_array_equal(query.image, draw_picture("q"))
    assert query.text == "a bird"
    with pytest.raises(UnreadableError):
        service.read_query(image=b"this is no picture")
    with pytest.raises(UnreadableError, match="empty"):
        service.read_query(image=b"")
    with pytest.raises(UnreadableError, match="empty"):
        service.read_query(audio=b"")


def test_many_threads_get_the_answers_of_one(service):
    queries = [Query(text=f"query {n}") for n in range(16)]
    alone = [service.recommend(query, 5).results for query in queries]
    barrier = threading.Barrier(8)

    def ask(number):
        if number < 8:
            barrier.wait(10)
        return service.recommend(queries[number], 5).results

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(ask, range(16)))
    for a, b in zip(alone, together, strict=True):
        assert [r.item.id for r in a] == [r.item.id for r in b]


def test_summaries(service):
    assert service.catalogue_summary().items == 12
    assert service.catalogue_summary().by_modality["text"] == 12
    info = service.bundle_info()
    assert info.fusion == "fake"
    assert service.device_info().kind == "cpu"


def test_warming_up_touches_every_path(service, monkeypatch):
    touched = set()

    def counting(name, own):
        def call(*args, **kwargs):
            touched.add(name)
            return own(*args, **kwargs)

        return call

    for modality, encoder in service.encoder.encoders.items():
        monkeypatch.setattr(encoder, "encode", counting(modality, encoder.encode))
    monkeypatch.setattr(service.encoder, "warm_languages", counting("languages", service.encoder.warm_languages))
    monkeypatch.setattr(type(service), "explain", counting("explain", type(service).explain))
    service.warm_up()
    assert touched == {*FUSED, "languages", "explain"}


def test_the_spectrogram_peaks_where_the_tone_is(service):
    time = np.arange(44_100) / 44_100
    tone = Audio(np.sin(2 * np.pi * 3000 * time).astype(np.float32), 44_100)
    drawn = service.spectrogram(tone)
    loudest = int(drawn.decibels.mean(axis=1).argmax())
    assert drawn.hertz[loudest] < 3100 and drawn.hertz[loudest + 1] > 2900
    assert drawn.decibels.max() == pytest.approx(0.0, abs=1e-4)
    assert drawn.decibels.shape == (len(drawn.hertz) - 1, len(drawn.seconds) - 1)
    assert drawn.seconds[-1] == pytest.approx(1.0)


def test_a_long_sound_is_drawn_in_few_columns_and_keeps_its_clicks(service):
    samples = np.zeros(44_100 * 60, np.float32)
    samples[44_100 * 30] = 1.0
    drawn = service.spectrogram(Audio(samples, 44_100))
    assert drawn.decibels.shape[1] <= 900
    loudest = int(drawn.decibels.sum(axis=0).argmax())
    assert drawn.seconds[loudest] <= 30.0 <= drawn.seconds[loudest + 1]


def test_going_deeper_agrees_with_explain(service):
    query = Query(image=draw_picture("q"), text="a b c", audio=make_sound("q"))
    found = service.explain(query, "fake/robin")
    for name, side in (("query", found.query), ("item", found.answer)):
        for player in side.attribution.players:
            one = service.explain_with(query, "fake/robin", "token_shap", name, Modality(player), seed=3)
            assert one.shares.target == pytest.approx(found.score, abs=1e-6)
            assert one.options["seed"] == 3 and one.options["side"] == name
            assert one.values.sum() == pytest.approx(one.shares.target - one.shares.baseline, abs=1e-6)
            assert one.trust.method == "token_shap"
    assert set(service.methods()) >= {"attention", "token_shap", "token_lime"}


def test_all_media_of_a_pair_are_explained_as_each_is_and_encoded_once(service, monkeypatch):
    query = Query(text="a b c", audio=make_sound("q"))
    media = [("query", Modality.TEXT), ("query", Modality.AUDIO), ("item", Modality.IMAGE)]
    single = [service.explain_with(query, "fake/robin", "attention", *medium) for medium in media]
    encoded, encode = [], service.encoder.encode_query
    monkeypatch.setattr(service.encoder, "encode_query", lambda *a, **k: encoded.append(a) or encode(*a, **k))
    together = service.explain_media(query, "fake/robin", "attention", media)
    assert len(encoded) == 1
    for one, other in zip(single, together, strict=True):
        np.testing.assert_array_equal(one.values, other.values)
        assert (one.side, one.modality) == (other.side, other.modality)


def test_a_method_that_does_not_apply_says_so(service):
    query = Query(text="a b c")
    with pytest.raises(QueryError, match="has no audio"):
        service.explain_with(query, "fake/robin", "token_shap", "query", Modality.AUDIO)
    with pytest.raises(UnknownNameError, match="no_such"):
        service.explain_with(query, "fake/robin", "no_such", "query", Modality.TEXT)


def test_methods_without_maps_are_not_judged(service):
    one = service.explain_with(Query(text="a b"), "fake/robin", "modality_shapley", "item", Modality.TEXT)
    assert one.map is None and one.trust is None
    assert set(one.attribution.players) == {"image", "text", "audio"}


def test_counterfactual_contrast_and_matches_through_the_facade(service):
    query = Query(image=draw_picture("q"), text="a b c", audio=make_sound("q"))
    first, second = (r.item.id for r in service.recommend(query, 2).results)
    dropped = service.counterfactual(query, first, k=1)
    assert dropped.succeeded and dropped.after.rank > 1 and dropped.encoded_again is not None
    assert service.counterfactual(query, first, rival=second).rival.id == second
    gap = service.contrast(query, first, second)
    assert gap.attribution.target == pytest.approx(gap.above.score - gap.below.score, abs=1e-6)
    assert service.matches(query, first, best=5).best
    for call in (lambda: service.counterfactual(query, "no/such"), lambda: service.contrast(query, first, "no/such")):
        with pytest.raises(UnknownNameError):
            call()


def test_explain_says_where_the_item_would_rank_without_each_modality(service):
    query = Query(text="a b c", audio=make_sound("q"))
    best = service.recommend(query, 1).results[0].item.id
    found = service.explain(query, best)
    ours = {w.modality: w for w in found.without if w.side == "query"}
    assert set(ours) == {Modality.TEXT, Modality.AUDIO}
    alone = service.explain(Query(text="a b c"), best)
    assert ours[Modality.AUDIO].rank == alone.rank
    assert "it would rank" in found.sentence.lower()


def test_reports_of_the_real_facade(service):
    query = Query(text="a b c", audio=make_sound("q"))
    page = service.report_html(query, "fake/robin", methods=("attention",))
    assert "0123456789abcdef" in page
    assert service.report_pdf(query, "fake/robin", methods=("attention",)).startswith(b"%PDF")
