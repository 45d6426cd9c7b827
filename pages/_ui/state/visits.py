"""The visit itself: its name, and whether it has begun."""

from __future__ import annotations

import uuid

import streamlit as st

from pages._ui.state.keys import Key


def session() -> str:
    """A name for this visit, under which verdicts are stored."""
    return str(st.session_state.setdefault(Key.SESSION, uuid.uuid4().hex))


def started() -> bool:
    """True once this session has been on a page of a query; before that, an address may bring one."""
    return bool(st.session_state.get(Key.STARTED, False))


def start() -> None:
    """From now on, the session leads."""
    st.session_state[Key.STARTED] = True
