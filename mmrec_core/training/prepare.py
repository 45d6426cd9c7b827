"""Views of a catalogue and of the training corpus -> projected token tables, and the projections fitted on what is trained on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

from mmrec_core.catalogue.store import Catalogue
from mmrec_core.catalogue.taxonomy import CATEGORIES
from mmrec_core.encoders.base import ClassifyingEncoder, Encoder
from mmrec_core.features.projection import MAX_ROWS, Projection, fit_projection, scale_only
from mmrec_core.files import replace_folder
from mmrec_core.training.data import TrainingData, group_numbers
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.split import Split, split_items, with_corpus, without
from mmrec_core.training.tables import ABSENT, TokenTable, join_tables, project_table
from mmrec_core.training.views import VIEWS_VERSION, Views
from mmrec_core.types import Item, Modality, Report

PREPARE_VERSION = 3


@dataclass(frozen=True)
class Prepared:
    """Training data and the projections that its tokens went through."""

    data: TrainingData
    projections: dict[Modality, Projection]


def prepare(
    catalogue: Catalogue, encoders: dict[Modality, Encoder], recipe: Recipe, folder: Path, report: Report,
    corpus: Catalogue | None = None, left_out: Collection[str] = (),
    projections: Mapping[Modality, Projection] | None = None,
) -> Prepared:  # fmt: skip
    """Token tables of all views, read from ``folder`` where they lie there already.

    Args:
        corpus: more items, only to train on.
        left_out: sources of which nothing is trained, fitted or validated on; their items stay in the tables.
        projections: those of another bundle, so that both read one token cache; new ones are fitted where None.
    """
    books = [catalogue] if corpus is None else [catalogue, corpus]
    views = [Views(book, encoders, recipe.seed, folder / "views", report) for book in books]
    items = tuple(item for book in books for item in book.items)
    split = without(split_items(catalogue.items), [item.source in left_out for item in catalogue.items])
    split = with_corpus(split, [n for n in range(len(catalogue.items), len(items)) if items[n].source not in left_out])
    tables, numbers, used = {}, {}, {}
    for modality, encoder in encoders.items():
        given = projections[modality] if projections else None
        place = folder / _key(views, modality, recipe, left_out, given)
        if not place.exists():
            _project(place, views, modality, given or _fitted(views[0], encoder, split, recipe), recipe)
        tables[modality], used[modality] = _read(place)
        numbers[modality] = _view_numbers(views, modality, recipe.views[modality])
    return Prepared(_data(items, tables, numbers, split), used)


def _data(
    items: tuple[Item, ...], tables: dict[Modality, TokenTable], numbers: dict[Modality, torch.Tensor], split: Split
) -> TrainingData:
    names = tuple(CATEGORIES)
    return TrainingData(
        items=items,
        tables=tables,
        views=numbers,
        categories=torch.tensor([names.index(item.category) for item in items]),
        category_names=names,
        twins=group_numbers(items),
        split=split,
    )


def _project(place: Path, views: Sequence[Views], modality: Modality, projection: Projection, recipe: Recipe) -> None:
    """Project every view and keep the tokens at ``place``."""
    found = (view.table(modality, number) for number in range(recipe.views[modality]) for view in views)
    table = join_tables([project_table(part, projection.project) for part in found if part is not None])
    with replace_folder(place) as draft:
        torch.save(vars(table), draft / "table.pt")
        save_file(projection.to_arrays(), draft / "projection.safetensors")


def _fitted(views: Views, encoder: Encoder, split: Split, recipe: Recipe) -> Projection:
    """Fitted on the media (as they are) of the catalogue's training part.

    Tokens that are pooled by their peak over time (an encoder with ``bands``) are only scaled; what a classifier reads is kept.
    """
    modality = encoder.modality
    plain = views.table(modality, 0)
    assert plain is not None  # noqa: S101 - an encoder of a preset has items
    trained = np.flatnonzero(np.isin(views.rows(modality), split.train))
    rows = plain.sample(torch.from_numpy(trained), MAX_ROWS, recipe.seed)
    if hasattr(encoder, "bands"):
        return scale_only(rows, getattr(encoder, "names", 0))
    readout = encoder.head()[0] if isinstance(encoder, ClassifyingEncoder) else None
    return fit_projection(rows, recipe.token_dims[modality], recipe.seed, readout)


def _read(place: Path) -> tuple[TokenTable, Projection]:
    table = TokenTable(**torch.load(place / "table.pt", weights_only=True))
    return table, Projection.from_arrays(load_file(place / "projection.safetensors"))


def _view_numbers(views: Sequence[Views], modality: Modality, count: int) -> torch.Tensor:
    """(items, views): where each view's tokens lie in the joined table; the tables follow each other view by view."""
    sizes = [len(view.catalogue.items) for view in views]
    numbers = torch.full((sum(sizes), count), ABSENT)
    used = 0
    for number in range(count):
        for book, view in enumerate(views):
            rows = torch.tensor(view.rows(modality), dtype=torch.long)
            numbers[rows + sum(sizes[:book]), number] = torch.arange(len(rows)) + used
            used += len(rows)
    return numbers


def _key(
    views: Sequence[Views], modality: Modality, recipe: Recipe, left_out: Collection[str], given: Projection | None
) -> str:
    parts = [
        PREPARE_VERSION, VIEWS_VERSION, [view.key(modality) for view in views], recipe.views[modality],
        recipe.token_dims[modality], recipe.seed, sorted(left_out),
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(parts).encode())
    for array in given.to_arrays().values() if given else ():
        digest.update(array.tobytes())
    return f"{modality}-{digest.hexdigest()[:16]}"
