"""Your profile: what was liked and disliked as small pictures, in one's own words, how much it counts, and under a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from mmrec_core.registry import Option
from mmrec_core.types import Profile, Verdict
from pages._ui import ask, cache, controls, html, state, tiles
from pages._ui.language import say, tell
from pages._ui.state import Key

T = TypeVar("T")
WEIGHT = Option(
    "weight",
    state.WEIGHT,
    "Weight of your profile",
    help="Its part w in the score: (1 − w) · query + w · profile. At 0 it does not count; without a query it is all.",
    minimum=0.0,
    maximum=1.0,
)
THUMBNAIL = 84
"""Pixels across."""
EMPTY = (
    "Like or dislike a result, or say in words what you like: it gathers here and moves what is recommended. "
    "Nothing of it leaves this machine."
)


def draw(service: core.Service) -> None:
    """The panel; empty, it is one calm line."""
    profile = ask.profile(service)
    with st.container(border=True, key="mm-profile", gap="small"):
        _head(service, profile)
        if profile.liked or profile.disliked:
            _judged(service, profile)
        elif not profile.text:
            st.html(f'<p class="mm-small">{say(EMPTY)}</p>')
        words, weight, go = st.columns([5, 4, 2.6], gap="medium", vertical_alignment="bottom")
        words.text_input(
            say("In your own words"),
            key=Key.PROFILE_TEXT,
            placeholder=say("e.g. quiet nature, wooden instruments"),
            max_chars=2000,
            on_change=_keep_words,
            args=(service,),
        )
        with weight:
            controls.draw(WEIGHT, Key.WEIGHT)
        go.button(
            say("From my profile only"),
            icon=":material/person_heart:",
            key="mm-profile-go",
            disabled=profile.is_empty or state.alone(),
            help=say("Clears the query and recommends from your profile alone."),
            on_click=_alone,
            width="stretch",
        )
        if problem := state.problem("profile"):
            st.error(tell(problem), icon=":material/error:")


def _head(service: core.Service, profile: Profile) -> None:
    liked, disliked = len(profile.liked), len(profile.disliked)
    likes = say("1 like") if liked == 1 else say("{n} likes", n=liked) if liked else ""
    dislikes = say("1 dislike") if disliked == 1 else say("{n} dislikes", n=disliked) if disliked else ""
    counts = " · ".join(filter(None, (likes, dislikes)))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        st.html(
            f'<div class="mm-panel-head">{html.dot("profile")}{say("Your profile")} '
            f'<span class="mm-small">{counts}</span></div>',
            width="content",
        )
        with st.popover(say("Save or load"), icon=":material/bookmark:", key="mm-profile-kept"):
            _kept(service, profile)


def _judged(service: core.Service, profile: Profile) -> None:
    """Thumbnails, newest first, each with a way to take it back."""
    said = [(item_id, Verdict.LIKE) for item_id in reversed(profile.liked)]
    said += [(item_id, Verdict.DISLIKE) for item_id in reversed(profile.disliked)]
    with st.container(horizontal=True, gap="xsmall", key="mm-profile-items"):
        for number, (item_id, verdict) in enumerate(said):
            with st.container(width=THUMBNAIL, gap=None, key=f"mm-judged-{verdict}-{number}"):
                title = _thumbnail(service, item_id)
                like = verdict == Verdict.LIKE
                liked = say("You liked {title}; click to take it out of your profile", title=title)
                disliked = say("You disliked {title}; click to take it out of your profile", title=title)
                st.button(
                    _named(say("Liked ✕") if like else say("Disliked ✕"), title),
                    key=f"mm-remove-{number}",
                    type="tertiary",
                    help=liked if like else disliked,
                    on_click=_try,
                    args=(service.undo, item_id),
                    kwargs={"session": state.session()},
                )


def _named(label: str, title: str) -> str:
    """The label of a button that also names the item, for those who hear it (``app.css`` hides the title): a help is no name."""
    plain = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(title.split()))
    return f"{label} *{plain}*"


def _thumbnail(service: core.Service, item_id: str) -> str:
    """The item's frame, or a sign that it is gone; returns its title."""
    item = cache.titles(service).get(item_id)
    if item is None:
        st.html(
            f'<div class="mm-frame mm-gone" title="{html.escape(item_id, quote=True)}">{say("no longer here")}</div>'
        )
        return item_id
    tiles.frame(service, item)
    return item.title


def _kept(service: core.Service, profile: Profile) -> None:
    """Under a name, on this machine only."""
    st.caption(say("Stored on this machine only; whoever uses the app here can load it."))
    with st.form("mm-profile-save", border=False):
        name = st.text_input(say("Save as"), key="mm-profile-name", max_chars=60, placeholder=say("A name"))
        if st.form_submit_button(say("Save"), icon=":material/save:", disabled=profile.is_empty):
            _try(service.profiles.save, name, profile)
            if not state.problem("profile"):
                st.toast(say("Saved as {name}", name=name.strip()), icon=":material/bookmark_added:")
    if names := service.profiles.names():
        chosen = st.selectbox(say("Stored profiles"), names, key="mm-profile-chosen")
        load, forget = st.columns(2)
        load.button(say("Load"), key="mm-profile-load", on_click=_load, args=(service, chosen), width="stretch")
        forget.button(
            say("Forget"),
            key="mm-profile-forget",
            on_click=_try,
            args=(service.profiles.forget, chosen),
            width="stretch",
        )
    if not profile.is_empty:
        empty = say("Empty this panel")
        st.button(say("Start afresh"), key="mm-profile-clear", help=empty, on_click=_clear, args=(service,))


def _load(service: core.Service, name: str) -> None:
    if (profile := _try(service.profiles.load, name, state.session())) is not None:
        state.set_profile_words(profile.text, profile.weight)


def _clear(service: core.Service) -> None:
    _try(service.profiles.clear, state.session())
    if not state.problem("profile"):
        state.set_profile_words(None, state.WEIGHT)


def _keep_words(service: core.Service) -> None:
    _try(service.profiles.keep_words, state.session(), state.profile_text())


def _alone() -> None:
    state.clear_query()
    state.set_alone(True)


def _try(do: Callable[..., T], *arguments: object, **named: object) -> T | None:
    """Call the service; a refusal is shown in the panel."""
    state.set_problem("profile", None)
    try:
        return do(*arguments, **named)
    except MMRecError as error:
        state.set_problem("profile", error.message)
        return None
