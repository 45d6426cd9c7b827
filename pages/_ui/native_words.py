"""The few words that streamlit's own widgets say in English only: put in the language of the interface by the stylesheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages._ui.language import ENGLISH, current, say

DROPZONE, FORMATS = "[data-testid=stFileUploaderDropzone]", "[data-testid=stFileUploaderDropzoneInstructions] span"
CAMERA = "[data-testid=stCameraInput]"
HINT = "[data-testid=InputInstructions] span:first-child"


def draw(formats: Mapping[str, Sequence[str]]) -> None:
    """Say them; nothing in English. ``formats`` are the endings that an uploader takes, by the kind its container names."""
    if current() == ENGLISH:
        return
    limit = st.get_option("server.maxUploadSize")
    rules = [
        _in_place_of(f"{DROPZONE} button p", say("Upload")),
        _in_place_of(f"{CAMERA} button", say("Take a photo")),
        _in_place_of(
            f"{CAMERA} [data-testid=stCameraInputWebcamComponent] p", say("Allow this page to use the camera.")
        ),
        _in_place_of(f"[data-testid=stTextArea] {HINT}", say("Ctrl + Enter to apply")),
        _in_place_of(f"[data-testid=stTextInput] {HINT}", say("Enter to apply")),
        _in_place_of(f"[data-testid=stNumberInput] {HINT}", say("Enter to apply")),
    ]
    for kind, endings in formats.items():
        words = say("At most {mb} MB; {formats}", mb=limit, formats=", ".join(endings).upper())
        rules += [_in_place_of(f".st-key-mm-{place}-{kind} {FORMATS}", words) for place in ("panel", "again")]
    st.html(f"<style>{''.join(rules)}</style>")


def _in_place_of(selector: str, words: str) -> str:
    text = words.replace("\\", "").replace('"', "")
    said = f'{selector}::after{{content:"{text}";font-size:.875rem}}'
    return f"{selector}{{font-size:0!important;white-space:normal!important}}{selector} *{{display:none}}{said}"
