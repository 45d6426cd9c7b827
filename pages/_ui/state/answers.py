"""What was answered and found, each beside what was asked."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import streamlit as st

from mmrec_core.types import PairExplanation, Recommendations
from pages._ui.state.keys import Key
from pages._ui.state.queries import signature

MOST_FINDINGS = 24
"""Runs of explainers that one session remembers."""


def answer_for(asked: object) -> Recommendations | None:
    """The stored answer if it answers exactly ``asked``."""
    stored = st.session_state.get(Key.ANSWER)
    return stored[1] if stored and stored[0] == asked else None


def last_answer(model: str) -> Recommendations | None:
    """The latest recommendations of this session, if they belong to the present query and the bundle of this hash."""
    stored = st.session_state.get(Key.ANSWER)
    return stored[1] if stored and (stored[0][0], stored[0][-1]) == (signature(), model) else None


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
