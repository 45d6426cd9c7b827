"""The parts of the Movies page: whose history it is, the history, and recommendations that say because of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from mmrec_core.interactions.content import encode_movies, needs_encoding
from mmrec_core.service.movies import Movies
from mmrec_core.settings import Settings
from mmrec_core.types import Movie, MovieRecommendation, Progress, RatedMovie, Viewer
from pages._ui import cache, html, language, movie_reasons, navigation, shell
from pages._ui.language import say, tell
from pages._ui.state import Key

HISTORY_SHOWN = 16
POSTER_WIDTH, TILE_WIDTH = 104, 212
VIEWER = "mm-viewer"
SHARES_HELP = (
    "The score is a sum over the rated movies, so each share is exact: attention to that rating (recent ones count more) times "
    "what the movie says of this one, by people who liked both and by content. Per cents are of all that speaks for the movie, "
    "so those that speak for it add up to 100, and what speaks against it comes off; hover over one for its exact part of the score. "
    "The residual is rounding error."
)


def encode(settings: Settings) -> None:
    """Where set-up has not read the movies: do it now, once, with a bar that shows how far it is."""
    if not needs_encoding(settings):
        return
    place = st.empty()

    def report(progress: Progress) -> None:
        words = f"{say('Reading every movie once')}: {progress.done:,.0f} / {progress.total:,.0f}"
        place.progress(min(progress.done / max(progress.total, 1), 1.0), words)

    encode_movies(settings, report)
    place.empty()


def choose_viewer(service: Movies) -> str:
    """A person of the data; the address keeps the choice, and the session does while other pages are looked at."""
    named = {viewer.id: viewer for viewer in service.viewers}
    ids = list(named)
    asked = st.query_params.get("viewer", st.session_state.get(Key.VIEWER))
    start = ids.index(asked) if asked in named else 0
    key = f"{VIEWER}-{language.current()}"  # a box keeps the label that it was chosen by
    if navigation.through_history() and asked in named:
        st.session_state[key] = asked
    chosen = st.selectbox(
        say("Person"), ids, index=start, format_func=lambda name: _label(named[name]), key=key, width=420
    )
    st.query_params["viewer"] = st.session_state[Key.VIEWER] = chosen
    return chosen


def _label(viewer: Viewer) -> str:
    person = say("Person {id}", id=viewer.id)
    age = say("{n} years", n=viewer.age) if viewer.age else ""
    return " · ".join([person, *filter(None, (age, say(viewer.occupation)))])


def draw_notices(service: Movies) -> None:
    """What was wrong with the ratings, where anything was."""
    if service.notices:
        with st.expander(say("What was repaired in the ratings: {n}", n=len(service.notices)), icon=":material/rule:"):
            for notice in service.notices:
                st.caption(tell(notice))


def draw_history(history: Sequence[RatedMovie], likes: int) -> None:
    """The latest ratings as a strip of posters."""
    words = say(
        "{n:,} movies, {likes:,} of them with four stars or five. The latest {shown}:",
        n=len(history),
        likes=likes,
        shown=min(HISTORY_SHOWN, len(history)),
    )
    st.html(f"<h2>{say('What they rated')}</h2><p class='mm-small'>{words}</p>")
    grid = st.grid("auto", min_column_width=POSTER_WIDTH, gap="small", key="mm-history")
    for rated in history[:HISTORY_SHOWN]:
        grid.html(
            f"{poster(rated.movie)}<div class='mm-small mm-two-lines' title='{html.escape(rated.movie.label, quote=True)}'>{_name(rated.movie)}</div>{stars(rated.rating)}"
        )


def draw_recommendations(found: Sequence[MovieRecommendation], history: Sequence[RatedMovie]) -> None:
    """Tiles with the reasons of each."""
    st.subheader(say("What they would like next"), anchor=False, help=say(SHARES_HELP))
    if not found:
        st.html(html.notice("profile", say("Nothing left"), say("This person has rated every movie there is.")))
        return
    rated = {entry.movie.id: entry for entry in history}
    scale = html.extent(recommendation.shares for recommendation in found)
    grid = st.grid("auto", min_column_width=TILE_WIDTH, gap="small", key="mm-movies")
    for recommendation in found:
        with grid.container(border=True, height="stretch", gap="xsmall", key=f"mm-tile-movie-{recommendation.rank}"):
            st.html(tile(recommendation, rated, scale, found[0].score))


def draw_evidence() -> None:
    """Where it says how good these recommendations are."""
    compared = say(
        "How good is this? Evaluate sets it beside popularity, item-kNN, EASE and others, on ratings that it has not seen."
    )
    st.caption(compared)
    where = {"section": "Interactions", **language.parameter()}
    st.page_link(shell.EVALUATE, label=say("See the evaluation"), icon=":material/analytics:", query_params=where)


def tile(
    recommendation: MovieRecommendation, rated: Mapping[str, RatedMovie], scale: tuple[float, float], best: float
) -> str:
    """Poster, title, score, why in one sentence, the signed bar of shares and the reasons; ``best`` is the first one's score."""
    movie, shares = recommendation.movie, recommendation.shares
    facts = html.escape(" · ".join(map(say, movie.genres[:3])) or say("no genre given"))
    residual = f"{shares.residual:+.0e}" if abs(shares.residual) >= 1e-12 else "0"
    tip = say(
        "Score {score:.4f} = the shares of {n} rated movies, added up; residual {residual}. Shown in per cent of the first "
        "movie’s score.",
        score=shares.target,
        n=len(shares.players),
        residual=residual,
    )
    shown = f"{recommendation.score / best:.0%}" if best > 0 else f"{recommendation.score:.4f}"
    return (
        f'{poster(movie)}<div class="mm-title" title="{html.escape(movie.label, quote=True)}">{_name(movie)}</div>'
        f'<div class="mm-small mm-cut">{facts}</div>'
        f'<div class="mm-score"><span class="mm-small">#{recommendation.rank} · {say("score, first = 100%")}</span>'
        f'<b class="mm-tip" tabindex="0" data-tip="{html.escape(tip, quote=True)}">{shown}</b></div>'
        f"{movie_reasons.draw(recommendation.shares, rated, scale)}"
    )


def poster(movie: Movie) -> str:
    """The poster where there is one, else a card with the title."""
    name = html.escape(movie.label, quote=True)
    if movie.poster:
        return f'<div class="mm-poster"><img src="{cache.poster(str(movie.poster))}" alt="{say("Poster of {title}", title=name)}"></div>'
    genres = html.escape(say(", ").join(map(say, movie.genres[:2])))
    year = f"{movie.year} · " if movie.year else ""
    return f'<div class="mm-poster mm-card" title="{name}"><b>{html.escape(movie.title)}</b><span class="mm-small">{year}{genres}</span></div>'


def stars(rating: float) -> str:
    """A rating of one to five as stars."""
    full = round(rating)
    return f'<span class="mm-stars mm-small" role="img" aria-label="{say("{n} of 5 stars", n=full)}">{"★" * full}{"☆" * (5 - full)}</span>'


def _name(movie: Movie) -> str:
    return html.escape(movie.label)
