"""The steps for the Movies page: ratings, and what encoders say of the movies."""

from __future__ import annotations

from mmrec_core.settings import Settings
from mmrec_core.types import Report, told


def movielens_done(settings: Settings) -> str | None:
    """Whether MovieLens is there, or why the last set-up went on without it."""
    from mmrec_core.interactions.fetch import is_fetched, why_left_out

    if is_fetched(settings):
        return told("100,000 ratings")
    return told("left out: {reason}", reason=reason) if (reason := why_left_out(settings)) else None


def fetch_movielens(settings: Settings, report: Report) -> None:
    """Fetch MovieLens-100K; where it cannot be had, that is reported and left out."""
    from mmrec_core.interactions.fetch import fetch_movielens

    fetch_movielens(settings, report)


def movies_done(settings: Settings) -> str | None:
    """Whether what encoders say of the movies is kept, or why there is nothing to do."""
    from mmrec_core.encoders.weights import missing_weights
    from mmrec_core.interactions.content import needs_encoding
    from mmrec_core.interactions.fetch import is_fetched, why_left_out

    if not is_fetched(settings):
        return told("left out") if why_left_out(settings) else None
    if settings.preset == "hub" and missing_weights(settings):
        return told("left out: movies are read by the encoders of the embedded preset")
    return None if needs_encoding(settings) else told("encoded")


def encode_movies(settings: Settings, report: Report) -> None:
    """Read titles, descriptions and posters once, so that the Movies page opens at once."""
    from mmrec_core.encoders.threads import limited_threads
    from mmrec_core.interactions.content import encode_movies

    with limited_threads():
        encode_movies(settings, report)
