"""The interface in other languages: nothing said lacks a translation, and the choice survives page changes and reloads."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mmrec_core.service import Service
from mmrec_core.types import told
from pages._ui import language
from pages._ui.state import Key
from tests import said
from tests.fakes import FakeService

ROOT = Path(__file__).resolve().parents[2]
ENGLISH_ONLY = {"article"}
"""Places of templates that only English has a word for."""
OTHERS = [code for code in language.LANGUAGES if code != language.ENGLISH]


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    st.cache_resource.clear()
    monkeypatch.setattr(Service, "open", staticmethod(lambda settings=None: FakeService()))
    yield
    st.cache_resource.clear()


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", OTHERS)
def test_everything_said_is_translated(code):
    missing = set().union(*map(said.literals, [*said.PAGES, *said.CORE]), said.tables()) - set(
        language.translations(code)
    )
    assert not missing, f"assets/languages/{code}.json lacks: {sorted(missing)}"


@pytest.mark.parametrize("code", OTHERS)
def test_translations_fill_the_same_places(code):
    table = language.translations(code)
    assert {text for text, translated in table.items() if places(translated) != places(text) - ENGLISH_ONLY} == set()


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_left_over(code):
    strings = {
        node.value
        for path in [*said.PAGES, *said.CORE]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(language.translations(code)) - strings - said.tables() == set()


@pytest.mark.parametrize(
    "path", [path for path in said.CORE if said.is_shown(path)], ids=lambda path: str(path.relative_to(ROOT))
)
def test_errors_for_users_can_be_said_in_every_language(path):
    assert not [line for line, _ in said.refusals(path)], "make the message with told()"


def test_a_sentence_is_said_with_what_it_holds(monkeypatch):
    monkeypatch.setattr(language, "current", lambda: "zh")
    sentence = told("Without {media} the order turns round.", media=told("your {thing}", thing=told("picture")))
    assert sentence == "Without your picture the order turns round."
    assert language.tell(sentence) == "没有您的图片，顺序就会反转。"


def test_a_word_of_a_person_stays_as_it_is(monkeypatch):
    monkeypatch.setattr(language, "current", lambda: "zh")
    assert language.tell("birds") == "birds"
    assert "birds" in language.tell(told("the word “{word}”", word="birds"))


def start(**address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    app.query_params.update(address)
    return app.run()


def markup(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in [*app.get("html"), *app.sidebar.get("html")])


def test_the_switch_changes_the_page_and_the_address():
    app = start()
    assert "What are you looking for?" in markup(app)
    app.sidebar.button_group(key=Key.LANGUAGE).set_value("zh").run()
    assert not app.exception
    assert "您在找什么？" in markup(app)
    assert app.query_params == {"lang": "zh"}
    app.sidebar.button_group(key=Key.LANGUAGE).set_value("en").run()
    assert "What are you looking for?" in markup(app)
    assert app.query_params == {}


def test_an_address_brings_its_language_and_keeps_it_beside_the_query():
    app = start(lang="zh", text="owl")
    assert "您在找什么？" in markup(app)
    assert app.query_params == {"lang": "zh", "text": "owl"}


def test_the_choice_survives_a_page_change():
    app = start(lang="zh")
    app.query_params.clear()
    app.switch_page("pages/1_Explain.py").run()
    assert not app.exception
    assert "推荐与解释" in markup(app)
    assert app.query_params["lang"] == "zh"


def test_an_unknown_language_is_english():
    app = start(lang="xx")
    assert not app.exception
    assert "What are you looking for?" in markup(app)
