"""The profile and the settings on the pages: empty, normal, all disliked, items gone, stored; nothing private in addresses."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mmrec_core.errors import MMRecError
from mmrec_core.types import Profile
from pages._ui.state import Key
from tests.fakes import FakeService
from tests.ui.pages import EXPLAIN, HOME, ROOT, example, markup, pressed, serve, start, tiles


@pytest.fixture(autouse=True)
def fresh_caches():
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def service(monkeypatch):
    fake = FakeService()
    serve(monkeypatch, fake)
    return fake


def results(app: AppTest) -> list[str]:
    return [result.item.id for result in app.session_state[Key.ANSWER][1].results]


def liked(app: AppTest, *ranks: int) -> AppTest:
    for rank in ranks:
        app = app.button(key=f"mm-like-{rank}").click().run()
    return app


def load(app: AppTest, service: FakeService, profile: Profile) -> AppTest:
    """Store a profile and load it from the panel."""
    service.profiles.save("mine", profile)
    app = app.run()
    return app.button(key="mm-profile-load").click().run()


def test_an_empty_profile_is_one_calm_line_and_changes_nothing(service):
    app = example(start(HOME), "A sound: Dog")
    assert not app.exception
    assert "it gathers here" in markup(app)
    assert app.button(key="mm-profile-go").disabled
    assert "Because you liked" not in markup(app)
    assert app.session_state[Key.ANSWER][1].results[0].attribution.players == ("audio",)


def test_a_like_moves_into_the_panel_and_counts_at_once(service):
    app = example(start(HOME), "A sound: Dog")
    first = results(app)[0]
    app = liked(app, 1)
    assert not app.exception
    assert first not in results(app)
    assert "1 like<" in markup(app)
    assert "Because you liked" in markup(app)
    assert "Exact Shapley value of your profile" in markup(app)
    app = app.button(key="mm-remove-0").click().run()
    assert first in results(app)
    assert "Because you liked" not in markup(app)


@pytest.mark.parametrize(("code", "like", "dislike"), [("en", "Liked ✕", "Disliked ✕"), ("zh", "喜欢 ✕", "不喜欢 ✕")])
def test_every_button_that_takes_back_names_its_item(service, code, like, dislike):
    profile = Profile(liked=("fake/owl", "fake/robin"), disliked=("fake/dog", "old/thing [1]"))
    app = load(start(HOME, lang=code), service, profile)
    titles = {item: service.item(item).title for item in ("fake/owl", "fake/robin", "fake/dog")}
    assert [app.button(key=f"mm-remove-{number}").label for number in range(4)] == [
        f"{like} *{titles['fake/robin']}*",
        f"{like} *{titles['fake/owl']}*",
        f"{dislike} *old\\/thing \\[1\\]*",
        f"{dislike} *{titles['fake/dog']}*",
    ]
    assert "button em { position: absolute; width: 1px" in markup(app)


def test_the_weight_is_a_setting_and_at_zero_the_profile_rests(service):
    app = liked(example(start(HOME), "A sound: Dog"), 1, 1)
    shares = lambda: app.session_state[Key.ANSWER][1].results[0].attribution.as_dict()  # noqa: E731
    light = abs(shares()["profile"])
    app.slider(key=Key.WEIGHT).set_value(0.9).run()
    assert abs(shares()["profile"]) > light
    app.slider(key=Key.WEIGHT).set_value(0.0).run()
    assert "profile" not in shares()


def test_all_disliked_works_and_says_nothing_it_should_not(service):
    app = example(start(HOME), "A sound: Dog")
    app.button(key="mm-dislike-1").click().run()
    assert not app.exception
    assert "1 dislike" in markup(app)
    assert tiles(app) == 10
    assert "Because you" not in markup(app)


def test_items_that_are_gone_are_shown_as_such_and_can_be_removed(service):
    app = load(example(start(HOME), "A sound: Dog"), service, Profile(liked=("old/thing", "fake/owl")))
    assert not app.exception
    assert "no longer here" in markup(app)
    assert "fake/owl" not in results(app)
    app.button(key="mm-remove-1").click().run()
    assert "no longer here" not in markup(app)


def test_from_the_profile_alone_without_a_query(service):
    app = liked(example(start(HOME), "A sound: Dog"), 1)
    app.button(key="mm-profile-go").click().run()
    assert not app.exception
    assert app.session_state[Key.ANSWER][1].results[0].attribution.players == ("profile",)
    assert app.query_params == {"from": "profile"}
    app.text_area[0].input("a bird").run()
    assert app.session_state[Key.ANSWER][1].results[0].attribution.players == ("text", "profile")
    assert app.query_params == {"text": "a bird"}


def test_addresses_keep_settings_and_never_the_profile(service):
    app = liked(example(start(HOME), "A sound: Dog"), 1)
    app.text_input(key=Key.PROFILE_TEXT).input("a private word").run()
    app.slider(key=Key.WEIGHT).set_value(0.5).run()
    app.slider(key=Key.DIVERSITY).set_value(0.4).run()
    app.multiselect(key=Key.SOURCES).select("fake-a").run()
    assert app.query_params == {"audio_of": "fake/dog", "weight": "0.5", "diversity": "0.4", "sources": "fake-a"}


def test_settings_come_back_from_an_address(service):
    app = start(HOME, text="a bird", weight="0.75", diversity="0.4", hide_duplicates="1", sources="fake-b")
    assert not app.exception
    assert (app.slider(key=Key.WEIGHT).value, app.slider(key=Key.DIVERSITY).value) == (0.75, 0.4)
    assert app.toggle(key=Key.DUPLICATES).value
    assert "Moved up" in markup(app)
    assert "by diversity" in markup(app)
    assert all(service.item(item).source == "fake-b" for item in results(app))


@pytest.mark.parametrize("weight", ["2", "much", "nan"])
def test_an_address_with_an_impossible_weight_says_so(service, weight):
    app = start(HOME, text="a bird", weight=weight)
    assert not app.exception
    assert f"weight={weight}" in markup(app)


def test_everything_survives_a_page_change(service):
    app = liked(example(start(HOME), "A sound: Dog"), 1)
    app.text_input(key=Key.PROFILE_TEXT).input("quiet things").run()
    app.slider(key=Key.WEIGHT).set_value(0.6).run()
    app.slider(key=Key.NOVELTY).set_value(0.2).run()
    app.switch_page(str(EXPLAIN.relative_to(ROOT))).run()
    app.switch_page(str(HOME.relative_to(ROOT))).run()
    assert not app.exception
    assert app.slider(key=Key.WEIGHT).value == 0.6
    assert app.slider(key=Key.NOVELTY).value == 0.2
    assert app.text_input(key=Key.PROFILE_TEXT).value == "quiet things"
    assert "1 like" in markup(app)


def test_a_profile_is_saved_loaded_and_forgotten(service):
    app = liked(example(start(HOME), "A sound: Dog"), 1)
    app.text_input(key="mm-profile-name").input("Anna")
    next(button for button in app.button if button.label == "Save").click().run()
    assert service.profiles.names() == ["Anna"]
    app.button(key="mm-profile-clear").click().run()
    assert "it gathers here" in markup(app)
    app.button(key="mm-profile-load").click().run()
    assert "1 like" in markup(app)
    app.button(key="mm-profile-forget").click().run()
    assert service.profiles.names() == []


def test_explain_shows_what_the_profile_contributed(service):
    app = liked(example(start(HOME), "A sound: Dog"), 1)
    item = results(app)[0]
    app.switch_page(str(EXPLAIN.relative_to(ROOT)))
    app.query_params.update({"item": item, "audio_of": "fake/dog"})
    app.run()
    assert not app.exception
    assert "What your profile contributed" in [heading.value for heading in app.subheader]
    assert "Because you liked" in markup(app)


def test_explain_works_from_the_profile_alone(service):
    app = liked(example(start(HOME), "A sound: Dog"), 1)
    app.button(key="mm-profile-go").click().run()
    app.switch_page(str(EXPLAIN.relative_to(ROOT)))
    app.query_params.update({"item": results(app)[0], "from": "profile"})
    app.run()
    assert not app.exception
    assert "What your profile contributed" in [heading.value for heading in app.subheader]


def test_a_link_to_someone_elses_profile_shows_the_welcome(service):
    app = start(HOME, **{"from": "profile"})
    assert not app.exception
    assert tiles(app) == 0


@pytest.mark.parametrize("alone", [False, True], ids=["beside a query", "alone"])
def test_going_deeper_counts_the_profile(service, monkeypatch, alone):
    asked = []
    real = service.explain_with
    monkeypatch.setattr(service, "explain_with", lambda *a, **o: asked.append((a[3], o["profile"])) or real(*a, **o))
    app = liked(example(start(HOME), "A sound: Dog"), 1)
    if alone:
        app = app.button(key="mm-profile-go").click().run()
    app.switch_page("pages/1_Explain.py")
    app.query_params["item"] = "fake/castle"
    if alone:
        app.query_params["from"] = "profile"
    app = app.run()
    app = pressed(app, "mm-deeper-run")
    assert {side for side, _ in asked} == ({"item"} if alone else {"query", "item"})
    assert all(len(profile.liked) == 1 for _, profile in asked)
    assert any("Only your profile was asked about" in caption.value for caption in app.caption) == alone
    assert "without the profile" not in markup(app)


@pytest.mark.parametrize("button", ["mm-remove-0", "mm-profile-forget", "mm-profile-clear"])
def test_a_store_that_cannot_be_used_is_said_in_the_panel(service, monkeypatch, button):
    def refuse(*arguments, **named):
        raise MMRecError("The disk is full.")

    monkeypatch.setattr(service, "undo", refuse)
    monkeypatch.setattr(service.profiles, "forget", refuse)
    monkeypatch.setattr(service.profiles, "clear", refuse)
    app = load(start(HOME), service, Profile(liked=("fake/robin",), text="birds"))
    app = app.button(key=button).click().run()
    assert not app.exception
    assert app.error[0].value == "The disk is full."
    assert app.session_state[Key.PROFILE_TEXT] == "birds"
