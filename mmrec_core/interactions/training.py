"""Training the recommender of movies: what is switched on, the walk through the settings epoch by epoch, and going on later."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError

from mmrec_core.errors import OptionError
from mmrec_core.files import write_atomically
from mmrec_core.interactions.content import Content
from mmrec_core.interactions.model import Recipe, recipe_from
from mmrec_core.interactions.split import Split
from mmrec_core.interactions.tune import GRID, Choice, Grid, walk
from mmrec_core.types import Epoch, Progress, Report, told

OF_CONTENT = ("lasting.", "content_regularisation", "itself", "content")
OF_RECENCY = ("recent.power", "recent.shift", "lasting.power")
OF_DISLIKES = ("recent.disliked",)


class MovieTraining(BaseModel, frozen=True, extra="forbid"):
    """What a training of movies may use; it is kept with what was trained."""

    split: Literal["per-user", "leave-one-out", "global", "cold"] = Field(
        "per-user", description="How ratings are cut into what is learned from and what has to be found."
    )
    walks: int = Field(1, ge=1, le=4, description="How often every setting is tried anew, from the best so far.")
    content: bool = Field(True, description="Learn from what movies are like, besides from who liked what.")
    recency: bool = Field(True, description="Recent ratings may count more than old ones.")
    dislikes: bool = Field(True, description="Ratings of two stars and less may push away.")
    text: bool = Field(True, description="Title, year, genres and description, read by the text encoder.")
    poster: bool = Field(True, description="Posters, seen by the image encoder, where a folder of media has them.")
    genres: bool = Field(True, description="Genres; rare ones count more.")
    year: bool = Field(True, description="Years; close ones are alike.")
    people: bool = Field(True, description="Directors and cast, where a folder of media names them.")
    seed: int = Field(0, ge=0, description="Of the split that leaves movies out.")

    def parts_of(self, content: Content) -> Content:
        """The parts that are switched on.

        Raises:
            OptionError: content is to be learned from, and no part of it is there.
        """
        kept = {name: vectors for name, vectors in content.parts.items() if getattr(self, name)}
        if self.content and not kept:
            raise OptionError(told("Every part of the content is switched off. Switch one on, or do without content."))
        return Content(kept or content.parts)

    def start(self) -> Recipe:
        """Where the walk begins: what is switched off is nothing, and stays so."""
        recipe = Recipe()
        if not self.content:
            recipe = recipe.by_identity_only
        if not self.recency:
            recipe = replace(
                recipe, recent=replace(recipe.recent, power=0.0), lasting=replace(recipe.lasting, power=0.0)
            )
        return recipe

    def grid(self) -> Grid:
        """What is tried, walk after walk."""
        off = (
            [OF_CONTENT] * (not self.content) + [OF_RECENCY] * (not self.recency) + [OF_DISLIKES] * (not self.dislikes)
        )
        fixed = tuple(name for names in off for name in names)
        return tuple(entry for entry in GRID if not (fixed and entry[0].startswith(fixed))) * self.walks


TASKS = ("content", "recency", "dislikes")
"""Fields that switch what is learned from, besides likes."""
FEATURES = ("text", "poster", "genres", "year", "people")
"""Fields that switch parts of the content."""


def movie_training(values: Mapping[str, Any]) -> MovieTraining:
    """A training with some fields set; text is converted, as it comes from a command line.

    Raises:
        OptionError: for a field that does not exist, or a value that it does not take.
    """
    try:
        return MovieTraining.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise OptionError(
            told(
                "{field} is {value!r}: {problem}.",
                field=".".join(map(str, first["loc"])),
                value=first["input"],
                problem=first["msg"],
            )
        ) from error


@dataclass(frozen=True)
class Trained:
    """The recipe that was chosen, and an epoch for each setting that was gone through; epoch 0 is the start."""

    recipe: Recipe
    history: tuple[Epoch, ...]


def train_movies(
    training: MovieTraining, content: Content, validation: tuple[Split, ...], checkpoint: Path, report: Report,
    watch: Callable[[Epoch], None] = lambda _: None,
) -> Trained:  # fmt: skip
    """Choose a recipe on ``validation``; an interrupted run of the same training on the same data goes on after its last epoch.

    Args:
        content: the parts that are used.
        checkpoint: written after every epoch, taken away by whoever keeps the result.
    """
    about = {"training": training.model_dump(), "data": _key(content, validation)}
    grid, found = training.grid(), _read(checkpoint, about)
    done = len(found.history) - 1 if found else 0
    began, history = time.perf_counter(), list(found.history) if found else []
    for choice in walk(content, validation, grid[done:], found.recipe if found else training.start()):
        if choice.setting is None and found:
            continue
        number = len(history)
        epoch = _epoch(number, choice, time.perf_counter() - began)
        began, history = time.perf_counter(), [*history, epoch]
        found = Trained(choice.recipe, tuple(history))
        _write(checkpoint, about, found)
        watch(epoch)
        report(Progress("Choosing the model on validation", number, len(grid), "settings", f"NDCG@10 {choice.reached:.4f}"))  # fmt: skip
    assert found is not None  # noqa: S101 - a walk begins with its start
    return found


def _epoch(number: int, choice: Choice, seconds: float) -> Epoch:
    losses = {name: float(np.round(value, 6)) for name, value in choice.losses.items()}
    return Epoch(number, losses, {"NDCG@10": choice.reached}, choice.reached, seconds)


def _key(content: Content, splits: Sequence[Split]) -> str:
    """Changes with the content and the ratings."""
    digest = hashlib.sha256("\n".join(sorted(content.parts)).encode())
    arrays: list[NDArray[Any]] = [content.parts[name] for name in sorted(content.parts)]
    for split in splits:
        arrays += [split.ranked, split.train.user, split.train.item, split.test.user, split.test.item]
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _read(path: Path, about: Mapping[str, Any]) -> Trained | None:
    """What an earlier run of the same training on the same data reached, or None."""
    if not path.exists():
        return None
    saved = json.loads(path.read_text(encoding="utf-8"))
    if any(saved.get(name) != value for name, value in about.items()):
        return None
    return Trained(recipe_from(saved["recipe"]), tuple(Epoch(**epoch) for epoch in saved["history"]))


def _write(path: Path, about: Mapping[str, Any], found: Trained) -> None:
    write_atomically(path, json.dumps({**about, **asdict(found)}).encode())
