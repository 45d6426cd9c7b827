"""Movies: what a person rated, what is recommended to them, and which of their ratings brought each recommendation."""

from __future__ import annotations

import streamlit as st

from mmrec_core.errors import MMRecError, NotSetUpError
from mmrec_core.settings import get_settings
from pages._ui import cache, html, movie_models, movies, shell
from pages._ui.language import say, tell

SHOWN = 12


def main() -> None:
    """One run of the page; without MovieLens it says how to get it."""
    shell.bootstrap("Movies")
    st.html(f'<h1 class="mm-h1">{say("What would they watch next?")}</h1>')
    try:
        movies.encode(get_settings())
        draw()
    except NotSetUpError as error:
        st.html(html.notice("profile", say("MovieLens is not on this machine"), tell(error.message)))
    except MMRecError as error:
        shell.problem(error)


def draw() -> None:
    """The person first, then what they saw, then what is recommended with its reasons."""
    chosen = movie_models.in_use()
    with st.spinner(say("Loading MovieLens …")):
        service = cache.movies(chosen.name, chosen.hash)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        viewer = movies.choose_viewer(service)
        movie_models.choose()
    movies.draw_notices(service)
    history = service.history(viewer)
    movies.draw_history(history, service.likes(viewer))
    with st.spinner(say("Ranking every movie they have not rated …")):
        found = service.recommend(viewer, SHOWN)
    movies.draw_recommendations(found, history)
    movies.draw_evidence()


main()
