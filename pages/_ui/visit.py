"""A visit outlives a reload: its name lies in a cookie until the browser is closed, so that a profile without a name stays.

The cookie holds a random name and nothing else, and no address carries it: a link that is shared shares no profile.
"""

from __future__ import annotations

import re
import uuid

import streamlit as st

from mmrec_core import service as core
from pages._ui import state
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


def recall_words(service: core.Service) -> None:
    """On the first run of a session, what the person had said of themselves before the page was loaded again."""
    if Key.PROFILE_TEXT not in st.session_state:
        st.session_state[Key.PROFILE_TEXT] = service.profiles.words(state.session()) or ""
