"""The interface in other languages: nothing said lacks a translation, and the choice survives page changes and reloads."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mmrec_core.encoders.language import LANGUAGES
from mmrec_core.plots import name_of
from mmrec_core.service import Service
from mmrec_core.service.languages import NOT_READ
from mmrec_core.types import FUSED
from pages._ui import html, language, shell
from pages._ui.state import Key
from tests.fakes import FakeService

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]
CORE = ROOT / "mmrec_core"
NAMES = [
    CORE / "plots" / "look.py",
    CORE / "encoders" / "language.py",
    CORE / "bootstrap.py",
    CORE / "fusion" / "votes.py",
    CORE / "recommend" / "rerank.py",
    CORE / "service" / "languages.py",
    CORE / "types" / "jobs.py",
    *sorted((CORE / "catalogue").glob("*.py")),
]
"""Where the core names things that pages say."""
OTHERS = [code for code in language.LANGUAGES if code != language.ENGLISH]


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    st.cache_resource.clear()
    monkeypatch.setattr(Service, "open", staticmethod(lambda settings=None: FakeService()))
    yield
    st.cache_resource.clear()


def said(path: Path) -> set[str]:
    """Every literal that a file gives to ``say``."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    firsts = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "say" and call.args]
    assert not any(isinstance(first, ast.JoinedStr) for first in firsts), f"{path}: say(f'...') cannot be looked up"
    return {first.value for first in firsts if isinstance(first, ast.Constant)} | offered(calls)


def offered(calls: list[ast.Call]) -> set[str]:
    """Labels and helps of the options that pages declare; ``controls.draw`` says them."""
    options = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Option"]
    labels = [call.args[2] for call in options] + [
        k.value for call in options for k in call.keywords if k.arg == "help"
    ]
    return {label.value for label in labels if isinstance(label, ast.Constant)}


def said_by_name() -> set[str]:
    """What is given to ``say`` from tables."""
    titles = {title for _, title, _ in shell.PAGES}
    return {NOT_READ} | titles | set(LANGUAGES.values()) | {name_of(m) for m in FUSED} | {html.noun(m) for m in FUSED}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", OTHERS)
def test_everything_said_is_translated(code):
    missing = set().union(*map(said, SOURCES), said_by_name()) - set(language.translations(code))
    assert not missing, f"assets/languages/{code}.json lacks: {sorted(missing)}"


@pytest.mark.parametrize("code", OTHERS)
def test_translations_fill_the_same_places(code):
    table = language.translations(code)
    assert {text for text, translated in table.items() if places(text) != places(translated)} == set()


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_left_over(code):
    strings = {
        node.value
        for path in [*SOURCES, *NAMES]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(language.translations(code)) - strings == set()


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
