"""The language of the interface. English stands in the code; every other language is one file under assets/languages."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from mmrec_core.settings import REPOSITORY
from mmrec_core.types import Say, Sentence
from mmrec_core.types.sentence import LookUp, render
from pages._ui.state import Key

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "zh": "简体中文"}
"""What one can switch to, by its ISO 639-1 code, named as its speakers name it."""
PARAMETER = "lang"
"""The part of the address that carries the language; absent in English."""
_CHINESE = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_GAP = re.compile(rf"(?<={_CHINESE}) +(?={_CHINESE})")
FOLDER = REPOSITORY / "assets" / "languages"


def say(text: str, /, **values: Any) -> str:
    """The English ``text`` in the language of the interface, with ``{name}`` places filled from ``values``.

    A ``Sentence`` of the core, as text or among the values, is said in that language, too. What has no translation stays
    English; a test sees to it that every ``say("...")``, and every ``told("...")`` of the core, has one.
    """
    return saying()(text, **values)


def tell(text: str) -> str:
    """A ``Sentence`` in the language of the interface; any other text, e.g. a person's own word, as it is."""
    said = render(text, _look_up_in(current()))
    return _tight(said) if current() != ENGLISH and isinstance(text, Sentence) else said


def saying() -> Say:
    """``say`` in the language that is in use now, for work that must not touch streamlit."""
    code = current()
    look_up = _look_up_in(code)

    def said(text: str, /, **values: Any) -> str:
        if isinstance(text, Sentence):
            return render(text, look_up)
        translated = look_up(text)
        return translated.format(**{name: render(v, look_up) for name, v in values.items()}) if values else translated

    def said_tightly(text: str, /, **values: Any) -> str:
        return _tight(said(text, **values))

    return said if code == ENGLISH else said_tightly


def _tight(text: str) -> str:
    """Without spaces between Chinese characters: templates have them around places that English words may fill, too."""
    return _GAP.sub("", text)


def current() -> str:
    """The code of the language in use: chosen in this session, else named by the address, else English."""
    chosen = st.session_state.get(Key.LANGUAGE) or st.query_params.get(PARAMETER)
    return chosen if chosen in LANGUAGES else ENGLISH


def keep() -> None:
    """Carry the choice over page changes, and into the address, so that it survives a reload."""
    code = current()
    st.session_state[Key.LANGUAGE] = code
    if st.query_params.get(PARAMETER, ENGLISH) != code:
        st.query_params.update(parameter()) if code != ENGLISH else st.query_params.pop(PARAMETER)


def tell_browser() -> None:
    """Name the document's language, which screen readers, hyphenation and fonts go by; streamlit always says English."""
    st.html(f"<script>document.documentElement.lang = '{current()}'</script>", unsafe_allow_javascript=True)


def parameter() -> dict[str, str]:
    """What the address holds for the language in use; nothing in English."""
    return {} if current() == ENGLISH else {PARAMETER: current()}


def draw_switch() -> None:
    """The switch between languages; its label is for screen readers of either."""
    st.segmented_control(
        "Language · 语言",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        required=True,
        key=Key.LANGUAGE,
        label_visibility="collapsed",
        width="stretch",
    )


@cache
def translations(code: str) -> dict[str, str]:
    """English -> the language; empty for English itself."""
    return {} if code == ENGLISH else json.loads(_file(code).read_text(encoding="utf-8"))


def _look_up_in(code: str) -> LookUp:
    table = translations(code)
    return lambda text: table.get(text, text)


def _file(code: str) -> Path:
    return FOLDER / f"{code}.json"
