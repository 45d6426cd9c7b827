"""Every session key, and typed access to what stands behind it. Widgets have keys of their own: theirs vanish on a page change."""

from __future__ import annotations

import uuid
from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import streamlit as st

from mmrec_core.types import (
    Audio,
    ImageArray,
    PairExplanation,
    Profile,
    Query,
    Recommendations,
    Rerank,
    Transcript,
)

if TYPE_CHECKING:
    from pages._ui.jobs import Job

M = TypeVar("M", ImageArray, Audio)
Kind = Literal["image", "audio"]
WEIGHT = Profile.weight
"""Of the profile in the score, until someone changes it."""
DETECTED = ""
"""Choice of a text's language that leaves it to be detected; a select box shows None as no choice at all."""
MOST_FINDINGS = 24
"""Runs of explainers that one session remembers."""


class Key(StrEnum):
    """Names of everything kept for one session."""

    SESSION = "mm_session"
    STARTED = "mm_started"
    IMAGE = "mm_image"
    TEXT = "mm_text"
    AUDIO = "mm_audio"
    ITEM = "mm_item"
    COUNT = "mm_count"
    CATEGORIES = "mm_categories"
    ANSWER = "mm_answer"
    EXPLANATION = "mm_explanation"
    DEEPER = "mm_deeper"
    JOB = "mm_job"
    PROBLEMS = "mm_problems"
    ROTATION = "mm_rotation"
    TEXT_BOX = "mm_text_box"
    LANGUAGE = "mm_language"
    TEXT_LANGUAGE = "mm_text_language"
    TRANSCRIPT = "mm_transcript"
    BUNDLE = "mm_bundle"
    MOVIE_MODEL = "mm_movie_model"
    CONTENDERS = "mm_contenders"
    COMPARED = "mm_compared"
    WORDS = "mm_words"
    WEIGHT = "mm_weight"
    PROFILE_TEXT = "mm_profile_text"
    ALONE = "mm_alone"
    DIVERSITY = "mm_diversity"
    NOVELTY = "mm_novelty"
    DUPLICATES = "mm_duplicates"
    SOURCES = "mm_sources"


SETTINGS = (
    Key.BUNDLE,
    Key.MOVIE_MODEL,
    Key.CONTENDERS,
    Key.COMPARED,
    Key.COUNT,
    Key.CATEGORIES,
    Key.WEIGHT,
    Key.PROFILE_TEXT,
    Key.DIVERSITY,
    Key.NOVELTY,
    Key.DUPLICATES,
    Key.SOURCES,
    Key.TEXT_LANGUAGE,
)
"""Keys of widgets that only one page draws."""


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


Signature = tuple[str | None, str, str | None, str | None, str | None]
"""What makes two queries the same: digests of picture and sound, the text, the item, the text's language as the user said."""


def session() -> str:
    """A name for this visit, under which verdicts are stored."""
    return str(st.session_state.setdefault(Key.SESSION, uuid.uuid4().hex))


def started() -> bool:
    """True once this session has had a query; before that, an address may bring one."""
    first = not st.session_state.get(Key.STARTED, False)
    st.session_state[Key.STARTED] = True
    return not first


def keep_settings() -> None:
    """Carry the values of widgets that only one page draws over a page change."""
    for key in SETTINGS:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def image() -> Brought[ImageArray] | None:
    """The picture that was brought."""
    return st.session_state.get(Key.IMAGE)


def audio() -> Brought[Audio] | None:
    """The sound that was brought."""
    return st.session_state.get(Key.AUDIO)


def put(kind: Kind, brought: Brought | None) -> None:
    """Set or clear the picture or the sound; its input widget starts afresh."""
    st.session_state[Key.IMAGE if kind == "image" else Key.AUDIO] = brought
    st.session_state[Key.ROTATION] = {**st.session_state.get(Key.ROTATION, {}), kind: rotation(kind) + 1}
    set_problem(kind, None)


def rotation(kind: Kind) -> int:
    """A part of the key of this kind's input widgets: a new number empties them, which streamlit has no other way for."""
    return int(st.session_state.get(Key.ROTATION, {}).get(kind, 0))


def text() -> str:
    """The text that was brought, or an empty string."""
    return str(st.session_state.get(Key.TEXT, ""))


def set_text(value: str | None) -> None:
    """Set the text, and what its box shows."""
    st.session_state[Key.TEXT] = st.session_state[Key.TEXT_BOX] = value or ""
    set_text_language(None)


def read_text_box() -> None:
    """Take over what was typed (a callback)."""
    st.session_state[Key.TEXT] = st.session_state.get(Key.TEXT_BOX) or ""


def text_language() -> str | None:
    """The code of the language that the user says the text is in; None lets it be detected."""
    return st.session_state.get(Key.TEXT_LANGUAGE) or None


def set_text_language(code: str | None) -> None:
    """Say in which language the text is, or let it be detected."""
    st.session_state[Key.TEXT_LANGUAGE] = code or DETECTED


def transcript(digest: str) -> Transcript | None:
    """What was heard in the sound with this digest, if it was listened to last."""
    stored = st.session_state.get(Key.TRANSCRIPT)
    return stored[1] if stored and stored[0] == digest else None


def keep_transcript(digest: str, heard: Transcript) -> None:
    """Keep what was heard; only the latest is held."""
    st.session_state[Key.TRANSCRIPT] = (digest, heard)


def offer_words(words: str) -> None:
    """Let these words become the text on the next run: a box that is drawn already cannot be filled."""
    st.session_state[Key.WORDS] = words


def take_words() -> None:
    """Make the words that were offered the text, before its box is drawn."""
    if words := st.session_state.pop(Key.WORDS, None):
        set_text(words)


def item_id() -> str | None:
    """The catalogue item that is the query as a whole."""
    return st.session_state.get(Key.ITEM)


def set_item(value: str | None) -> None:
    """Set or clear the item that is the query."""
    st.session_state[Key.ITEM] = value


def clear_query() -> None:
    """Forget everything that was brought."""
    put("image", None)
    put("audio", None)
    set_text("")
    set_item(None)


def query() -> Query:
    """What was brought, as the core takes it."""
    picture, sound = image(), audio()
    media = picture and picture.medium, text().strip() or None, sound and sound.medium
    return Query(*media, item_id(), text_language())  # type: ignore[arg-type]


def signature() -> Signature:
    """Tells whether two queries are the same without comparing pixels."""
    picture, sound = image(), audio()
    brought = picture and picture.digest, text().strip(), sound and sound.digest
    return *brought, item_id(), text_language()  # type: ignore[return-value]


def categories() -> tuple[str, ...]:
    """The categories that results are limited to; none means all."""
    return tuple(st.session_state.get(Key.CATEGORIES, ()))


def sources() -> tuple[str, ...]:
    """The sources that results are limited to; none means all."""
    return tuple(st.session_state.get(Key.SOURCES, ()))


def rerank() -> Rerank:
    """How results are rearranged."""
    held = st.session_state
    return Rerank(
        float(held.get(Key.DIVERSITY, 0.0)), float(held.get(Key.NOVELTY, 0.0)), bool(held.get(Key.DUPLICATES, False))
    )


def weight() -> float:
    """The profile's part in the score."""
    return float(st.session_state.get(Key.WEIGHT, WEIGHT))


def profile_text() -> str | None:
    """What the person says they like, or None."""
    return (st.session_state.get(Key.PROFILE_TEXT) or "").strip() or None


def set_profile_words(text: str | None, weight: float) -> None:
    """Set the profile's words and weight, and what their widgets show."""
    st.session_state[Key.PROFILE_TEXT], st.session_state[Key.WEIGHT] = text or "", weight


def alone() -> bool:
    """True where the profile is asked about without a query; anything that is brought ends it."""
    if not query().is_empty:
        set_alone(False)
    return bool(st.session_state.get(Key.ALONE, False))


def set_alone(value: bool) -> None:
    """Ask about the profile without a query, or no longer."""
    st.session_state[Key.ALONE] = value


def answer_for(asked: object) -> Recommendations | None:
    """The stored answer if it answers exactly ``asked``."""
    stored = st.session_state.get(Key.ANSWER)
    return stored[1] if stored and stored[0] == asked else None


def last_answer() -> Recommendations | None:
    """The latest recommendations of this session, if they belong to the present query."""
    stored = st.session_state.get(Key.ANSWER)
    return stored[1] if stored and stored[0][0] == signature() else None


def keep_answer(asked: object, answer: Recommendations) -> None:
    """Keep the recommendations for ``asked``; only the latest are held."""
    st.session_state[Key.ANSWER] = (asked, answer)


def explanation_for(asked: object) -> PairExplanation | None:
    """The stored explanation if it explains exactly ``asked``."""
    stored = st.session_state.get(Key.EXPLANATION)
    return stored[1] if stored and stored[0] == asked else None


def keep_explanation(asked: object, explanation: PairExplanation) -> None:
    """Keep the explanation of ``asked``; only the latest is held."""
    st.session_state[Key.EXPLANATION] = (asked, explanation)


def found_for(asked: Hashable) -> Any:
    """What ``asked`` was found to be, if it was run in this session; else None."""
    return st.session_state.get(Key.DEEPER, {}).get(asked)


def keep_found(asked: Hashable, found: object) -> None:
    """Keep what was found; the latest ``MOST_FINDINGS`` are held, so that one can go back and forth between sections."""
    kept = {**st.session_state.get(Key.DEEPER, {}), asked: found}
    st.session_state[Key.DEEPER] = dict(list(kept.items())[-MOST_FINDINGS:])


def job() -> Job | None:
    """The work that runs in the background for this session, or that has just ended."""
    return st.session_state.get(Key.JOB)


def set_job(value: Job | None) -> None:
    """Remember, or forget, the work in the background."""
    st.session_state[Key.JOB] = value


def problem(part: str) -> str | None:
    """Why the last upload of this part of the query was refused."""
    return st.session_state.get(Key.PROBLEMS, {}).get(part)


def set_problem(part: str, message: str | None) -> None:
    """Remember (or forget) why an upload was refused."""
    st.session_state[Key.PROBLEMS] = {**st.session_state.get(Key.PROBLEMS, {}), part: message}
