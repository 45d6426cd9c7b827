"""The address and the session keep step: Back and Forward, clearing, the model in use, and what an address cannot bring."""

from __future__ import annotations

import pytest
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest

from mmrec_core.types import BundleChoice
from pages._ui import links, navigation
from pages._ui.state import Key
from tests.fake_media import draw_picture, png_bytes
from tests.fakes import FakeService
from tests.ui.pages import EXPLAIN, HOME, ROOT, example, markup, serve, start, tiles

COMPARE, EVALUATE, TRAIN = (ROOT / "pages" / name for name in ("2_Compare.py", "4_Evaluate.py", "5_Train.py"))


def go_to(monkeypatch, app: AppTest, **address: str) -> AppTest:
    """What a press of Back or Forward does: the browser has the address already, and asks for a run."""
    app.query_params.clear()
    app.query_params.update(address)
    with monkeypatch.context() as pressed:
        pressed.setattr(navigation, "through_history", lambda: True)
        app.run()
    assert not app.exception
    return app


def search(app: AppTest, text: str) -> AppTest:
    return app.text_area[0].input(text).run()


def test_streamlit_tells_a_run_of_back_or_forward():
    assert "is_history_navigation" in ScriptRunContext.__dataclass_fields__
    assert not navigation.through_history(), "outside of a run there is no such thing"


def test_back_and_forward_bring_the_query_of_their_address(monkeypatch):
    serve(monkeypatch, FakeService())
    app = search(search(start(HOME), "a red apple"), "a violin")
    for text in ("a red apple", "a violin"):
        go_to(monkeypatch, app, text=text)
        assert app.text_area[0].value == app.session_state[Key.TEXT] == text
        assert tiles(app) == 10 and app.query_params == {"text": text}
    app.run()
    assert app.query_params == {"text": "a violin"}


def test_an_address_that_lags_behind_undoes_nothing(monkeypatch):
    serve(monkeypatch, FakeService())
    app = search(start(HOME), "a red apple")
    app.text_area[0].input("a violin").run()
    app.query_params.clear()
    app.query_params["text"] = "a red apple"  # the browser had not heard of the last address when something was pressed
    app.slider[0].set_value(4).run()
    assert app.session_state[Key.TEXT] == "a violin" and app.query_params == {"text": "a violin"}


def test_back_before_the_first_query_empties_the_page(monkeypatch):
    serve(monkeypatch, FakeService())
    app = search(start(HOME), "a red apple")
    go_to(monkeypatch, app)
    assert tiles(app) == 0 and app.text_area[0].value == "" and app.query_params == {}
    assert "Bring a picture, a text or a sound" in markup(app)


def test_back_takes_away_what_its_address_does_not_hold(monkeypatch):
    serve(monkeypatch, FakeService())
    app = search(example(start(HOME), "All three"), "a bird")
    app.multiselect(key=Key.CATEGORIES).select("birds").run()
    go_to(monkeypatch, app, query_item="fake/owl")
    assert app.session_state[Key.ITEM] == "fake/owl"
    assert app.session_state[Key.IMAGE] is None and app.session_state[Key.AUDIO] is None
    assert app.multiselect(key=Key.CATEGORIES).value == []
    assert app.query_params == {"query_item": "fake/owl"}


def test_back_after_similar_has_the_upload_again(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.file_uploader[0].upload("disc.png", png_bytes(draw_picture("disc")), "image/png").run()
    address = dict(app.query_params)
    assert list(address) == ["image_upload"]
    app.run()
    assert app.query_params == address
    app.button(key="mm-more-1").click().run()
    assert app.session_state[Key.IMAGE] is None and "query_item" in app.query_params
    go_to(monkeypatch, app, **address)
    assert app.session_state[Key.IMAGE].digest == address["image_upload"] and app.session_state[Key.ITEM] is None
    assert "Bring it once more" not in markup(app) and app.query_params == address


def test_back_to_an_upload_that_is_not_here_asks_for_it(monkeypatch):
    serve(monkeypatch, FakeService())
    app = search(start(HOME), "a bird")
    go_to(monkeypatch, app, image_upload="0123456789ab")
    assert "Bring it once more" in markup(app) and tiles(app) == 0
    assert app.query_params == {"image_upload": "0123456789ab"}, "a reload asks for it, too"


def test_a_long_text_does_not_stay_for_another(monkeypatch):
    serve(monkeypatch, FakeService())
    app = search(start(HOME), "a bird")
    go_to(monkeypatch, app, text_upload="3000")
    assert app.session_state[Key.TEXT] == "" and "Bring it once more" in markup(app)


def test_two_long_texts_of_one_length_are_not_taken_for_each_other(monkeypatch):
    serve(monkeypatch, FakeService())
    first, second = ("bird " * links.LONGEST_TEXT, "fish " * links.LONGEST_TEXT)
    app = search(start(HOME), first)
    address = dict(app.query_params)
    app = search(app, second)
    assert app.query_params != address
    go_to(monkeypatch, app, **address)
    assert app.session_state[Key.TEXT] == "" and "Bring it once more" in markup(app)


def test_clearing_forgets_uploads_and_searching_on_does_not(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    app.file_uploader[0].upload("apple.png", png_bytes(draw_picture("apple")), "image/png").run()
    address = dict(app.query_params)
    app.button(key="mm-more-1").click().run()
    go_to(monkeypatch, app, **address)
    assert app.session_state[Key.IMAGE] is not None
    next(button for button in app.button if button.label == "Clear all").click().run()
    go_to(monkeypatch, app, **address)
    assert app.session_state[Key.IMAGE] is None and "Bring it once more" in markup(app)


@pytest.mark.parametrize("how", ["clear all", "blank text"])
def test_what_is_cleared_leaves_the_address(monkeypatch, how):
    serve(monkeypatch, FakeService())
    app = start(HOME, text="a bird")
    if how == "clear all":
        next(button for button in app.button if button.label == "Clear all").click().run()
    else:
        app.text_area[0].set_value("  ").run()
    assert tiles(app) == 0 and app.query_params == {}


def test_explain_follows_back(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(EXPLAIN, item="fake/robin", text="a bird")
    go_to(monkeypatch, app, item="fake/dog", query_item="fake/owl")
    assert "Why “Dog”?" in markup(app) and app.session_state[Key.TEXT] == ""
    go_to(monkeypatch, app, item="fake/dog")
    assert "Choose what to explain" in markup(app) and app.query_params == {"item": "fake/dog"}


def test_compare_follows_back(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(COMPARE, text="a bird", models="third,fake")
    app.multiselect(key=Key.CONTENDERS).select("other").run()
    app.segmented_control(key=Key.COMPARED).set_value("ranking").run()
    go_to(monkeypatch, app, text="an owl", models="third,fake")
    assert app.session_state[Key.TEXT] == "an owl" and app.segmented_control(key=Key.COMPARED).value == "models"
    assert app.multiselect(key=Key.CONTENDERS).value == ["third", "fake"]
    assert app.query_params == {"text": "an owl", "models": "third,fake"}


def test_an_item_chosen_on_compare_replaces_an_upload_that_is_not_here(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(COMPARE, image_upload="0123456789ab")
    assert "Bring it once more" in markup(app)
    app.button(key="mm-start-0").click().run()
    assert markup(app).count('class="mm-column-head"') == 3 and "query_item" in app.query_params


@pytest.mark.parametrize("page", [HOME, EXPLAIN, COMPARE, EVALUATE, TRAIN], ids=lambda page: page.stem)
def test_every_page_names_a_model_that_is_not_the_default(monkeypatch, page):
    serve(monkeypatch, FakeService())
    app = start(page)
    assert "model" not in app.query_params
    app.selectbox(key=Key.BUNDLE).select("other").run()
    assert not app.exception and app.query_params["model"] == "other"
    links = {link.proto.label: link.proto.query_string for link in app.sidebar.get("page_link")}
    assert len(links) == 6 and all("model=other" in query for query in links.values())
    again = start(page, **app.query_params)
    assert again.selectbox(key=Key.BUNDLE).value == "other" and again.query_params["model"] == "other"
    go_to(monkeypatch, app)
    assert app.selectbox(key=Key.BUNDLE).value == "fake" and "model" not in app.query_params


def test_after_back_links_of_the_sidebar_go_by_the_address(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME, text="a bird", model="other")
    go_to(monkeypatch, app, text="an owl")
    links = {link.proto.label: link.proto.query_string for link in app.sidebar.get("page_link")}
    assert links["Compare"] == "text=an+owl" and links["Evaluate"] == ""


def test_links_of_the_sidebar_hold_the_query_where_pages_do(monkeypatch):
    serve(monkeypatch, FakeService())
    app = start(HOME, text="owl", lang="zh")
    links = {link.proto.label: link.proto.query_string for link in app.sidebar.get("page_link")}
    assert sum("text=owl" in query for query in links.values()) == 3
    assert all("lang=zh" in query for query in links.values())


@pytest.mark.parametrize("several", [True, False])
def test_a_model_that_is_not_here_is_named_beside_the_one_that_answers(monkeypatch, several):
    service = FakeService()
    if not several:
        monkeypatch.setattr(service, "bundles", lambda: (BundleChoice("fake", "fake", "0123456789ab", True, True),))
    serve(monkeypatch, service)
    app = start(HOME, text="a bird", model="b<ogus")
    assert not app.exception and tiles(app) == 10
    said = "The address asks for the model &#x27;b&lt;ogus&#x27;, which is not here. Fake answers. Models here: Fake"
    assert said in markup(app) and app.query_params == {"text": "a bird"}
    assert said in markup(app.run()), "it is said until another model is chosen"
    if several:
        assert said not in markup(app.selectbox(key=Key.BUNDLE).select("other").run())


@pytest.mark.parametrize("part", ["image_of", "query_item"])
def test_an_unknown_item_is_named_and_the_rest_is_asked_with(monkeypatch, part):
    serve(monkeypatch, FakeService())
    app = start(HOME, text="a bird", **{part: "nope/none"})
    assert not app.exception
    assert "Unknown item &#x27;nope/none&#x27;. It is not in this catalogue" in markup(app) and "Known" not in markup(
        app
    )
    assert tiles(app) == 10


@pytest.mark.parametrize(("address", "words"), [({"image_of": "fake/thunder"}, "“Thunder” has no picture."),
                                                ({"audio_of": "fake/apple"}, "“Apple” has no sound.")])  # fmt: skip
@pytest.mark.parametrize("page", [HOME, EXPLAIN, COMPARE], ids=lambda page: page.stem)
def test_an_item_without_the_medium_is_named(monkeypatch, page, address, words):
    serve(monkeypatch, FakeService())
    app = start(page, text="a bird", **address, **({"item": "fake/dog"} if page == EXPLAIN else {}))
    assert not app.exception
    assert words in markup(app)
