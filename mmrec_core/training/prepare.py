"""Media of a catalogue and their augmented views -> token tables; done once, kept on disk, found again by key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

from mmrec_core.catalogue.store import Catalogue
from mmrec_core.catalogue.taxonomy import CATEGORIES
from mmrec_core.encoders.base import Encoder
from mmrec_core.features.projection import Projection, fit_projection, scale_only
from mmrec_core.files import replace_folder
from mmrec_core.media.audio import decode_audio
from mmrec_core.media.image import decode_image
from mmrec_core.training import augment
from mmrec_core.training.data import TrainingData, group_numbers
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.split import split_items
from mmrec_core.training.tables import ABSENT, TokenTable, build_table, join_tables
from mmrec_core.types import Item, Modality, Progress, Report, Tokens

CHUNK = 64
BACKGROUNDS = 40
PREPARE_VERSION = 1


@dataclass(frozen=True)
class Prepared:
    """Training data and the projections that its tokens went through."""

    data: TrainingData
    projections: dict[Modality, Projection]


class MediaReader:
    """Media of items, and seeded augmented views of them.

    Args:
        catalogue: whose files are read.
        seed: of the augmentation; each (item row, view) has a generator of its own, so order does not matter.
    """

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self.catalogue, self.seed = catalogue, seed
        pictures = [i for i in catalogue.items if i.image and i.category in ("planets", "places", "nature")]
        self.backgrounds = [self.image(i) for i in pictures[:: max(1, len(pictures) // BACKGROUNDS)]]

    def image(self, item: Item) -> np.ndarray:
        """The item's picture."""
        return decode_image(_bytes(self.catalogue.image_path(item)), item.title)

    def view(self, modality: Modality, row: int, number: int) -> Any:
        """View ``number`` of an item's medium; 0 is the medium as it is."""
        item = self.catalogue.items[row]
        rng = np.random.default_rng([self.seed, row, number])
        if modality is Modality.TEXT:
            return (
                item.reading
                if number == 0
                else augment.text_views(item, number, np.random.default_rng([self.seed, row]))[-1]
            )
        if modality is Modality.IMAGE:
            image = self.image(item)
            return image if number == 0 else augment.image_view(image, self.backgrounds, rng)
        audio = decode_audio(_bytes(self.catalogue.audio_path(item)), item.title)
        return audio if number == 0 else augment.audio_view(audio, (), rng)


def prepare(
    catalogue: Catalogue, encoders: dict[Modality, Encoder], recipe: Recipe, folder: Path, report: Report
) -> Prepared:
    """Token tables of all views, read from ``folder`` where they lie there already."""
    split = split_items(catalogue.items)
    reader = MediaReader(catalogue, recipe.seed)
    tables, views, projections = {}, {}, {}
    for modality, encoder in encoders.items():
        rows = [n for n, item in enumerate(catalogue.items) if modality in item.modalities]
        place = folder / _key(catalogue, modality, encoder, recipe)
        if not (place / "table.pt").exists():
            _encode(place, reader, modality, encoder, rows, set(split.train.tolist()), recipe, report)
        tables[modality], projections[modality] = _read(place)
        views[modality] = _view_numbers(len(catalogue.items), rows, recipe.views[modality])
    names = tuple(CATEGORIES)
    data = TrainingData(
        items=catalogue.items,
        tables=tables,
        views=views,
        categories=torch.tensor([names.index(item.category) for item in catalogue.items]),
        category_names=names,
        twins=group_numbers(catalogue.items),
        split=split,
    )
    return Prepared(data, projections)


def _encode(
    place: Path, reader: MediaReader, modality: Modality, encoder: Encoder, rows: list[int], train: set[int],
    recipe: Recipe, report: Report,
) -> None:  # fmt: skip
    plain = [_half(t) for t in _tokens(reader, modality, encoder, rows, 0, report)]
    sample = [t.values[t.mask].astype(np.float32) for row, t in zip(rows, plain, strict=True) if row in train]
    projection = _fit(encoder, np.concatenate(sample), recipe.token_dims[modality], recipe.seed)
    parts = [build_table(plain, projection.project)]
    del plain, sample
    for number in range(1, recipe.views[modality]):
        parts.append(build_table(_tokens(reader, modality, encoder, rows, number, report), projection.project))
    table = join_tables(parts)
    with replace_folder(place) as draft:
        torch.save(vars(table), draft / "table.pt")
        save_file(projection.to_arrays(), draft / "projection.safetensors")


def _fit(encoder: Encoder, rows: np.ndarray, dim: int, seed: int) -> Projection:
    """Tokens that are pooled by their peak over time (an encoder with ``bands``) are only scaled."""
    return scale_only(rows) if hasattr(encoder, "bands") else fit_projection(rows, dim, seed)


def _bytes(path: Path | None) -> bytes:
    """Bytes of a medium that the item is known to have."""
    assert path is not None  # noqa: S101 - rows are chosen by the item's modalities
    return path.read_bytes()


def _half(t: Tokens) -> Tokens:
    return Tokens(t.values.astype(np.float16), t.mask, t.grid)


def _read(place: Path) -> tuple[TokenTable, Projection]:
    table = TokenTable(**torch.load(place / "table.pt", weights_only=True))
    return table, Projection.from_arrays(load_file(place / "projection.safetensors"))


def _tokens(
    reader: MediaReader, modality: Modality, encoder: Encoder, rows: Sequence[int], number: int, report: Report
) -> Iterator[Tokens]:
    title = f"Encoding {modality}" + (f", view {number}" if number else "")
    for start in range(0, len(rows), CHUNK):
        report(Progress(title, start, len(rows), "items"))
        yield from encoder.encode([reader.view(modality, row, number) for row in rows[start : start + CHUNK]])


def _view_numbers(items: int, rows: list[int], views: int) -> torch.Tensor:
    numbers = torch.full((items, views), ABSENT)
    for view in range(views):
        numbers[rows, view] = torch.arange(len(rows)) + view * len(rows)
    return numbers


def _key(catalogue: Catalogue, modality: Modality, encoder: Encoder, recipe: Recipe) -> str:
    parts = [
        PREPARE_VERSION, catalogue.fingerprint, str(modality), encoder.version, recipe.views[modality],
        recipe.token_dims[modality], recipe.seed,
    ]  # fmt: skip
    return f"{modality}-{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]}"
