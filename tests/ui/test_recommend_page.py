"""The Recommend page, empty, in use and on a failing service; on a stand-in for the facade."""

from __future__ import annotations

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from mmrec_core.errors import MMRecError
from pages._ui.state import Key
from tests.fake_media import draw_picture, make_sound, png_bytes, wav_bytes
from tests.fakes import FakeService
from tests.ui.pages import HOME, example, markup, serve, start, tiles


def test_recommend_is_empty_at_first(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    assert not app.exception
    assert "Bring a picture, a text or a sound" in markup(app)
    assert tiles(app) == 0
    assert "12 items" in markup(app)
    assert "Fake processor" in markup(app)


def test_a_text_gives_tiles_without_pressing_anything(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.text_area[0].input("a bird at dawn").run()
    assert not app.exception
    assert tiles(app) == 10
    assert "Exact Shapley value of the query&#x27;s text" in markup(app)
    assert app.query_params == {"text": "a bird at dawn"}


def test_picture_and_sound_are_read_from_uploads_and_can_be_cleared(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.file_uploader[0].upload("disc.png", png_bytes(draw_picture("disc")), "image/png").run()
    app.file_uploader[0].upload("tone.wav", wav_bytes(make_sound("tone")), "audio/wav").run()
    assert not app.exception
    assert "Exact Shapley value of the query&#x27;s image" in markup(app)
    assert "Exact Shapley value of the query&#x27;s sound" in markup(app)
    app.button(key="mm-clear-image").click().run()
    assert "Exact Shapley value of the query&#x27;s image" not in markup(app)
    assert tiles(app) == 10
    app.button(key="mm-clear-audio").click().run()
    assert tiles(app) == 0
    assert "Bring a picture" in markup(app)


def test_an_unreadable_upload_is_refused_in_its_panel(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.file_uploader[0].upload("disc.png", b"no picture", "image/png").run()
    assert not app.exception
    assert "not a picture" in app.error[0].value


def test_clear_all_takes_limits_away_too(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.text_area[0].input("a bird at dawn").run()
    app.multiselect(key="mm_sources").set_value(["fake"]).run()
    assert any("1 set" in panel.label for panel in app.expander)
    next(button for button in app.button if button.label == "Clear all").click().run()
    assert app.multiselect(key="mm_sources").value == [] and "sources" not in app.query_params
    assert app.text_area[0].value == ""


def test_a_text_beyond_the_limit_says_so(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.text_area[0].input("bird " * 5000).run()
    assert not app.exception
    assert "20,000" in app.error[0].value


def test_examples_fill_the_composer(monkeypatch):
    serve(monkeypatch, FakeService())
    app = example(start(HOME), "All three")
    assert not app.exception
    assert app.text_area[0].value == "bright strings"
    assert app.session_state[Key.IMAGE].item_id == "fake/violin"
    assert app.session_state[Key.AUDIO].item_id == "fake/drum"
    assert tiles(app) == 10


def test_a_catalogue_item_can_be_pasted_as_picture(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.button_group(key="mm-way-image").set_value("Catalogue").run()
    box = next(box for box in app.selectbox if box.label == "Search 11 items with a picture")
    assert not any("Thunder" in option for option in box.options)
    box.select("fake/apple").run()
    assert not app.exception
    assert app.session_state[Key.IMAGE].item_id == "fake/apple"
    assert tiles(app) == 10


def test_count_and_categories_limit_the_tiles(monkeypatch):
    serve(monkeypatch, FakeService())
    app = example(start(HOME), "A bird singing in the forest")
    app.slider[0].set_value(4).run()
    assert tiles(app) == 4
    app.multiselect[0].select("birds").run()
    assert tiles(app) == 2


def test_the_address_holds_what_results_are_limited_to(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME, text="a bird", categories="animals")
    assert not app.exception
    shown = tiles(app)
    assert 0 < shown < 10
    assert app.query_params["categories"] == "animals"
    app.multiselect(key=Key.CATEGORIES).set_value([]).run()
    assert tiles(app) > shown and "categories" not in app.query_params


@pytest.mark.parametrize("limit", ["categories", "sources"])
def test_a_limit_that_nothing_has_is_left_out(monkeypatch, limit):
    serve(monkeypatch, FakeService())
    app = start(HOME, text="a bird", **{limit: "nonsense"})
    assert not app.exception
    assert tiles(app) == 10


def test_an_unchanged_query_is_not_asked_twice(monkeypatch):
    service = FakeService()
    asked = []
    real = service.recommend
    monkeypatch.setattr(service, "recommend", lambda *a, **k: asked.append(a) or real(*a, **k))
    serve(monkeypatch, service)
    app = example(start(HOME), "A sound: Dog")
    count = len(asked)
    app.run()
    app.button(key="mm-go").click().run()
    assert len(asked) == count


def test_like_and_dislike_replace_each_other_and_undo(monkeypatch):
    service = FakeService()
    serve(monkeypatch, service)
    app = example(start(HOME, weight="0"), "A sound: Dog")  # at weight 0 what was judged stays where it is
    first = app.session_state[Key.ANSWER][1].results[0].item.id
    session = app.session_state[Key.SESSION]
    app.button(key="mm-like-1").click().run()
    assert service.verdicts(session) == {first: "like"}
    assert app.button(key="mm-like-1").proto.type == "primary"
    app.button(key="mm-dislike-1").click().run()
    assert service.verdicts(session) == {first: "dislike"}
    app.button(key="mm-dislike-1").click().run()
    assert service.verdicts(session) == {}
    assert app.button(key="mm-dislike-1").proto.type == "tertiary"


def test_similar_searches_with_the_item_itself(monkeypatch):
    serve(monkeypatch, FakeService())
    app = example(start(HOME), "A sound: Dog")
    first = app.session_state[Key.ANSWER][1].results[0].item
    app.button(key="mm-more-1").click().run()
    assert app.session_state[Key.ITEM] == first.id
    assert first.id not in [result.item.id for result in app.session_state[Key.ANSWER][1].results]
    app.button(key="mm-clear-item").click().run()
    assert tiles(app) == 0


def test_a_sound_without_a_picture_has_a_waveform(monkeypatch):
    serve(monkeypatch, FakeService())
    app = example(start(HOME), "A bird singing in the forest")
    app.slider[0].set_value(12).run()
    assert "Waveform of Thunder" in markup(app)
    assert tiles(app) == 12


def test_recommend_takes_a_query_from_its_address(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME, text="a bird", image_of="fake/owl")
    assert not app.exception
    assert app.text_area[0].value == "a bird"
    assert app.session_state[Key.IMAGE].item_id == "fake/owl"
    assert tiles(app) == 10


def test_an_upload_that_the_address_names_is_asked_for_beside_the_rest(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME, text="a bird", image_upload="0123456789ab")
    assert tiles(app) == 10
    assert "Bring it once more" in markup(app)
    app.run()
    assert "Bring it once more" in markup(app)
    app.file_uploader[0].upload("disc.png", png_bytes(draw_picture("disc")), "image/png").run()
    assert not app.exception
    assert "Bring it once more" not in markup(app)


def test_a_text_of_nothing_visible_is_no_query(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.text_area[0].set_value("\u200b \u00ad").run()
    assert tiles(app) == 0
    app.text_area[0].set_value("a\u00ad bird").run()
    assert app.session_state[Key.TEXT] == "a bird"
    assert tiles(app) == 10


def test_recommend_shows_the_message_of_a_failing_service(monkeypatch):
    serve(monkeypatch, FakeService(fail=MMRecError("The device is out of memory. Close other programs.")))
    app = example(start(HOME), "A bird singing in the forest")
    assert not app.exception
    assert "The device is out of memory" in markup(app)
    assert tiles(app) == 0
    assert app.text_area[0].value == "a bird singing in the forest"


def test_messages_are_escaped(monkeypatch):
    serve(monkeypatch, FakeService(fail=MMRecError("<script>alert(1)</script>")))
    app = example(start(HOME), "A bird singing in the forest")
    assert "<script>alert" not in markup(app) and "&lt;script&gt;alert" in markup(app)


def test_a_medium_of_the_catalogue_that_cannot_be_read_says_so_once(monkeypatch):
    service, asked = FakeService(), []

    def refuse(example):
        asked.append(example)
        raise MMRecError("The picture of “Robin” is damaged. Run set-up again.")

    serve(monkeypatch, service)
    app = start(HOME)
    monkeypatch.setattr(service, "query_of", refuse)
    app.button_group(key="mm-way-image").set_value("Catalogue").run()
    app.selectbox(key="mm-pick-image-0").set_value("fake/robin").run()
    assert not app.exception
    assert len(asked) == 1
    assert any("is damaged" in error.value for error in app.error)


def test_a_store_that_fails_is_said_in_its_place(monkeypatch):
    service = FakeService()
    serve(monkeypatch, service)
    app = start(HOME, text="bird")

    def refuse(*arguments, **named):
        raise MMRecError("The feedback database is damaged.")

    monkeypatch.setattr(service, "verdicts", refuse)
    monkeypatch.setattr(service.profiles, "of_session", refuse)
    app.run()
    assert not app.exception
    assert "The feedback database is damaged." in markup(app)


def test_the_server_forgets_an_upload_once_it_is_read(monkeypatch):
    serve(monkeypatch, FakeService())
    forgotten = []
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", lambda self, visit, file: forgotten.append(file))
    app = start(HOME)
    app.file_uploader[0].upload("disc.png", png_bytes(draw_picture("disc")), "image/png").run()
    assert app.session_state[Key.IMAGE].title == "disc.png"
    assert len(forgotten) == 1
