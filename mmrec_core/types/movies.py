"""Movies and the people who rated them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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
    """One person who rated movies, as the data tells of them."""

    id: str
    age: int
    gender: str
    occupation: str
