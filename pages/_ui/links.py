"""Deep links: the session's query <-> the address. What is in the catalogue or typed comes back; an upload, and what was heard in
one, is only named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from pages._ui import intake, language, models, navigation, settings_panel, state
from pages._ui.language import say
from pages._ui.state import Kind

LONGEST_TEXT = 2000
"""Characters of text that go into an address; a longer text is asked for again, like an upload."""
KINDS: tuple[Kind, ...] = ("image", "audio")
OF_PAGES = frozenset(("item", "models", "by", "viewer", language.PARAMETER, models.PARAMETER))
"""Parts of an address that say what a page shows of a query, and not what the query is."""


def parameters(item_id: str | None = None) -> dict[str, str]:
    """The address of the session's query, of the item that is explained, and of the language and the model in use."""
    item = {"item": item_id} if item_id else {}
    return item | _query() | language.parameter() | models.parameter()


def elsewhere(here_is_a_query: bool) -> dict[str, str]:
    """What links to the pages of a query hold: the query of the address where that leads, otherwise the session's."""
    if here_is_a_query and navigation.address_leads():
        return _named() | settled()
    return parameters()


def settled() -> dict[str, str]:
    """What links to every page hold: the language and the model, that of the address after Back or Forward."""
    named = st.query_params.get(models.PARAMETER)
    back_to = {models.PARAMETER: named} if named else {}
    return language.parameter() | (back_to if navigation.through_history() else models.parameter())


def write(item_id: str | None = None, **shown: str) -> None:
    """Put the query, and what is shown of it, into the address bar, if it is not there already: each change is one to go back to."""
    wanted = parameters(item_id) | _asked_for() | shown
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def rename_upload(kind: Kind) -> None:
    """Let the address name the upload that was just brought; one that is not the file of the link is said to be another."""
    brought, name = state.image() if kind == "image" else state.audio(), f"{kind}_upload"
    if brought is None:
        return
    if st.query_params.get(name, brought.digest) != brought.digest:
        st.toast(
            say("This is not the file of the link. What is shown is about the file you brought."),
            icon=":material/warning:",
        )
    st.query_params[name] = brought.digest


def rename_text() -> None:
    """Let the address name the text that was just brought again."""
    st.query_params.pop("text_upload", None)
    for key, value in _query().items():
        if key in ("text", "text_upload"):
            st.query_params[key] = value


def follow(service: core.Service, anyway: bool = False) -> None:
    """Make the session's query the one that the address names, where the address leads or ``anyway``.

    One that names none is followed only after Back or Forward: a link to another page need not repeat the query. Uploads that
    it names and that this session does not hold are ``state.wanted()`` afterwards.

    Raises:
        MMRecError: a part of the address cannot be had; the other parts are the query now.
    """
    leads, named = anyway or navigation.address_leads(), _named()
    state.start()
    if leads and (named or navigation.through_history()):
        _restore(service, named)


def leaves_text_out() -> bool:
    """Whether an address only names the query's text: a long one, or what was said in a recording."""
    text = state.text().strip()
    return text in state.heard_texts() or len(text) > LONGEST_TEXT


def _query() -> dict[str, str]:
    wanted: dict[str, str] = {}
    for kind, brought in zip(KINDS, (state.image(), state.audio()), strict=True):
        if brought is not None:
            wanted |= {f"{kind}_of": brought.item_id} if brought.item_id else {f"{kind}_upload": brought.digest}
    text = state.text().strip()
    if text:
        wanted |= {"text_upload": digest_of(text)} if leaves_text_out() else {"text": text}
        wanted |= {"language": code} if (code := state.text_language()) else {}
    if state.item_id():
        wanted["query_item"] = str(state.item_id())
    return wanted | settings_panel.parameters()


def _named() -> dict[str, str]:
    """What the address says of the query."""
    return {key: value for key, value in st.query_params.to_dict().items() if key not in OF_PAGES}


def _asked_for() -> dict[str, str]:
    """What the address says of parts that must be brought again, as long as nobody did."""
    names = [f"{kind}_upload" for kind in state.wanted()]
    return {name: st.query_params[name] for name in names if name in st.query_params}


def _restore(service: core.Service, named: Mapping[str, str]) -> None:
    """Take every part from the address; the first that cannot be had is told when the others are there."""
    if named == _query():
        state.set_wanted(())
        return
    parts: dict[str, Callable[[], bool]] = {
        "settings": lambda: settings_panel.restore(named),
        "image": lambda: _restore_medium(service, "image", named),
        "audio": lambda: _restore_medium(service, "audio", named),
        "text": lambda: _restore_text(service, named),
        "item": lambda: _restore_item(service, named),
    }
    missing: list[str] = []
    problems: list[MMRecError] = []
    for part, restored in parts.items():
        try:
            missing += [] if restored() else [part]
        except MMRecError as error:
            problems.append(error)
    state.set_wanted(tuple(missing))
    if problems:
        raise problems[0]


def _restore_medium(service: core.Service, kind: Kind, named: Mapping[str, str]) -> bool:
    """Bring one medium of the query in line with the address; False where it was an upload that is not here."""
    held = state.image() if kind == "image" else state.audio()
    upload, item_id = named.get(f"{kind}_upload"), named.get(f"{kind}_of")
    if upload:
        if held is not None and held.digest == upload:
            return True
        known = state.upload(kind, upload)
        if known is not None or held is not None:  # else a refusal that is to be shown would be forgotten
            state.put(kind, known)
        return known is not None
    if held is not None and item_id is not None and held.item_id == item_id:
        return True
    if held is not None:
        state.put(kind, None)
    if item_id is not None:
        intake.take_item_part(service, kind, service.item(item_id))
        if problem := state.problem(kind):
            raise MMRecError(problem)
    return True


def _restore_text(service: core.Service, named: Mapping[str, str]) -> bool:
    """Bring the text in line with the address; False where the address only names it and it is not here."""
    digest, here = named.get("text_upload"), state.text().strip()
    if digest is None:
        text: str | None = named.get("text", "")
    else:
        text = next((held for held in (here, *state.heard_texts()) if digest_of(held) == digest), None)
    if text != here:
        state.set_text(text)
    state.set_text_language(code if (code := named.get("language")) in service.languages() else None)
    return text is not None


def is_named(text: str) -> bool:
    """True for the text that the address names without holding it."""
    return st.query_params.get("text_upload") == digest_of(text)


def digest_of(text: str) -> str:
    """What names a text that an address does not hold."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _restore_item(service: core.Service, named: Mapping[str, str]) -> bool:
    """Make the item that the address names the query."""
    state.set_item(None)
    if query_item := named.get("query_item"):
        state.set_item(service.item(query_item).id)
    return True
