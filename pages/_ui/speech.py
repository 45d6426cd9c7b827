"""What was said in a recording, and in which language a text is read: shown, and in the user's hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from mmrec_core import service as core
from mmrec_core.encoders.language import ENGLISH, unread_script
from mmrec_core.errors import MMRecError
from mmrec_core.types import Audio, Progress, Transcript
from pages._ui import html, state
from pages._ui.language import say, tell
from pages._ui.state import Brought, Key

MOST_WORDS = 12
"""Known words that are shown."""
COARSER = (
    "Words of other languages are looked up in a lexicon, and the whole is read through a multilingual sentence encoder: word maps "
    "are coarser than in English."
)


def listen(service: core.Service, fits: Callable[[str], bool] = bool) -> None:
    """Write down what a new recording says, showing progress; its words become the text where there is none and they fit.

    It is drawn inside the panel of the sound, below what was brought, so that everything else is there meanwhile.
    """
    sound = state.audio()
    if sound is None or sound.item_id or state.transcript(sound.digest) is not None:
        return
    bar = st.progress(0.0, say("Listening for words …"))

    def report(progress: Progress) -> None:
        share = progress.done / progress.total if progress.total else 0.0
        bar.progress(min(share, 1.0), say("Listening for words …"))

    try:
        heard = service.transcribe(sound.medium, report)
    except MMRecError as error:
        heard = Transcript("", error.message, 0.0, 0.0, sound.medium.seconds)
    bar.empty()
    state.keep_transcript(sound.digest, heard)
    if fits(heard.text) and not state.text().strip():
        state.offer_words(heard.text)
    st.rerun()


def transcript(sound: Brought[Audio]) -> None:
    """What was heard in the sound of the query, below its player."""
    heard = state.transcript(sound.digest)
    if heard is None or sound.item_id:
        return
    if heard.text:
        note = say("Words heard, with a mean probability of {share:.0%}", share=heard.confidence)
        st.html(
            f'<p class="mm-small mm-tip" tabindex="0" data-tip="{html.escape(note, quote=True)}">'
            f"{html.escape(say('Heard: “{text}”', text=heard.text))}</p>"
        )
    if heard.notice:
        st.caption(tell(heard.notice))
    if heard.text and heard.text != state.text():
        st.button(
            say("Use as text"), icon=":material/notes:", key="mm-use-words", on_click=state.set_text, args=(heard.text,)
        )


def language_row(service: core.Service) -> None:
    """In which language the text is read, and a way to say otherwise."""
    read_in = service.language_of(state.query())
    if read_in is None:
        return
    names = {code: say(name) for code, name in service.languages().items()}
    detected = say("Detect") if state.text_language() else say("Detected: {language}", language=names[read_in])
    if unread_script(state.text()):
        detected = say("Language not recognised")
    st.selectbox(
        say("Language of the text"),
        [state.DETECTED, *names],
        format_func=lambda code: names.get(code, detected),
        key=Key.TEXT_LANGUAGE,
        label_visibility="collapsed",
    )
    lack = service.text_note(state.query())
    if read_in != ENGLISH:
        known = known_words(service)
        if known or not lack:
            st.caption(known or say("No word of it is in the lexicon."), help=say(COARSER))
    if lack:
        st.caption(say(lack))


def known_words(service: core.Service) -> str:
    """The English of what the lexicon holds of the text; empty where it holds nothing, or something is missing for it."""
    with suppress(MMRecError):  # the search itself says what is missing
        if words := list(dict.fromkeys(service.english_words(state.query()))):
            shown = ", ".join(words[:MOST_WORDS]) + (" …" if len(words) > MOST_WORDS else "")
            return say("Words known in English: {words}", words=shown)
    return ""
