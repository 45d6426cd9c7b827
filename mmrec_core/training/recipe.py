"""Every number of a training run, validated, beside what it means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

import annotated_types
from pydantic import BaseModel, Field, ValidationError
from pydantic.fields import FieldInfo

from mmrec_core.errors import OptionError, UnknownNameError
from mmrec_core.features.steps import FeatureSteps
from mmrec_core.registry import Option
from mmrec_core.training.closed_form import Blocks
from mmrec_core.types import told


class Recipe(BaseModel, frozen=True):
    """Configuration of one run; it is written into the bundle."""

    fusion: Literal["model_level", "feature_level", "decision_level"] = "model_level"
    features: FeatureSteps = Field(FeatureSteps(), description="Of a feature-level fusion.")
    linear_epochs: int = Field(
        60, ge=0, le=500, description="Of the anchors by themselves, before everything is trained together."
    )
    linear_batch: int = Field(1024, ge=8)
    linear_rate: float = Field(1e-3, gt=0)
    linear_category: float = Field(2.0, ge=0, description="Weight of the category in the linear stage.")
    linear_kept: float = Field(1.0, ge=0, le=1, description="Share of what the linear stage changed that is kept.")
    imagined: bool = Field(
        True, description="Pairs of imagined photographs and class names beside the items, in the linear stage."
    )
    epochs: int = Field(
        6, ge=0, le=60, description="Upper limit; training stops earlier when validation no longer improves."
    )
    least_epochs: int = Field(
        4, ge=0, le=60, description="Earlier epochs are not chosen: attention starts even and takes some to be learned."
    )
    patience: int = Field(8, ge=1, description="Epochs without improvement before stopping.")
    batch_size: int = Field(384, ge=8)
    learning_rate: float = Field(5e-4, gt=0, description="Of the transformer between the modalities.")
    attention_rate: float = Field(6e-2, gt=0, description="Of the queries that look at tokens, which start at zero.")
    anchor_rate: float = Field(2e-5, gt=0, description="Of the anchors, which start from a closed form.")
    kept: float = Field(
        0.35, ge=0, le=1, description="Share of what training everything together changed that is kept (WiSE-FT)."
    )
    names_as_words: float = Field(
        0.2, ge=0, le=2, description="Share of the map of words that reads what a sound is named, once all is trained."
    )
    weight_decay: float = Field(0.05, ge=0)
    averaging: float = Field(0.95, ge=0, lt=1, description="Decay of the moving average of the weights, per step.")
    modality_dropout: float = Field(
        0.3, ge=0, le=0.9, description="Chance that a modality is taken from an item in training; 0 switches it off."
    )
    token_dropout: float = Field(
        0.7, ge=0, le=0.95, description="Up to this share of a row's tokens is hidden in training; 0 switches it off."
    )
    condensed_draws: int = Field(
        2, ge=0, description="Of pooled fusions: how often each view is pooled with some of its tokens hidden."
    )
    alignment_weight: float = Field(
        1.0, ge=0, le=4, description="Of the alignment of an item seen through different modalities."
    )
    mixup_weight: float = Field(1.0, ge=0, le=4, description="Of the alignment of mixed items, relative to alignment.")
    distillation_weight: float = Field(
        1.0, ge=0, le=4, description="Of keeping what the frozen encoders know: their own similarities are the teacher."
    )
    category_weight: float = Field(1.0, ge=0, le=4, description="Of telling the item's category.")
    teacher_sharpness: float = Field(
        1.5, gt=0, description="Inverse temperature of the teacher's standardised similarities."
    )
    category_scale: float = Field(10.0, gt=0, description="Inverse temperature of the category loss.")
    audio_boost: float = Field(3.0, ge=1, le=6, description="How much oftener an item with a sound is drawn.")
    token_dims: dict[str, int] = {"image": 640, "text": 384, "audio": 512}
    views: dict[str, int] = {"image": 3, "text": 4, "audio": 3}
    blocks: Blocks = Blocks(lexical_weight=3.0, sonic_weight=0.25, ridge=1.0)
    seed: int = Field(0, ge=0, description="Of weights, batches and augmentation; another seed encodes its own views.")


TASKS = ("alignment_weight", "mixup_weight", "distillation_weight", "category_weight")
"""Fields that weigh the tasks against each other; 0 switches a task off."""
AUGMENTATION = ("modality_dropout", "token_dropout", "audio_boost")
"""Fields that vary what the fusion sees of an item."""


FEATURES = ("features.normalise", "features.select", "features.components", "features.noise_filter")
"""Steps that features go through before a feature-level fusion."""


OF_POOLED = {"epochs": 14, "least_epochs": 0, "learning_rate": 1e-3, "anchor_rate": 2e-3, "kept": 1.0}
"""Defaults of feature-level and decision-level fusions, which have no linear stage before: all is learned together."""


def recipe_of(values: Mapping[str, Any]) -> Recipe:
    """A recipe with some fields set; text is converted, as it comes from a command line.

    Args:
        values: by name; ``features.select`` is a field inside a field.

    Raises:
        UnknownNameError: for a field that does not exist.
        OptionError: for a value that the field does not take.
    """
    pooled = values.get("fusion", "model_level") != "model_level"
    nested: dict[str, Any] = dict(OF_POOLED) if pooled else {}
    for name, value in values.items():
        _field(name)
        outer, _, inner = name.partition(".")
        if inner:
            nested.setdefault(outer, {})[inner] = value
        else:
            nested[outer] = value
    try:
        return Recipe.model_validate(nested)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise OptionError(
            told("{field} is {value!r}: {problem}.", field=where, value=first["input"], problem=first["msg"])
        ) from error


def options(names: tuple[str, ...], model: type[BaseModel] = Recipe) -> tuple[Option, ...]:
    """Fields of the recipe, or of another validated ``model``, as options for an interface to draw."""
    return tuple(_option(name, model) for name in names)


def _option(name: str, model: type[BaseModel]) -> Option:
    field = _field(name, model)
    least = next((m.ge for m in field.metadata if isinstance(m, annotated_types.Ge)), None)
    most = next((m.le for m in field.metadata if isinstance(m, annotated_types.Le)), None)
    label = name.partition(".")[2] or name.removesuffix("_weight")
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    words = label.replace("_", " ").capitalize()
    return Option(name, field.default, words, field.description or "", _number(least), _number(most), choices)


def _field(name: str, model: type[BaseModel] = Recipe) -> FieldInfo:
    """A field of the model, or a field inside one."""
    outer, _, inner = name.partition(".")
    field = model.model_fields.get(outer)
    if field is not None and inner:
        field = getattr(field.annotation, "model_fields", {}).get(inner)
    if field is None:
        raise UnknownNameError("field of the recipe", name, list(model.model_fields))
    return field


def _number(limit: Any) -> float | None:
    return None if limit is None else float(limit)
