"""A visit keeps its name over a reload, by a cookie; anything else in the cookie is not taken."""

from __future__ import annotations

import pytest
from streamlit.runtime.context import ContextProxy

from mmrec_core.types import Query, Verdict
from pages._ui import visit
from pages._ui.state import Key
from tests.fakes import FakeService
from tests.ui.pages import HOME, markup, serve, start

NAME = "0123456789abcdef" * 2


@pytest.fixture
def cookies(monkeypatch):
    held: dict[str, str] = {}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda self: held))
    return held


def test_a_first_visit_leaves_its_name_with_the_browser(monkeypatch, cookies):
    serve(monkeypatch, FakeService())
    app = start(HOME)
    name = app.session_state[Key.SESSION]
    assert visit.NAME.fullmatch(name) and f"{visit.COOKIE}={name}" in markup(app)
    assert name not in str(dict(app.query_params))


def test_what_was_liked_is_there_after_a_reload(monkeypatch, cookies):
    service = FakeService()
    serve(monkeypatch, service)
    cookies[visit.COOKIE] = NAME
    service.like("fake/dog", session=NAME, query=Query(text="a dog"))
    app = start(HOME)
    assert not app.exception
    assert app.session_state[Key.SESSION] == NAME and service.verdicts(NAME) == {"fake/dog": Verdict.LIKE}
    assert "1 like" in markup(app) and visit.COOKIE not in markup(app)


def test_a_cookie_that_is_no_name_is_not_taken(monkeypatch, cookies):
    serve(monkeypatch, FakeService())
    cookies[visit.COOKIE] = "'); alert(1); ('"
    app = start(HOME)
    assert visit.NAME.fullmatch(app.session_state[Key.SESSION]) and "alert" not in markup(app)


def test_ones_own_words_are_there_after_a_reload_until_one_starts_afresh(monkeypatch, cookies):
    service = FakeService()
    serve(monkeypatch, service)
    cookies[visit.COOKIE] = NAME
    start(HOME).text_input(key=Key.PROFILE_TEXT).input("quiet nature").run()
    again = start(HOME)
    assert not again.exception
    assert again.text_input(key=Key.PROFILE_TEXT).value == "quiet nature"
    assert dict(again.query_params) == {}
    again.button(key="mm-profile-clear").click().run()
    assert start(HOME).text_input(key=Key.PROFILE_TEXT).value == ""
    assert service.profiles.words(NAME) is None
