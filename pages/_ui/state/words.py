"""The text that was brought, its language, and what was heard in a sound."""

from __future__ import annotations

import streamlit as st

from mmrec_core.errors import MMRecError
from mmrec_core.media.text import clean_text
from mmrec_core.types import Transcript
from pages._ui.state.keys import Key
from pages._ui.state.media import MOST_UPLOADS, set_problem

DETECTED = ""
"""Choice of a text's language that leaves it to be detected; a select box shows None as no choice at all."""


def text() -> str:
    """The text that was brought, or an empty string."""
    return str(st.session_state.get(Key.TEXT, ""))


def set_text(value: str | None) -> None:
    """Set the text, and what its box shows."""
    st.session_state[Key.TEXT_BOX] = value or ""
    read_text_box()
    set_text_language(None)


def read_text_box() -> None:
    """Take over what was typed, without what cannot be seen (a callback); why not, is kept as the problem of the text."""
    try:
        st.session_state[Key.TEXT], problem = clean_text(st.session_state.get(Key.TEXT_BOX) or ""), None
    except MMRecError as error:
        st.session_state[Key.TEXT], problem = "", error.message
    set_problem("text", problem)


def text_language() -> str | None:
    """The code of the language that the user says the text is in; None lets it be detected."""
    return st.session_state.get(Key.TEXT_LANGUAGE) or None


def set_text_language(code: str | None) -> None:
    """Say in which language the text is, or let it be detected."""
    st.session_state[Key.TEXT_LANGUAGE] = code or DETECTED


def transcript(digest: str) -> Transcript | None:
    """What was heard in the sound with this digest, if it is among the latest that were listened to."""
    heard: Transcript | None = st.session_state.get(Key.TRANSCRIPTS, {}).get(digest)
    return heard


def heard_texts() -> tuple[str, ...]:
    """What was heard in the sounds of this visit that are remembered: as private as they are."""
    held: dict[str, Transcript] = st.session_state.get(Key.TRANSCRIPTS, {})
    return tuple(heard.text for heard in held.values() if heard.text)


def keep_transcript(digest: str, heard: Transcript) -> None:
    """Keep what was heard in as many sounds as uploads are remembered."""
    kept = {**st.session_state.get(Key.TRANSCRIPTS, {}), digest: heard}
    st.session_state[Key.TRANSCRIPTS] = dict(list(kept.items())[-MOST_UPLOADS:])


def forget_heard() -> None:
    """Forget what was heard in sounds, also where it is the text."""
    if text().strip() in heard_texts():
        set_text("")
    st.session_state.pop(Key.TRANSCRIPTS, None)


def offer_words(words: str) -> None:
    """Let these words become the text on the next run: a box that is drawn already cannot be filled."""
    st.session_state[Key.WORDS] = words


def take_words() -> None:
    """Make the words that were offered the text, before its box is drawn."""
    if words := st.session_state.pop(Key.WORDS, None):
        set_text(words)
