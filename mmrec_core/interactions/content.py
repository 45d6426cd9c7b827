"""What is known of movies besides who liked them: encoded texts and posters, and facts, each as unit vectors."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.encoders.efficientnet import EfficientNetLite0
from mmrec_core.encoders.minilm import MiniLM
from mmrec_core.files import write_atomically
from mmrec_core.interactions.fetch import is_fetched
from mmrec_core.interactions.movielens import read_movies
from mmrec_core.media.image import decode_image
from mmrec_core.settings import Settings
from mmrec_core.types import Modality, Movie, Progress, Report, told

BATCH = 32
YEAR_SPREAD = 6.0
"""Movies this many years apart are alike to the degree exp(-1/2)."""
LEAST_SHARED = 2
"""Movies that must have a name in common for it to say anything."""
YEARS = np.arange(1920, 2000, 3)

MovieEncoder = type[MiniLM] | type[EfficientNetLite0]
Vectors = NDArray[np.float32]
"""Shape (n_items, dim): rows of length one, or of zeros where an item has no such part."""


@dataclass(frozen=True)
class Content:
    """Parts by name: always ``text`` and ``year``; ``genres`` and ``people`` where movies share some; ``poster`` where there are any."""

    parts: dict[str, Vectors]

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(next(iter(self.parts.values())))

    @property
    def encoded(self) -> dict[str, Vectors]:
        """The parts that an encoder made."""
        return {name: self.parts[name] for name in ("text", "poster") if name in self.parts}

    def with_parts(self, change: Callable[[Vectors], Vectors]) -> Content:
        """The same parts, each put through ``change``."""
        return Content({name: change(vectors) for name, vectors in self.parts.items()})


def movie_content(settings: Settings, movies: Sequence[Movie], report: Report) -> Content:
    """Every part; what encoders make is computed once and kept under the home folder.

    Raises:
        NotSetUpError: the encoders' weights are not there.
    """
    parts = {"text": encoded_texts(settings, movies, report)}
    if any(movie.poster for movie in movies):
        parts["poster"] = encoded_posters(settings, movies, report)
    parts["genres"] = rare_counts_most([movie.genres for movie in movies])
    parts["year"] = year_vectors([movie.year for movie in movies])
    if any(movie.directors or movie.cast for movie in movies):
        parts["people"] = rare_counts_most([movie.directors + movie.cast for movie in movies])
    return Content({name: vectors for name, vectors in parts.items() if vectors.shape[1]})


def needs_encoding(settings: Settings) -> bool:
    """True where MovieLens is there and its movies have not been encoded as they are now; quick."""
    if not is_fetched(settings):
        return False
    movies = read_movies(settings)
    jobs: list[tuple[MovieEncoder, list[str]]] = [(MiniLM, _texts(movies)), (EfficientNetLite0, _posters(movies))]
    return any(inputs and not _path(settings, encoder, inputs).exists() for encoder, inputs in jobs)


def encode_movies(settings: Settings, report: Report) -> None:
    """Make and keep whatever ``needs_encoding``; minutes, and nothing where it is all there.

    Raises:
        NotSetUpError: the encoders' weights are not there.
    """
    if needs_encoding(settings):
        movies = read_movies(settings)
        encoded_texts(settings, movies, report)
        if _posters(movies):
            encoded_posters(settings, movies, report)


def encoded_texts(settings: Settings, movies: Sequence[Movie], report: Report) -> Vectors:
    """The sentence embedding of each movie's ``reading``."""
    return _encoded(settings, MiniLM, _texts(movies), lambda text: text, report)


def encoded_posters(settings: Settings, movies: Sequence[Movie], report: Report) -> Vectors:
    """The pooled embedding of each poster; zeros for a movie without."""
    paths = _posters(movies)
    found = _encoded(settings, EfficientNetLite0, paths, lambda path: decode_image(Path(path).read_bytes()), report)
    vectors = np.zeros((len(movies), found.shape[1]), np.float32)
    vectors[[n for n, movie in enumerate(movies) if movie.poster]] = found
    return vectors


def _texts(movies: Sequence[Movie]) -> list[str]:
    return [movie.reading for movie in movies]


def _posters(movies: Sequence[Movie]) -> list[str]:
    return [str(movie.poster) for movie in movies if movie.poster]


def _path(settings: Settings, encoder: MovieEncoder, inputs: Sequence[str]) -> Path:
    """Where the embeddings of exactly these inputs by this version of the encoder are kept."""
    marks = [_file_mark(Path(name)) for name in inputs] if encoder.modality is Modality.IMAGE else inputs
    key = hashlib.sha256("\n".join([encoder.version, *marks]).encode()).hexdigest()[:16]
    return settings.movielens / f"{encoder.modality}-{key}.npy"


def _file_mark(path: Path) -> str:
    """Changes when the file is replaced; its size and time, since pages ask too often to read every poster."""
    found = path.stat()
    return f"{path} {found.st_size} {found.st_mtime_ns}"


def _encoded(
    settings: Settings, make: MovieEncoder, inputs: Sequence[str], read: Callable[[str], object], report: Report
) -> Vectors:  # fmt: skip
    """Pooled embeddings (n, dim); the encoder is loaded only where an earlier run has not kept them."""
    path = _path(settings, make, inputs)
    if path.exists():
        return np.load(path)
    encoder: Any = make(settings)
    rows: list[Vectors] = []
    for start in range(0, len(inputs), BATCH):
        report(
            Progress(told("Encoding movies: {modality}", modality=told(make.modality)), start, len(inputs), "movies")
        )
        tokens = encoder.encode([read(text) for text in inputs[start : start + BATCH]])
        rows += [encoder.pooled(found) for found in tokens]
    vectors = np.array(rows, np.float32)
    file = io.BytesIO()
    np.save(file, vectors)
    write_atomically(path, file.getvalue())
    return vectors


def rare_counts_most(names: Sequence[Collection[str]]) -> Vectors:
    """Which names each item has, weighted by log(n / how many have it), at length one; (n, 0) where no two items share a name."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if max(Counter(name for held in names for name in set(held)).values(), default=0) < LEAST_SHARED:
        return np.zeros((len(names), 0), np.float32)
    matrix = TfidfVectorizer(analyzer=lambda held: held, min_df=LEAST_SHARED, dtype=np.float32).fit_transform(names)
    return matrix.toarray()


def year_vectors(years: Sequence[int]) -> Vectors:
    """Bumps along time, at length one, so that the cosine of two years falls off smoothly; zeros where a year is not known."""
    apart = np.array(years)[:, None] - YEARS[None, :]
    bumps = np.exp(-((apart / YEAR_SPREAD) ** 2)) * (np.array(years) > 0)[:, None]
    return (bumps / np.maximum(np.linalg.norm(bumps, axis=1, keepdims=True), 1e-9)).astype(np.float32)
