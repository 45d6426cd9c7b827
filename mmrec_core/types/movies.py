"""Movies and the people who rated them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mmrec_core.types.shares import Attribution


@dataclass(frozen=True)
class Movie:
    """One movie of the second catalogue. ``year`` is 0 where it is not known; what a folder of media adds is empty without one."""

    id: str
    title: str
    year: int
    genres: tuple[str, ...]
    description: str = ""
    directors: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    poster: Path | None = None

    @property
    def label(self) -> str:
        """The title with its year."""
        return f"{self.title} ({self.year})" if self.year else self.title

    @property
    def reading(self) -> str:
        """The text the encoder reads: title, year, genres and, where given, the description."""
        return ". ".join(part for part in (self.label, ", ".join(self.genres), self.description) if part)


@dataclass(frozen=True)
class Viewer:
    """One person who rated movies, as the data tells of them: age 0 and empty words where it tells nothing."""

    id: str
    age: int
    gender: str
    occupation: str


@dataclass(frozen=True)
class RatedMovie:
    """One entry of a history. ``rating`` is 1 to 5, ``time`` in seconds since 1970, UTC."""

    movie: Movie
    rating: float
    time: int


@dataclass(frozen=True)
class MovieRecommendation:
    """One recommended movie; the players of ``shares`` are the ids of the movies in the history."""

    rank: int
    movie: Movie
    shares: Attribution

    @property
    def score(self) -> float:
        """What the ranking sorts by."""
        return self.shares.target
