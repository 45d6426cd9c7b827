"""Deep links: the session's query <-> the address. What is in the catalogue or typed comes back; an upload is only named."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from pages._ui import intake, language, models, settings_panel, state
from pages._ui.state import Kind

LONGEST_TEXT = 2000
"""Characters of text that go into an address; a longer text is asked for again, like an upload."""
KINDS: tuple[Kind, ...] = ("image", "audio")
OF_PAGES = frozenset(("item", "models", "by", language.PARAMETER, models.PARAMETER))
"""Parts of an address that say what a page shows of a query, and not what the query is."""


def parameters(item_id: str | None = None) -> dict[str, str]:
    """The address of the session's query, and of the item that is explained."""
    wanted: dict[str, str] = {}
    for kind, brought in zip(KINDS, (state.image(), state.audio()), strict=True):
        if brought is not None:
            wanted |= {f"{kind}_of": brought.item_id} if brought.item_id else {f"{kind}_upload": brought.digest}
    text = state.text().strip()
    if text:
        wanted |= {"text": text} if len(text) <= LONGEST_TEXT else {"text_upload": str(len(text))}
        wanted |= {"language": code} if (code := state.text_language()) else {}
    if state.item_id():
        wanted["query_item"] = str(state.item_id())
    wanted |= settings_panel.parameters()
    return {"item": item_id, **wanted} if item_id else wanted


def write(item_id: str | None = None) -> None:
    """Put the query into the address bar, if it is not there already."""
    wanted = parameters(item_id) | language.parameter() | models.parameter()
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def rename_upload(kind: Kind) -> None:
    """Let the address name the upload that was just brought, whichever file it is."""
    brought = state.image() if kind == "image" else state.audio()
    if brought is not None:
        st.query_params[f"{kind}_upload"] = brought.digest


def rename_text() -> None:
    """Let the address name the text that was just brought again."""
    st.query_params.pop("text_upload", None)
    for key, value in parameters().items():
        if key in ("text", "text_upload"):
            st.query_params[key] = value


def restore(service: core.Service) -> tuple[str, ...]:
    """Make the session's query the one that the address names; where it names none, the session's stays.

    Returns:
        the parts that were uploads and are not in this session: they must be brought again.

    Raises:
        MMRecError: the address names an item that the catalogue does not hold.
    """
    named = {key: value for key, value in st.query_params.to_dict().items() if key not in OF_PAGES}
    if not named or named == parameters():
        return ()
    settings_panel.restore(named)
    missing: list[str] = [kind for kind in KINDS if not _restore_medium(service, kind, named)]
    if "text_upload" not in named:
        state.set_text(named.get("text", ""))
        state.set_text_language(code if (code := named.get("language")) in service.languages() else None)
    elif str(len(state.text().strip())) != named["text_upload"]:
        missing.append("text")
    if query_item := named.get("query_item"):
        service.item(query_item)
    state.set_item(query_item)
    return tuple(missing)


def _restore_medium(service: core.Service, kind: Kind, named: Mapping[str, str]) -> bool:
    """Bring one medium of the query in line with the address; False where it was an upload that is not here."""
    held = state.image() if kind == "image" else state.audio()
    upload, item_id = named.get(f"{kind}_upload"), named.get(f"{kind}_of")
    if upload:
        if held is not None and held.digest == upload:
            return True
        state.put(kind, None)
        return False
    if item_id is None:
        if held is not None:
            state.put(kind, None)
    elif held is None or held.item_id != item_id:
        intake.take_item_part(service, kind, service.item(item_id))
        if problem := state.problem(kind):
            raise MMRecError(problem)
    return True
