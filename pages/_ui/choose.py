"""What to explain: arriving with nothing, with a link whose upload is missing, or among the results of the last query."""

from __future__ import annotations

from textwrap import shorten

import streamlit as st

from mmrec_core import service as core
from pages._ui import ask, cache, composer, html, links, missing, shell, speech, state, tiles
from pages._ui.language import say, tell
from pages._ui.state import Kind

THEN = "Then this page explains {title}."


def start(service: core.Service, item_id: str | None = None) -> None:
    """The empty state: choose a query, then one of its results or any item. With ``item_id``, only the query is missing."""
    if not ask.is_possible(service):
        _choose_query(service, item_id)
        return
    st.html(
        html.notice(
            "image",
            say("Choose what to explain"),
            say("Your query: {title}. Take one of its results, or any item.", title=query_title(service)),
        )
    )
    answer = ask.recommend(service, int(composer.COUNT.default))
    grid = st.grid("auto", min_column_width=tiles.GALLERY_WIDTH, gap="small", key="mm-choices")
    for result in answer.results:
        with grid.container(gap="xxsmall"):
            tiles.frame(service, result.item)
            st.page_link(
                shell.EXPLAIN,
                label=f"{result.rank}. {result.item.title}",
                query_params=links.parameters(result.item.id),
            )
    chosen = composer.pick_item(cache.titles(service), say("Any item of the catalogue"), "mm-explain-item")
    if chosen:
        links.write(chosen)
        st.rerun()


def _choose_query(service: core.Service, item_id: str | None) -> None:
    what = f"“{service.item(item_id).title}”" if item_id else say("one item")
    st.html(
        html.notice(
            "image",
            say("Choose what to explain"),
            say(
                "This page shows why {what} answers a query. Press “Why?” on a recommendation, or choose a query here.",
                what=what,
            ),
        )
    )
    label = say("The query: any item of the catalogue")
    query_item = composer.pick_item(cache.titles(service), label, "mm-explain-query")
    if query_item:
        state.set_item(query_item)
        if item_id:
            links.write(item_id)
        st.rerun()
    tiles.gallery(service, say("Or one of these"), then=lambda: links.write(item_id))
    compose = say("Compose a query with a picture, a text or a sound")
    shell.link_home(compose)


def ask_again(service: core.Service, wanted: tuple[str, ...], item_id: str) -> None:
    """The query held what no link can bring back; words that were heard in a sound come with the sound."""
    missing.notice(wanted, say(THEN, title=service.item(item_id).title))
    if "text" in wanted:
        speech.listen(service, links.is_named)
    for kind in wanted:
        with st.container(key=f"mm-again-{kind}", gap="xsmall"):
            st.html(f'<div class="mm-panel-head">{html.dot(kind)}{say(html.name_of(kind))}</div>')
            if kind == "text":
                st.text_area(say("The text of the query"), key="mm-text-again", on_change=_take_text)
            else:
                _ask_medium(service, "image" if kind == "image" else "audio")


def _ask_medium(service: core.Service, kind: Kind) -> None:
    label = say("The {kind} of the query", kind=say(html.noun(kind)))
    composer.uploader(service, kind, label, lambda: links.rename_upload(kind))
    if problem := state.problem(kind):
        st.error(tell(problem), icon=":material/error:")


def _take_text() -> None:
    state.set_text(st.session_state["mm-text-again"])
    links.rename_text()


def neighbours(service: core.Service, current: str) -> None:
    """Links to the other results of the present query, where it has been answered; see ``jobs.bar`` on places kept."""
    answer = ask.last_answer(service)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="mm-neighbours"):
        for result in answer.results[:12] if answer else ():
            label = f"{result.rank}. {result.item.title}"
            if result.item.id == current:
                st.html(f'<span class="mm-here" aria-current="page">{html.escape(label)}</span>', width="content")
            else:
                st.page_link(shell.EXPLAIN, label=label, query_params=links.parameters(result.item.id))


def query_title(service: core.Service) -> str:
    """What the query is called: its item, or what it is made of."""
    if item_id := state.item_id():
        return service.item(item_id).title
    if state.alone():
        return say("Your profile")
    parts = {"image": state.image(), "text": state.text().strip(), "audio": state.audio()}
    if parts["text"] and not parts["image"] and not parts["audio"]:
        return f"“{shorten(state.text(), 60, placeholder=' …')}”"
    return " + ".join(say(html.name_of(kind)) for kind, part in parts.items() if part)


def link_note(shows: str, with_profile: bool = False) -> str:
    """Whether the address of this page can be shared as it is; ``shows`` is what is said where it can."""
    if with_profile:
        return say("The address of this page can be kept, but it never holds your profile: others see it without.")
    uploads = [brought for brought in (state.image(), state.audio()) if brought is not None and not brought.item_id]
    if uploads:
        return say(
            "The address of this page can be kept; since uploads are never stored, it will ask for your file again."
        )
    if links.leaves_text_out():
        return say(
            "The address of this page can be kept; since your text is not in it, it will ask for the text again."
        )
    return say(shows)
