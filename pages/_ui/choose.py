"""What to explain: arriving with nothing, with a link whose upload is missing, or among the results of the last query."""

from __future__ import annotations

import streamlit as st

from mmrec_core import service as core
from pages._ui import cache, composer, html, links, shell, state
from pages._ui.state import Kind


def start(service: core.Service, item_id: str | None = None) -> None:
    """The empty state: choose a result of the last query, or any two items."""
    st.html(
        html.notice(
            "image",
            "Choose what to explain",
            "This page shows why one item answers one query. Press “Why?” on a recommendation, or choose here.",
        )
    )
    if neighbours(None):
        return
    items = cache.titles(service)
    left, right = st.columns(2, gap="large")
    with left:
        query_item = None
        if state.query().is_empty:
            query_item = composer.pick_item(items, "The query: anything of the catalogue", "mm-explain-query")
        else:
            st.html(f'<div class="mm-side-head">The query</div>{html.escape(query_title(service))}')
    with right:
        chosen = item_id or composer.pick_item(items, "The item to explain", "mm-explain-item")
    if chosen and (query_item or not state.query().is_empty):
        if query_item:
            state.set_item(query_item)
        links.write(chosen)
        st.rerun()
    st.page_link(shell.HOME, label="Compose a query with a picture, a text or a sound", icon=":material/grid_view:")


def ask_again(service: core.Service, missing: tuple[str, ...], item_id: str) -> None:
    """The query held an upload, which no link can bring back."""
    names = " and ".join(html.noun(kind) for kind in missing)
    st.html(
        html.notice(
            "audio",
            "Bring it once more",
            f"The query of this link held an uploaded {names}. Uploads are never stored, so please bring the same file again: "
            f"then this page explains {service.item(item_id).title}.",
        )
    )
    for kind in missing:
        if kind == "text":
            st.text_area("The text of the query", key="mm-text-again", on_change=_take_text)
        else:
            _ask_medium(service, "image" if kind == "image" else "audio")


def _ask_medium(service: core.Service, kind: Kind) -> None:
    composer.uploader(service, kind, f"The {html.noun(kind)} of the query", lambda: links.rename_upload(kind))
    if problem := state.problem(kind):
        st.error(problem, icon=":material/error:")


def _take_text() -> None:
    state.set_text(st.session_state["mm-text-again"])
    links.rename_text()


def neighbours(current: str | None) -> bool:
    """Links to the other results of the present query; False where there are none."""
    answer = state.last_answer()
    if answer is None or not answer.results:
        return False
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="mm-neighbours"):
        for result in answer.results[:12]:
            label = f"{result.rank}. {result.item.title}"
            if result.item.id == current:
                st.html(f'<span class="mm-here" aria-current="page">{html.escape(label)}</span>', width="content")
            else:
                st.page_link(shell.EXPLAIN, label=label, query_params=links.parameters(result.item.id))
    return True


def query_title(service: core.Service) -> str:
    """What the query is called: its item, or what it is made of."""
    if item_id := state.item_id():
        return service.item(item_id).title
    parts = {"image": state.image(), "text": state.text().strip(), "audio": state.audio()}
    return " + ".join(html.name_of(kind) for kind, part in parts.items() if part)


def link_note() -> str:
    """Whether the address of this page can be shared as it is."""
    uploads = [brought for brought in (state.image(), state.audio()) if brought is not None and not brought.item_id]
    if uploads:
        return "The address of this page can be kept; since uploads are never stored, it will ask for your file again."
    return "The address of this page shows the same explanation to whoever opens it on this catalogue."
