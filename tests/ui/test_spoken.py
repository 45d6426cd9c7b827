"""Recordings that speak, and texts in other languages, on the home page over a stand-in for the facade."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mmrec_core.service import Service
from mmrec_core.service.languages import NOT_READ, text_note
from mmrec_core.settings import Settings
from mmrec_core.types import Transcript
from pages._ui import state
from pages._ui.state import Key
from tests.fake_media import make_sound, wav_bytes
from tests.fakes import FakeService
from tests.ui import pages

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def service(monkeypatch):
    st.cache_resource.clear()
    fake = FakeService()
    monkeypatch.setattr(Service, "open", staticmethod(lambda settings=None: fake))
    yield fake
    st.cache_resource.clear()


def start(**address: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    app.query_params.update(address)
    return app.run()


def upload(app: AppTest) -> AppTest:
    return app.file_uploader[1].upload("said.wav", wav_bytes(make_sound("said")), "audio/wav").run()


def markup(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def test_words_of_a_recording_become_the_text_and_can_be_edited(service):
    service.heard = Transcript("a dog barking", "", 1.0, 0.9, 1.0)
    app = upload(start())
    assert not app.exception
    assert app.text_area[0].value == "a dog barking"
    assert "Heard: “a dog barking”" in markup(app)
    app.text_area[0].input("a wolf howling").run()
    assert app.session_state[Key.TEXT] == "a wolf howling"
    app.button(key="mm-use-words").click().run()
    assert app.text_area[0].value == "a dog barking"


def test_a_text_that_is_there_is_not_overwritten(service):
    service.heard = Transcript("a dog barking", "", 1.0, 0.9, 1.0)
    app = start(text="owl")
    assert upload(app).text_area[0].value == "owl"


def test_a_recording_without_speech_says_so_and_gives_no_text(service):
    app = upload(start())
    assert app.text_area[0].value == ""
    assert any("No speech was heard" in caption.value for caption in app.caption)


def test_clearing_a_sound_forgets_what_was_heard_in_it(service):
    app = upload(start())
    assert app.session_state[Key.TRANSCRIPTS]
    app.button(key="mm-clear-audio").click().run()
    assert Key.TRANSCRIPTS not in app.session_state and not app.exception


def test_the_language_is_shown_and_can_be_overridden(service):
    app = start(text="ein alter Hund")
    box = app.selectbox(key=Key.TEXT_LANGUAGE)
    assert box.options[0] == "Detected: German"
    assert box.value == state.DETECTED
    shown = next(caption for caption in app.caption if "Words known in English: old, lighthouse" in caption.value)
    assert "coarser" in shown.help
    box.select("nl").run()
    assert not app.exception
    assert app.session_state[Key.TEXT_LANGUAGE] == "nl"
    assert app.query_params == {"text": "ein alter Hund", "language": "nl"}


def test_what_other_languages_lack_is_said_with_the_remedy(service):
    assert not any("--only languages" in caption.value for caption in start(text="ein alter Hund").caption)
    service.language_lack = NOT_READ
    assert any("--only languages" in caption.value for caption in start(text="ein alter Hund").caption)
    assert not any("--only languages" in caption.value for caption in start(text="an old dog").caption)


@pytest.mark.parametrize(("code", "said"), [("en", "No word of this text is known"), ("zh", "没有一个认识的词")])
def test_that_no_word_of_a_text_is_known_is_said_beside_its_results(service, monkeypatch, code, said):
    note = lambda query: text_note(Settings(), query.text, service.language_of(query))  # noqa: E731
    monkeypatch.setattr(service, "text_note", note)
    app = start(text="asdkjfh qwpoeiru zxmcnb", lang=code)
    assert not app.exception and pages.tiles(app) == 10
    assert any(said in caption.value for caption in app.caption)
    assert not any(said in caption.value for caption in start(text="a guittar", lang=code).caption)


def test_an_address_brings_the_language_back(service):
    assert start(text="chat", language="fr").session_state[Key.TEXT_LANGUAGE] == "fr"
    assert start(text="chat", language="xx").session_state[Key.TEXT_LANGUAGE] == state.DETECTED


SECRET = Transcript("my pin is one two three four", "", 1.0, 0.9, 1.0)


def test_what_was_said_in_a_recording_is_not_in_the_address(service):
    service.heard = SECRET
    app = upload(start())
    assert app.text_area[0].value == SECRET.text
    assert "text" not in app.query_params and set(app.query_params) == {"audio_upload", "text_upload"}
    app.text_area[0].input("my dog").run()
    assert app.query_params["text"] == "my dog"


def test_clearing_a_sound_takes_its_words_out_of_the_query(service):
    service.heard = SECRET
    app = upload(start())
    app.button(key="mm-clear-audio").click().run()
    assert app.text_area[0].value == "" and app.query_params == {}


def test_words_of_a_sound_do_not_become_the_text_of_a_link_that_names_another(service):
    service.heard = SECRET
    sound = upload(start()).query_params["audio_upload"]
    app = pages.start(pages.EXPLAIN, item="fake/castle", audio_upload=sound, text_upload="of a long text")
    app.file_uploader[0].upload("said.wav", wav_bytes(make_sound("said")), "audio/wav").run()
    assert not app.exception
    assert app.session_state[Key.TEXT] == ""
    assert "Please bring it once more" in markup(app)


def test_bringing_the_sound_of_a_link_again_brings_its_words(service):
    service.heard = SECRET
    address = dict(upload(start()).query_params)
    app = pages.start(pages.EXPLAIN, item="fake/castle", **address)
    assert "was heard in a recording" in markup(app)
    app.file_uploader[0].upload("said.wav", wav_bytes(make_sound("said")), "audio/wav").run()
    assert not app.exception
    assert app.session_state[Key.TEXT] == SECRET.text
    assert dict(app.query_params) == {"item": "fake/castle", **address}
