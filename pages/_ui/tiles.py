"""Recommendations as tiles: the medium first, then what it is, then how its score came about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.types import Item, Recommendation, Recommendations, Verdict
from pages._ui import cache, html, links, reasons, shell, state
from pages._ui.language import say, tell

TILE_WIDTH = 216
GALLERY_WIDTH = 140


def draw(service: core.Service, answer: Recommendations) -> None:
    """The tiles of an answer. A verdict changes the profile, and so what is recommended."""
    _headline(answer)
    if not answer.results:
        st.html(html.notice("text", say("Nothing matches"), " ".join(map(tell, answer.notices))))
        return
    notes(answer.notices)
    said = service.verdicts(state.session())
    scale = html.extent(result.attribution for result in answer.results)
    grid = st.grid("auto", min_column_width=TILE_WIDTH, gap="small", key="mm-results")
    for result in answer.results:
        with grid.container(border=True, height="stretch", gap="xsmall", key=f"mm-tile-{result.rank}"):
            _tile(service, result, said.get(result.item.id), scale)


def notes(notices: Sequence[str]) -> None:
    """What must be said beside an answer."""
    if notices:
        lines = "<br>".join(html.escape(tell(notice)) for notice in notices)
        st.html(f'<div class="mm-notes" role="status">{lines}</div>')


def _headline(answer: Recommendations) -> None:
    total = sum(answer.timings_ms.values())
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="mm-headline"
    ):
        count = len(answer.results)
        title = say("1 recommendation") if count == 1 else say("{n} recommendations", n=count)
        st.html(f"<h2>{title}</h2>", width="content")
        with st.popover(f"{total:.0f} ms", icon=":material/timer:", help=say("How long each stage took")):
            timings(answer.timings_ms, answer.device)


def timings(timings_ms: Mapping[str, float], device: str | None = None) -> None:
    """Latency by stage as small bars."""
    longest = max([*timings_ms.values(), 1e-9])
    rows = "".join(
        f"<tr><td>{html.escape(say(stage))}</td><td><i style='width:{100 * ms / longest:.0f}%'></i></td><td>{ms:.1f} ms</td></tr>"
        for stage, ms in timings_ms.items()
    )
    measured = html.escape(say("Measured on {device} for this query.", device=device)) if device else ""
    where = f'<p class="mm-small">{measured}</p>' if device else ""
    st.html(f'<table class="mm-timings">{rows}</table>{where}')


def media(service: core.Service, item: Item) -> None:
    """An item's frame, and the player below it where it has a sound."""
    frame(service, item)
    if sound := service.audio_bytes(item) if item.audio else None:
        st.audio(sound, format=mime(item.audio or ""), alt=say("Sound of {title}", title=item.title))


def frame(service: core.Service, item: Item) -> None:
    """What an item looks like: its picture, or its sound's waveform, or its words."""
    small = cache.thumbnail(item.id, item.image, service)
    if small is not None:
        st.html(html.picture(small.address, small.mat, f"{item.title} ({say(item.category)})"))
    elif item.audio:
        label = say("Waveform of {title}", title=item.title)
        st.html(html.waveform(cache.waveform(item.id, item.audio, service), label))
    else:
        st.html(html.excerpt(item.text or item.title))


def mime(path: str) -> str:
    """The media type of a stored sound, by the ending the catalogue gave it."""
    endings = {"ogg": "audio/ogg", "oga": "audio/ogg", "mp3": "audio/mpeg", "flac": "audio/flac", "m4a": "audio/mp4"}
    return endings.get(path.rpartition(".")[2].lower(), "audio/wav")


def _tile(service: core.Service, result: Recommendation, verdict: Verdict | None, scale: tuple[float, float]) -> None:
    item = result.item
    media(service, item)
    tip = html.escape(html.score_tip(result.attribution), quote=True)
    st.html(
        f"{html.item_lines(item)}"
        f'<div class="mm-score"><span class="mm-small">#{result.rank} · {say("score")}</span>'
        f'<b class="mm-tip" tabindex="0" data-tip="{tip}">{result.score:.3f}</b></div>'
        f"{html.share_bar(result.attribution, scale)}"
        f"{reasons.because(result.attribution, cache.titles(service))}{reasons.moved(result.rank, result.moves)}"
    )
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center", key=f"mm-acts-{result.rank}"):
        _verdict_button(service, result, Verdict.LIKE, verdict)
        _verdict_button(service, result, Verdict.DISLIKE, verdict)
        similar = st.button(
            say("Similar"),
            key=f"mm-more-{result.rank}",
            type="tertiary",
            help=say("Search with {title} itself: its picture, words and sound", title=item.title),
            on_click=_more_like,
            args=(item.id,),
        )
        if similar:
            st.rerun(scope="app")  # the composer lies outside this fragment
        st.page_link(
            shell.EXPLAIN,
            label=say("Why?"),
            help=say("Explain why {title} is recommended", title=item.title),
            query_params=links.parameters(item.id),
        )


def _verdict_button(service: core.Service, result: Recommendation, kind: Verdict, said: Verdict | None) -> None:
    chosen = said == kind
    like = kind == Verdict.LIKE
    word, icon = (say("Like"), "thumb_up") if like else (say("Dislike"), "thumb_down")
    undo = say("Liked; click to take it back") if like else say("Disliked; click to take it back")
    st.button(
        word,
        icon=f":material/{icon}:",
        key=f"mm-{kind}-{result.rank}",
        type="primary" if chosen else "tertiary",
        help=undo if chosen else word,
        on_click=_judge,
        args=(service, result, kind, chosen),
    )


def _judge(service: core.Service, result: Recommendation, kind: Verdict, chosen: bool) -> None:
    try:
        if chosen:
            service.undo(result.item.id, session=state.session())
            return
        judge = service.like if kind == Verdict.LIKE else service.dislike
        judge(result.item.id, session=state.session(), query=state.query(), rank=result.rank)
        if state.weight() > 0:
            told = say("“{title}” is in your profile now, and the list follows it.", title=result.item.title)
            st.toast(told, icon=":material/person_heart:")
    except MMRecError as error:
        st.toast(tell(error.message), icon=":material/error:")


def gallery(service: core.Service, title: str | None = None, then: Callable[[], None] | None = None) -> None:
    """A few pictures of the catalogue to start from, one of each of its largest categories; ``then`` follows the choice."""
    st.html(f'<div class="mm-small">{html.escape(title or say("Or start from something in the catalogue"))}</div>')
    grid = st.grid("auto", min_column_width=GALLERY_WIDTH, gap="small", key="mm-gallery")
    for number, item in enumerate(cache.showcase(service)):
        with grid.container(gap="xxsmall", key=f"mm-show-{number}"):
            frame(service, item)
            st.button(
                item.title,
                key=f"mm-start-{number}",
                type="tertiary",
                help=_start_tip(item),
                on_click=_more_like,
                args=(item.id, then),
            )


def _start_tip(item: Item) -> str:
    if item.audio:
        return say("Search with {title}: its picture, its words, its sound", title=item.title)
    return say("Search with {title}: its picture, its words", title=item.title)


def _more_like(item_id: str, then: Callable[[], None] | None = None) -> None:
    state.clear_query()
    state.set_item(item_id)
    if then is not None:
        then()
