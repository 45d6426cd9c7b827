"""The picture and the sound that were brought, or why they were refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import streamlit as st

from mmrec_core.types import Audio, ImageArray
from pages._ui.state.keys import Key

M = TypeVar("M", ImageArray, Audio)
Kind = Literal["image", "audio"]
MOST_UPLOADS = 4
"""Uploads that a visit remembers, in memory only, so that one can go back to them."""


@dataclass(frozen=True)
class Brought(Generic[M]):
    """A picture or a sound of the query, decoded once.

    Args:
        medium: what the model gets.
        title: what it is called on the page.
        digest: of the uploaded bytes; names the medium in signatures and links.
        shown: a JPEG preview or a WAV of what the model hears.
        item_id: the catalogue item it is taken from, or None for an upload, which no link can bring back.
    """

    medium: M
    title: str
    digest: str
    shown: bytes
    item_id: str | None = None


def image() -> Brought[ImageArray] | None:
    """The picture that was brought."""
    return st.session_state.get(Key.IMAGE)


def audio() -> Brought[Audio] | None:
    """The sound that was brought."""
    return st.session_state.get(Key.AUDIO)


def put(kind: Kind, brought: Brought | None) -> None:
    """Set or clear the picture or the sound; its input widget starts afresh."""
    if brought is not None and brought.item_id is None:
        kept = {name: held for name, held in _uploads().items() if name != (kind, brought.digest)}
        latest = [*kept.items(), ((kind, brought.digest), brought)][-MOST_UPLOADS:]
        st.session_state[Key.UPLOADS] = dict(latest)
    st.session_state[Key.IMAGE if kind == "image" else Key.AUDIO] = brought
    st.session_state[Key.ROTATION] = {**st.session_state.get(Key.ROTATION, {}), kind: rotation(kind) + 1}
    set_problem(kind, None)


def upload(kind: Kind, digest: str) -> Brought | None:
    """An upload of this visit, if it is among the latest; no other visit's is ever found."""
    return _uploads().get((kind, digest))


def forget_uploads(*kinds: Kind) -> None:
    """Clear what was brought of these kinds, and every upload of theirs that the visit remembers."""
    for kind in kinds:
        put(kind, None)
    st.session_state[Key.UPLOADS] = {name: held for name, held in _uploads().items() if name[0] not in kinds}


def _uploads() -> dict[tuple[Kind, str], Brought]:
    """By kind and digest, the oldest first."""
    found: dict[tuple[Kind, str], Brought] = st.session_state.get(Key.UPLOADS, {})
    return found


def rotation(kind: Kind) -> int:
    """A part of the key of this kind's input widgets: a new number empties them, which streamlit has no other way for."""
    return int(st.session_state.get(Key.ROTATION, {}).get(kind, 0))


def problem(part: str) -> str | None:
    """Why the last upload of this part of the query was refused."""
    return st.session_state.get(Key.PROBLEMS, {}).get(part)


def set_problem(part: str, message: str | None) -> None:
    """Remember (or forget) why an upload was refused."""
    st.session_state[Key.PROBLEMS] = {**st.session_state.get(Key.PROBLEMS, {}), part: message}
