"""What a browser sends stays in memory, and there no longer than it takes to read it."""

from __future__ import annotations

import streamlit as st
from starlette.formparsers import MultiPartParser
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

NEVER = 0
"""As the size from which on a temporary file is written to disk."""


def stay_in_memory() -> None:
    """Let the server hold what it receives in memory, whatever its size, which ``server.maxUploadSize`` limits.

    By itself it writes what is larger than 1 MiB to a temporary file on its way.
    """
    MultiPartParser.spool_max_size = NEVER


def take(key: str) -> UploadedFile | None:
    """The file that the widget of this key got. The server forgets it: once decoded, its bytes and metadata are not needed.

    Streamlit itself would keep it until the visit ends, since a widget that is no longer drawn is never emptied.
    """
    file = st.session_state.get(key)
    if not isinstance(file, UploadedFile):  # a browser still names one that was forgotten, for a moment
        return None
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        manager = context.uploaded_file_mgr
        if isinstance(manager, MemoryUploadedFileManager):
            manager.remove_file(context.session_id, file.file_id)
    return file
