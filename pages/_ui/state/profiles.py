"""What the person says of themselves, how much it counts, and whether it is asked about alone."""

from __future__ import annotations

import streamlit as st

from mmrec_core.media.text import clean_text
from mmrec_core.types import Profile
from pages._ui.state.keys import Key
from pages._ui.state.queries import query

WEIGHT = Profile.weight
"""Of the profile in the score, until someone changes it."""


def weight() -> float:
    """The profile's part in the score."""
    return float(st.session_state.get(Key.WEIGHT, WEIGHT))


def profile_text() -> str | None:
    """What the person says they like, or None."""
    return clean_text(st.session_state.get(Key.PROFILE_TEXT) or "") or None


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
