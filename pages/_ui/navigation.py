"""Who leads, the address or the session: the address as a visit begins and after Back or Forward, otherwise the session."""

from __future__ import annotations

from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages._ui import state


def address_leads() -> bool:
    """True where what the address says is followed, even where it says nothing."""
    return not state.started() or through_history()


def through_history() -> bool:
    """True in the run that the browser's Back or Forward brought about.

    Only streamlit's own context tells: an address that differs from the one written last may also be one that the browser
    sent before it had heard of the last.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation
