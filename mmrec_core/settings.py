"""Where things live and how runs are configured: MMREC_* environment variables, validated once."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from mmrec_core.errors import BundleError, OptionError
from mmrec_core.types import told
from mmrec_core.types.sentence import OR, enumerated

REPOSITORY = Path(__file__).resolve().parent.parent
PREFIX = "MMREC_"
OWN_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,30}")
"""What a person may call a model trained here: the name becomes a file's or a folder's, and a word on the command line."""


class Settings(BaseSettings):
    """All configuration. Every path lies under ``home``, except the trained bundles that the repository carries."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    home: Path = Field(default_factory=lambda: user_data_path("mmrec-lens"), description="All state on disk.")
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    preset: Literal["embedded", "hub"] = "embedded"
    bundle: str = Field(default="default", description="Name of the model bundle in use.")
    index_engine: str = Field(default="exact", description="Name of the engine that finds nearest neighbours.")
    seed: int = 0
    deb_mirror: str = Field(default="", description="A Debian mirror to read packages from where there is no apt.")
    deb_suite: str = Field(default="bookworm", description="The Debian suite to read on that mirror.")
    movielens_media: Path | None = Field(
        default=None, description="A folder with descriptions, directors, cast and posters of MovieLens' movies."
    )
    movielens_ratings: Path | None = Field(
        default=None,
        description="A file of ratings (user, item, rating, timestamp) of MovieLens' movies in place of its own.",
    )
    peers_python: str = Field(
        default=sys.executable, description="A Python with the packages of requirements-bench.txt."
    )

    @field_validator("home", "movielens_media", "movielens_ratings")
    @classmethod
    def _expanded(cls, path: Path | None) -> Path | None:
        """A quoted ``~`` is expanded by no shell."""
        return path.expanduser() if path else None

    @property
    def downloads(self) -> Path:
        """Packages as fetched; may be deleted after set-up."""
        return self.home / "downloads"

    @property
    def weights(self) -> Path:
        """Encoder weights, one folder a package."""
        return self.home / "weights"

    @property
    def media(self) -> Path:
        """Unpacked source packages, one folder a catalogue source."""
        return self.home / "media"

    @property
    def catalogue(self) -> Path:
        """The built catalogue: ``items.jsonl`` and the pictures and sounds it shows."""
        return self.home / "catalogue"

    @property
    def token_cache(self) -> Path:
        """Memory-mapped tokens of catalogue items."""
        return self.home / "tokens"

    @property
    def catalogue_tokens(self) -> Path:
        """Tokens of the catalogue's items; each preset has its own, training keeps another beside it."""
        return self.token_cache / ("catalogue" if self.preset == "embedded" else f"catalogue-{self.preset}")

    @property
    def known_texts(self) -> Path:
        """The catalogue's texts as the multilingual encoder reads them, for queries in other languages."""
        return self.home / "languages"

    @property
    def lexicon(self) -> Path:
        """English for words of other languages."""
        return self.home / "lexicon" / "words.sqlite"

    @property
    def index(self) -> Path:
        """The nearest-neighbour index of the bundle in use."""
        return self.home / "index" / self.bundle_name

    @property
    def movielens(self) -> Path:
        """MovieLens-100K: ``items.csv``, ``users.csv`` and ``interactions.csv``."""
        return self.home / "movielens"

    @property
    def movie_models(self) -> Path:
        """Recommenders of movies that were trained here, a file each."""
        return self.home / "movie-models"

    @property
    def feedback(self) -> Path:
        """The feedback database."""
        return self.home / "feedback.sqlite"

    @property
    def evaluations(self) -> Path:
        """What evaluations found, one file each."""
        return self.home / "evaluations"

    @property
    def jobs(self) -> Path:
        """Long work in processes of its own, a folder each."""
        return self.home / "jobs"

    @property
    def bundle_name(self) -> str:
        """The bundle in use: the encoders of another preset need a bundle of their own."""
        return self.bundle if self.preset == "embedded" else f"{self.bundle}-{self.preset}"

    def with_bundle(self, name: str) -> Settings:
        """The settings with the bundle of this name in use.

        Raises:
            BundleError: where the name does not fit the preset, whose encoders the bundle needs.
        """
        changed = self.model_copy(update={"bundle": name.removesuffix(f"-{self.preset}")})
        if changed.bundle_name != name:
            raise BundleError(
                told(
                    "The bundle {name!r} is not of the preset {preset!r}; its encoders are not loaded.",
                    name=name,
                    preset=self.preset,
                )
            )
        return changed

    @property
    def bundle_folder(self) -> Path:
        """The model bundle in use: a retrained one under ``home`` wins over the one the repository carries."""
        return self.folder_of(self.bundle_name)

    def folder_of(self, bundle: str) -> Path:
        """Where the bundle of this name lies."""
        retrained = self.home / "models" / bundle
        return retrained if retrained.exists() else REPOSITORY / "assets" / "models" / bundle


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once; raises OptionError where a variable holds what is not allowed."""
    try:
        return Settings()
    except ValidationError as error:
        raise OptionError(_what_is_wrong(error)) from error


def _what_is_wrong(error: ValidationError) -> str:
    """The first variable that cannot be used, and what it may hold."""
    first = error.errors()[0]
    name = str(first["loc"][0])
    allowed = [repr(value) for value in get_args(Settings.model_fields[name].annotation)]
    return told(
        "{variable} is {value!r}; it may be {allowed}. Correct the environment variable, or unset it.",
        variable=f"{PREFIX}{name.upper()}",
        value=first["input"],
        allowed=enumerated(allowed, OR) if allowed else told("a whole number"),
    )
