"""The parts of the Movies page: whose history it is, the history, and recommendations that say because of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from mmrec_core.interactions.content import encode_movies, needs_encoding
from mmrec_core.plots import COLOURS, OTHER_COLOUR, signed_format
from mmrec_core.service.movies import Movies
from mmrec_core.settings import Settings
from mmrec_core.types import Movie, MovieRecommendation, Progress, RatedMovie, Viewer
from pages._ui import cache, html, shell
from pages._ui.language import say, tell

HISTORY_SHOWN = 16
REASONS = 3
POSTER_WIDTH, TILE_WIDTH = 104, 212
FADE = (100, 72, 48)
"""Per cent of the profile colour in the bar of the first, second and third reason."""
SHARES_HELP = (
    "The score is a sum over the rated movies, so each share is exact: attention to that rating (recent ones count more) times "
    "what the movie says of this one, by people who liked both and by content. Shown in per cent of the score; the residual is rounding error."
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
    """A person of the data; the address keeps the choice."""
    named = {viewer.id: viewer for viewer in service.viewers}
    ids = list(named)
    asked = st.query_params.get("viewer")
    start = ids.index(asked) if asked in named else 0
    chosen = st.selectbox(
        say("Person"), ids, index=start, format_func=lambda name: _label(named[name]), key="mm-viewer", width=420
    )
    st.query_params["viewer"] = chosen
    return chosen


def _label(viewer: Viewer) -> str:
    person = say("Person {id}", id=viewer.id)
    return " · ".join([person, *filter(None, (str(viewer.age or ""), say(viewer.occupation)))])


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
            st.html(tile(recommendation, rated, scale))


def draw_evidence() -> None:
    """Where it says how good these recommendations are."""
    measured = say(
        "How good is this? It was measured against popularity, item-kNN, EASE and others on ratings it had not seen: "
        "python -m mmrec_core evaluate --catalogue movielens"
    )
    st.caption(measured)
    st.page_link(shell.EVALUATE, label=say("See the evaluation"), icon=":material/analytics:")


def tile(recommendation: MovieRecommendation, rated: Mapping[str, RatedMovie], scale: tuple[float, float]) -> str:
    """Poster, title, score, the signed bar of shares and the reasons in words."""
    movie, shares = recommendation.movie, recommendation.shares
    facts = html.escape(" · ".join(map(say, movie.genres[:3])) or say("no genre given"))
    residual = f"{shares.residual:+.0e}" if abs(shares.residual) >= 1e-12 else "0"
    tip = say(
        "Score {score:.4f} = the shares of {n} rated movies, added up; residual {residual}",
        score=shares.target,
        n=len(shares.players),
        residual=residual,
    )
    return (
        f'{poster(movie)}<div class="mm-title" title="{html.escape(movie.label, quote=True)}">{_name(movie)}</div>'
        f'<div class="mm-small mm-cut">{facts}</div>'
        f'<div class="mm-score"><span class="mm-small">#{recommendation.rank} · {say("score")}</span>'
        f'<b class="mm-tip" tabindex="0" data-tip="{tip}">{recommendation.score:.4f}</b></div>'
        f"{reasons(recommendation, rated, scale)}"
    )


def reasons(recommendation: MovieRecommendation, rated: Mapping[str, RatedMovie], scale: tuple[float, float]) -> str:
    """The strongest shares by name, in per cent of the score, all others as what they add and take away; bar and list in one order."""
    score = recommendation.score or 1.0
    ordered = sorted(recommendation.shares.as_dict().items(), key=lambda share: -share[1])
    named = [(_because(rated[movie]), value) for movie, value in ordered[:REASONS] if value > 0]
    rest = [value for _, value in ordered[len(named) :]]
    colours = [f"color-mix(in srgb,{COLOURS['profile']} {fade}%,transparent)" for fade in FADE[: len(named)]]
    more, less = sum(v for v in rest if v > 0), sum(v for v in rest if v < 0)
    others = say("{n} other ratings", n=sum(v > 0 for v in rest))
    rows = [*named, (others, more), (say("{n} against", n=sum(v < 0 for v in rest)), less)]
    pairs = zip(rows, [*colours, OTHER_COLOUR, OTHER_COLOUR], strict=True)
    parts = [(words, value, colour) for (words, value), colour in pairs if value]
    items = "".join(
        f"<li><span title='{html.escape(words, quote=True)}'>{html.escape(words)}</span><b>{signed_format(100 * value / score, '+.0f')} %</b></li>"
        for words, value, _ in parts
    )
    return f'{_bar(parts, scale)}<ul class="mm-reasons">{items}</ul>'


def _because(rated: RatedMovie) -> str:
    if rated.rating >= 4:
        return say("liked {title}", title=rated.movie.title)
    return say("saw {title}", title=rated.movie.title)


def _bar(parts: Sequence[tuple[str, float, str]], scale: tuple[float, float]) -> str:
    """A signed stacked bar: what takes away to the left of the mark, what adds to the right."""
    low, high = scale
    unit, zero = 100.0 / (low + high), 100.0 * low / (low + high)
    pieces, right = [], zero
    for words, value, colour in parts:
        width = abs(value) * unit
        start = right if value > 0 else zero - width
        right += width if value > 0 else 0.0
        tip = say("{part}: {share} of the score", part=words, share=signed_format(value, "+.4f"))
        tip = html.escape(tip, quote=True)
        side = "" if value > 0 else " mm-minus"
        style = f"left:{start:.2f}%;width:{width:.2f}%;background-color:{colour}"
        pieces.append(
            f'<span class="mm-seg mm-tip{side}" style="{style}" tabindex="0" role="img" aria-label="{tip}" data-tip="{tip}"></span>'
        )
    return f'<div class="mm-bar">{"".join(pieces)}<i class="mm-zero" style="left:{zero:.2f}%"></i></div>'


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
    return f'<span class="mm-stars mm-small" aria-label="{say("{n} of 5 stars", n=full)}">{"★" * full}{"☆" * (5 - full)}</span>'


def _name(movie: Movie) -> str:
    return html.escape(movie.label)
