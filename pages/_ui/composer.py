"""The composer: three panels side by side for what a person brings. Each shows either how to bring it or what was brought."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.registry import Option
from mmrec_core.types import Example, Item
from pages._ui import cache, controls, html, intake, settings_panel, speech, state, uploads
from pages._ui.language import say, tell
from pages._ui.state import Brought, Key, Kind

COUNT = Option("count", 10, "Results", help="How many items to recommend.", minimum=4, maximum=40)
PICTURES = ("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff")
SOUNDS = ("wav", "mp3", "ogg", "oga", "opus", "flac", "m4a", "aac", "wma", "aiff", "aif", "webm", "mp4")
TEXT_HEIGHT = 100
"""Pixels: as high as the panel for an upload beside it."""
UPLOAD, CAMERA, MICROPHONE, CATALOGUE = "Upload", "Camera", "Microphone", "Catalogue"


def draw(service: core.Service) -> int:
    """Examples, the three panels, and the row below them; returns the number of results asked for."""
    _examples(service, cache.examples(service))
    state.take_words()
    image, text, audio = st.columns(3, gap="small")
    with image, _panel("image"):
        _medium_panel(service, "image", state.image(), (UPLOAD, CAMERA, CATALOGUE))
    with text, _panel("text"):
        _text_panel(service)
    with audio, _panel("audio"):
        _medium_panel(service, "audio", state.audio(), (UPLOAD, MICROPHONE, CATALOGUE))
        speech.listen(service)
    return _bottom_row(service)


def _examples(service: core.Service, examples: Sequence[Example]) -> None:
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="mm-examples"):
        st.html(f'<span class="mm-small">{say("Try")}</span>', width="content")
        for number, example in enumerate(examples):
            icons = {"image": example.image_of, "text": example.text, "audio": example.audio_of}
            parts = say(", ").join(say(html.noun(m)) for m, there in icons.items() if there)
            st.button(
                tell(example.title),
                key=f"mm-example-{number}",
                help=say("An example with {parts}", parts=parts),
                on_click=_take_example,
                args=(service, example),
            )
    if problem := state.problem("example"):
        st.error(tell(problem), icon=":material/error:")


def _take_example(service: core.Service, example: Example) -> None:
    state.set_problem("example", None)
    try:
        intake.take_example(service, example)
    except MMRecError as error:
        state.set_problem("example", error.message)


def _panel(modality: str) -> st.delta_generator.DeltaGenerator:
    panel = st.container(border=True, height="stretch", key=f"mm-panel-{modality}")
    panel.html(f'<div class="mm-panel-head">{html.dot(modality)}{say(html.name_of(modality))}</div>')
    return panel


def _medium_panel(service: core.Service, kind: Kind, brought: Brought | None, ways: tuple[str, ...]) -> None:
    if brought is not None:
        _show_brought(kind, brought)
        return
    way = st.segmented_control(
        say("How to bring the {kind}", kind=say(html.noun(kind))),
        ways,
        format_func=say,
        default=ways[0],
        required=True,
        key=f"mm-way-{kind}",
        label_visibility="collapsed",
        width="stretch",
    )
    bring = {UPLOAD: _upload, CAMERA: _camera, MICROPHONE: _microphone, CATALOGUE: _from_catalogue}[way or ways[0]]
    bring(service, kind)
    if problem := state.problem(kind):
        st.error(tell(problem), icon=":material/error:")


def _show_brought(kind: Kind, brought: Brought) -> None:
    if kind == "image":
        st.image(brought.shown, width="stretch", alt=say("The picture of the query: {title}", title=brought.title))
    else:
        peaks = html.bars(cache.peaks(brought.medium.samples, 64))
        label = say("Waveform of the query")
        st.html(f'<div class="mm-brought-sound" role="img" aria-label="{label}">{peaks}</div>')
        alt = say("The sound of the query: {title}", title=brought.title)
        st.audio(brought.shown, format="audio/wav", alt=alt)
        speech.transcript(brought)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        seconds = f" · {brought.medium.seconds:.1f} {say('s')}" if kind == "audio" else ""
        origin = say("from the catalogue") if brought.item_id else say("yours, kept in memory only")
        name = f"{html.escape(brought.title)}{seconds}"
        st.html(f'<div class="mm-small mm-brought">{name}<br>{origin}</div>', width="content")
        label = say("Remove the {kind}", kind=say(html.noun(kind)))
        st.button(
            say("Clear"),
            icon=":material/close:",
            key=f"mm-clear-{kind}",
            help=label,
            on_click=state.forget,
            args=(kind,),
        )


def uploader(service: core.Service, kind: Kind, label: str, then: Callable[[], None] | None = None) -> None:
    """The upload widget of one kind; what it gets becomes part of the query, and ``then`` is called."""
    key = f"mm-upload-{kind}-{state.rotation(kind)}"
    types = PICTURES if kind == "image" else SOUNDS
    st.file_uploader(
        label,
        types,
        key=key,
        on_change=_take_widget,
        args=(service, kind, key, None, then),
        label_visibility="collapsed",
    )


def _upload(service: core.Service, kind: Kind) -> None:
    uploader(service, kind, say("Upload a {kind}", kind=say(html.noun(kind))))


def _camera(service: core.Service, kind: Kind) -> None:
    key = f"mm-camera-{state.rotation(kind)}"
    args = (service, kind, key, say("Photo from the camera"))
    st.camera_input(say("Take a photo"), key=key, on_change=_take_widget, args=args, label_visibility="collapsed")


def _microphone(service: core.Service, kind: Kind) -> None:
    key = f"mm-microphone-{state.rotation(kind)}"
    args = (service, kind, key, say("Recording from the microphone"))
    st.audio_input(
        say("Record a sound"),
        sample_rate=44100,
        key=key,
        on_change=_take_widget,
        args=args,
        label_visibility="collapsed",
    )


def _take_widget(
    service: core.Service, kind: Kind, key: str, title: str | None, then: Callable[[], None] | None = None
) -> None:
    if (file := uploads.take(key)) is not None:
        intake.take_upload(service, kind, file.getvalue(), title or file.name)
        if then:
            then()


def _from_catalogue(service: core.Service, kind: Kind) -> None:
    items = {id_: item for id_, item in cache.titles(service).items() if getattr(item, kind)}
    key = f"mm-pick-{kind}-{state.rotation(kind)}"
    label = say("Search {count:,} items with a {kind}", count=len(items), kind=say(html.noun(kind)))
    pick_item(items, label, key)
    if chosen := st.session_state.get(key):
        intake.take_item_part(service, kind, items[chosen])
        st.rerun()


def pick_item(items: dict[str, Item], label: str, key: str) -> str | None:
    """A search box over titles; returns the id that was chosen."""
    return st.selectbox(
        label,
        list(items),
        index=None,
        format_func=lambda id_: f"{items[id_].title} · {say(items[id_].category)} · {items[id_].source}",
        placeholder=say("Type a title …"),
        key=key,
    )


def _text_panel(service: core.Service) -> None:
    st.session_state.setdefault(Key.TEXT_BOX, state.text())
    st.text_area(
        say("Describe what you are looking for"),
        key=Key.TEXT_BOX,
        on_change=state.read_text_box,
        placeholder=say("e.g. a calm bird by the water"),
        height=TEXT_HEIGHT,
        label_visibility="collapsed",
    )
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.html(f'<span class="mm-small">{say("Ctrl + Enter to search")}</span>', width="content")
        if state.text():
            st.button(
                say("Clear"),
                icon=":material/close:",
                key="mm-clear-text",
                help=say("Remove the {kind}", kind=say("text")),
                on_click=state.set_text,
                args=("",),
            )
    if problem := state.problem("text"):
        st.error(tell(problem), icon=":material/error:")
    speech.language_row(service)


def _clear_all() -> None:
    """What was uploaded is not kept for going back either; nor are limits, which would go on unseen."""
    state.clear_query()
    state.forget("image", "audio")
    settings_panel.forget_limits()


def _bottom_row(service: core.Service) -> int:
    summary = cache.summary(service)
    if item_id := state.item_id():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            title = html.escape(service.item(item_id).title)
            like = say("Like <b>{title}</b>, with its picture, words and sound", title=title)
            st.html(f'<span class="mm-chip">{like}</span>', width="content")
            st.button(say("Clear"), icon=":material/close:", key="mm-clear-item", on_click=state.set_item, args=(None,))
    count, limits, clear, go = st.columns([3, 4, 1.4, 2], vertical_alignment="bottom", gap="medium")
    with count:
        number = controls.draw(COUNT, Key.COUNT)
    limits.multiselect(
        say("Limit to categories"),
        sorted(summary.by_category),
        key=Key.CATEGORIES,
        placeholder=say("All {count}", count=len(summary.by_category)),
        format_func=lambda name: f"{say(name)} ({summary.by_category[name]:,})",
    )
    clear.button(
        say("Clear all"),
        on_click=_clear_all,
        disabled=state.query().is_empty and not settings_panel.limits(),
        width="stretch",
    )
    go.button(say("Recommend"), type="primary", icon=":material/auto_awesome:", width="stretch", key="mm-go")
    return int(number)
