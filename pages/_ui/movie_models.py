"""Which model recommends movies: the choice of a session, and a trained one beside the one in use."""

from __future__ import annotations

import streamlit as st

from mmrec_core.evaluate.store import newest_by
from mmrec_core.evaluate.train_movies import PROTOCOL, SEEN_BY_SHIPPED, of_movies
from mmrec_core.interactions.shelf import DEFAULT, SHIPPED, MovieModel
from mmrec_core.types import Evaluation
from pages._ui import cache, html, models, shell, train_compare
from pages._ui.language import say, tell
from pages._ui.splits import SPLITS
from pages._ui.state import Key


def in_use() -> MovieModel:
    """The model this session uses; the shipped one where the chosen one is gone."""
    shelf = cache.movie_shelf()
    chosen = st.session_state.get(Key.MOVIE_MODEL, DEFAULT)
    return shelf.load(chosen if chosen in shelf.names() else DEFAULT)


def choose() -> MovieModel:
    """A choice where there are several."""
    names = cache.movie_shelf().names()
    if len(names) > 1:
        st.session_state[Key.MOVIE_MODEL] = in_use().name
        st.selectbox(say("Model in use"), names, key=Key.MOVIE_MODEL, format_func=models.title, width=260)
    return in_use()


def compare() -> None:
    """Trained models that were measured: each beside the one in use on the same people, and the switch."""
    found = of_movies(cache.evaluations())
    mine = in_use()
    others = newest_by([e for e in found if e.bundle not in (mine.title, SHIPPED.title)], _key)
    st.html(f"<h2>{say('Compare with the model in use')}</h2>")
    if not others:
        measured = say("Each training is measured on likes it has not seen when it ends.")
        st.html(html.notice("profile", say("Nothing to compare yet"), measured))
        return
    chosen = st.selectbox(say("Trained model"), list(others), key="mm-compare-movies", format_func=_title)
    new = others[chosen]
    rivals = [e for e in found if e.protocol == new.protocol and e.bundle in (mine.title, SHIPPED.title)]
    rivals.sort(key=lambda e: e.bundle != mine.title)
    if rivals:
        train_compare.show(new, rivals[0])
        if rivals[0].bundle == SHIPPED.title and new.protocol.endswith(SEEN_BY_SHIPPED):
            st.caption(
                say("The shipped model was chosen on some of the likes that are asked here, so its figures flatter it.")
            )
    _switch(new.bundle)


def _switch(bundle: str) -> None:
    name = bundle.partition("@")[0]
    shelf = cache.movie_shelf()
    if name not in shelf.names() or shelf.load(name).title != bundle:
        st.caption(say("This bundle is no longer on this machine; another of its name may be."))
        return
    st.caption(tell(shelf.load(name).recipe.sentence))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say("Use “{name}”", name=name),
            icon=":material/swap_horiz:",
            help=say("It recommends movies from now on in this session; the Movies page switches back."),
            key="mm-compare-use-movies",
            on_click=_use,
            args=(name,),
        )
        st.page_link(shell.MOVIES, label=say("Movies"), icon=":material/movie:")


def _use(name: str) -> None:
    st.session_state[Key.MOVIE_MODEL] = name


def _key(evaluation: Evaluation) -> tuple[str, str]:
    return evaluation.bundle, evaluation.protocol


def _title(key: tuple[str, str]) -> str:
    bundle, protocol = key
    name, _, digest = bundle.partition("@")
    split = protocol.removeprefix(PROTOCOL).strip()
    return f"{name} ({digest[:6]}) · {say(SPLITS.get(split, split))}"
