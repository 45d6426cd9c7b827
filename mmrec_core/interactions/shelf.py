"""Models of movies on disk: one JSON file each, what was chosen and how; vectors are fitted from it in seconds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from mmrec_core.errors import MMRecError, UnknownNameError
from mmrec_core.files import write_atomically
from mmrec_core.interactions.content import Content
from mmrec_core.interactions.model import PER_USER, Recipe, recipe_from
from mmrec_core.interactions.training import MovieTraining, Trained
from mmrec_core.types import Epoch, told

DEFAULT = "default"


@dataclass(frozen=True)
class MovieModel:
    """A recommender of movies by name: its recipe, the training that chose it, and how that went."""

    name: str
    recipe: Recipe
    training: MovieTraining
    history: tuple[Epoch, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 of everything that the scores depend on besides the data."""
        parts = {"recipe": asdict(self.recipe), "training": self.training.model_dump()}
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    @property
    def title(self) -> str:
        """``name@hash``, as evaluations name it."""
        return f"{self.name}@{self.hash[:12]}"

    def content_of(self, content: Content) -> Content:
        """The parts of the content that it uses."""
        return self.training.parts_of(content)


SHIPPED = MovieModel(DEFAULT, PER_USER, MovieTraining())
"""The model that the app comes with."""


@dataclass(frozen=True)
class MovieShelf:
    """The folder of models that were trained here, and the shipped one."""

    folder: Path

    def names(self) -> list[str]:
        """The shipped model first, then the others by name."""
        return [DEFAULT, *sorted(path.stem for path in self.folder.glob("[!.]*.json"))]

    def load(self, name: str) -> MovieModel:
        """The model of this name.

        Raises:
            UnknownNameError: there is none.
            MMRecError: its file is damaged.
        """
        if name == DEFAULT:
            return SHIPPED
        if name not in self.names():
            raise UnknownNameError("model of movies", name, self.names())
        try:
            saved = json.loads(self._path(name).read_text(encoding="utf-8"))
            training, history = MovieTraining(**saved["training"]), tuple(Epoch(**epoch) for epoch in saved["history"])
            return MovieModel(name, recipe_from(saved["recipe"]), training, history)
        except (KeyError, TypeError, ValueError) as error:
            raise MMRecError(
                told("{path} is not a model of movies. Delete it and train again.", path=self._path(name))
            ) from error

    def keep(self, name: str, training: MovieTraining, found: Trained) -> MovieModel:
        """Write what was trained, in place of an earlier model of the name; its checkpoint is over."""
        model = MovieModel(name, found.recipe, training, found.history)
        about = {"recipe": asdict(model.recipe), "training": training.model_dump()}
        text = json.dumps(
            {"hash": model.hash, **about, "history": [asdict(epoch) for epoch in model.history]}, indent=1
        )
        write_atomically(self._path(name), text.encode())
        self.checkpoint(name).unlink(missing_ok=True)
        return model

    def checkpoint(self, name: str) -> Path:
        """Where a training of this name leaves how far it is."""
        return self.folder / f".{name}.checkpoint"

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"
