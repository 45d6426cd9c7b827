"""The work that runs in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages._ui.state.keys import Key

if TYPE_CHECKING:
    from pages._ui.jobs import Job


def job() -> Job | None:
    """The work that runs in the background for this session, or that has just ended."""
    return st.session_state.get(Key.JOB)


def set_job(value: Job | None) -> None:
    """Remember, or forget, the work in the background."""
    st.session_state[Key.JOB] = value
