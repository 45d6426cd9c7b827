"""MovieLens-100K as set-up left it, joined with a folder of descriptions and posters where settings name one."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mmrec_core.errors import InteractionsError, NotSetUpError
from mmrec_core.interactions.fetch import INTERACTIONS, ITEMS, USERS, is_fetched, why_left_out
from mmrec_core.interactions.ratings import Ratings
from mmrec_core.interactions.read import SORTED, Finding, read_interactions
from mmrec_core.settings import Settings
from mmrec_core.types import Movie, Viewer, told

_ARTICLE_LAST = re.compile(r"^(.+), (The|A|An|Les|La|Le|Das|Der|Die|El|Il|L')( \(.*\))?$")


@dataclass(frozen=True)
class MovieLens:
    """Movies and viewers in the order of the numbers that ``ratings`` uses, and what reading had to repair."""

    movies: tuple[Movie, ...]
    viewers: tuple[Viewer, ...]
    ratings: Ratings
    findings: tuple[Finding, ...]


def open_movielens(settings: Settings) -> MovieLens:
    """Read it; takes about a second.

    Raises:
        NotSetUpError: set-up has not fetched it, or went on without it; the message says which and what to do.
        InteractionsError: the folder of media has no ``items.csv`` of the layout that is asked for, or a file of ratings that
            settings name cannot be used.
    """
    movies = read_movies(settings)
    path = settings.movielens_ratings or settings.movielens / INTERACTIONS
    ratings, findings = read_interactions(path, [movie.id for movie in movies])
    own = settings.movielens_ratings is None  # else other people, even where they have the same numbers
    if own:  # it comes in no order
        findings = tuple(finding for finding in findings if finding.done != SORTED)
    known = {row["user_id"]: _viewer(row) for row in _table(settings.movielens / USERS)} if own else {}
    viewers = tuple(known.get(user, Viewer(user, 0, "", "")) for user in ratings.users)
    return MovieLens(movies, viewers, ratings, findings)


def read_movies(settings: Settings) -> tuple[Movie, ...]:
    """The movies by themselves, without ratings; quick.

    Raises:
        NotSetUpError, InteractionsError: as ``open_movielens``.
    """
    if not is_fetched(settings):
        reason = why_left_out(settings) or told("It has not been fetched yet.")
        raise NotSetUpError(
            told("MovieLens is not set up. {reason} Run: python -m mmrec_core setup --only movielens", reason=reason)
        )
    media = _media(settings.movielens_media)
    return tuple(_movie(row, media, settings.movielens_media) for row in _table(settings.movielens / ITEMS))


def _media(folder: Path | None) -> Mapping[str, Mapping[str, str]]:
    """Rows of the folder's ``items.csv`` by movie; none without a folder."""
    if folder is None:
        return {}
    if not (folder / ITEMS).is_file():
        raise InteractionsError(
            told(
                "MMREC_MOVIELENS_MEDIA names {folder}, which holds no {items}. It needs columns item_id, "
                "description, director, cast and poster; unset it to go on without descriptions and posters.",
                folder=folder,
                items=ITEMS,
            )
        )
    return {row["item_id"]: row for row in _table(folder / ITEMS)}


def _movie(row: Mapping[str, str], media: Mapping[str, Mapping[str, str]], folder: Path | None) -> Movie:
    more = media.get(row["item_id"], {})
    poster = folder / more["poster"] if folder and more.get("poster") else None
    return Movie(
        id=row["item_id"],
        title=_readable(row["title"]),
        year=int(row["year"]) if row["year"].isdecimal() else 0,
        genres=tuple(g for g in row["genres"].split("|") if g != "unknown"),
        description=more.get("description", ""),
        directors=_names(more.get("director", "")),
        cast=_names(more.get("cast", "")),
        poster=poster if poster and poster.is_file() else None,
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split("|") if name.strip())


def _readable(title: str) -> str:
    """``Usual Suspects, The`` as people say it."""
    return _ARTICLE_LAST.sub(r"\2 \1\3", title)


def _viewer(row: Mapping[str, str]) -> Viewer:
    return Viewer(row["user_id"], int(row["age"]), row["gender"], row["occupation"])


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
