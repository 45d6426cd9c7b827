"""Home page, Recommend: bring a picture, a text, a sound, or all three; see real items, and why each is there."""

from __future__ import annotations

import streamlit as st

from mmrec_core import service as core
from mmrec_core.errors import MMRecError
from pages._ui import ask, composer, html, links, profile_panel, settings_panel, shell, state, tiles
from pages._ui.language import say


def main() -> None:
    """One run of the page: restore, compose, answer, show."""
    service = shell.bootstrap("Recommend")
    follow_address(service)
    st.html(f'<h1 class="mm-h1">{say("What are you looking for?")}</h1>')
    count = composer.draw(service)
    settings_panel.draw(service)
    bring_again()
    links.write()
    if ask.is_possible(service):
        show_answer(service, count)
    else:
        welcome(service)
    profile_panel.draw(service)


def show_answer(service: core.Service, count: int) -> None:
    """The recommendations, or why there are none."""
    try:
        answer = ask.recommend(service, count)
    except MMRecError as error:
        shell.problem(error)
    else:
        tiles.draw(service, answer)


def follow_address(service: core.Service) -> None:
    """Take the query from the address where that leads; what of it cannot be had is said, and the rest is asked with."""
    try:
        links.follow(service)
    except MMRecError as error:
        shell.problem(error)


def bring_again() -> None:
    """Say which uploads the address named that are not here, until they are or something else was brought in their place."""
    if wanted := state.wanted():
        names = f" {say('and')} ".join(say(html.noun(kind)) for kind in wanted)
        st.html(html.notice("audio", say("Bring it once more"), say(UPLOADS, names=names)))


def welcome(service: core.Service) -> None:
    """The empty state."""
    if state.wanted():
        return
    st.html(
        html.notice(
            "image",
            say("Bring a picture, a text or a sound"),
            say(
                "Any one of them is enough, and together they say more. Each result shows how much of its score came "
                "from each, and “Why?” shows what the model attended to. Not sure? Try one of the examples above."
            ),
        )
    )
    tiles.gallery(service)


UPLOADS = (
    "This address was made with an uploaded {names}. Uploads are never stored, so please bring the same file again."
)

main()
