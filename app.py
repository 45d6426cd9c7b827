"""Home page, Recommend: bring a picture, a text, a sound, or all three; see real items, and why each is there."""

from __future__ import annotations

import streamlit as st

from mmrec_core import service as core
from pages._ui import ask, composer, html, links, missing, profile_panel, settings_panel, shell, state, tiles
from pages._ui.language import say


def main() -> None:
    """One run of the page: restore, compose, answer, show; what cannot be had is said in its place."""
    service = shell.bootstrap("Recommend")
    with shell.problems_told():
        links.follow(service)
    st.html(f'<h1 class="mm-h1">{say("What are you looking for?")}</h1>')
    count = composer.draw(service)
    settings_panel.draw(service)
    bring_again()
    links.write()
    with shell.problems_told():
        if ask.is_possible(service):
            tiles.draw(service, ask.recommend(service, count))
        else:
            welcome(service)
    with shell.problems_told():
        profile_panel.draw(service)


def bring_again() -> None:
    """Say which uploads the address named that are not here, until they are or something else was brought in their place."""
    if wanted := state.wanted():
        missing.notice(wanted)


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


main()
