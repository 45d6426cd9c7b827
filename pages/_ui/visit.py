"""A visit outlives a reload: its name lies in a cookie until the browser is closed, so that likes without a profile's name stay.

The cookie holds a random name and nothing else, and no address carries it: a link that is shared shares no profile.
"""

from __future__ import annotations

import re
import uuid

import streamlit as st

from pages._ui.state import Key

COOKIE = "mm_visit"
NAME = re.compile(r"[0-9a-f]{32}")


def keep() -> None:
    """Take the visit's name from the browser on the first run of a session; give the browser one where it has none."""
    held = str(st.context.cookies.get(COOKIE))
    known = bool(NAME.fullmatch(held))
    name = st.session_state.setdefault(Key.SESSION, held if known else uuid.uuid4().hex)
    if held != name:
        script = f"document.cookie = '{COOKIE}={name}; path=/; SameSite=Strict'"
        st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
