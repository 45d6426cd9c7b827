"""How results are limited and rearranged, and settings that outlive a page."""

from __future__ import annotations

import streamlit as st

from mmrec_core.types import Rerank
from pages._ui.state.keys import Key

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


def keep_settings() -> None:
    """Carry the values of widgets that only one page draws over a page change."""
    for key in SETTINGS:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


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
