"""Embeddings of the catalogue on disk, bound to the bundle and the catalogue that they were made from; and an engine over them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from mmrec_core.errors import BundleError, NotSetUpError
from mmrec_core.files import replace_folder
from mmrec_core.index.base import INDEXES, Index
from mmrec_core.types import Embeddings, told

EMBEDDINGS, KEY = "embeddings.npy", "index.json"


@dataclass(frozen=True)
class IndexKey:
    """What an index belongs to: hashes of the model bundle and of the catalogue."""

    bundle: str
    catalogue: str


def save_index(folder: Path, embeddings: Embeddings, key: IndexKey) -> None:
    """Write embeddings (n, dim) and key; an existing folder is replaced as a whole."""
    with replace_folder(folder) as draft:
        np.save(draft / EMBEDDINGS, np.ascontiguousarray(embeddings, dtype=np.float32))
        (draft / KEY).write_text(json.dumps(asdict(key)))


def open_index(folder: Path, key: IndexKey, engine: str) -> Index:
    """Read the embeddings and build an engine over them.

    Raises:
        NotSetUpError: where there is no index, or it is damaged.
        BundleError: where it belongs to something else.
        UnknownNameError: where there is no such engine.
    """
    if not (folder / KEY).exists():
        raise NotSetUpError(told("There is no index at {folder}. Run: python -m mmrec_core setup", folder=folder))
    with _damage_told(folder):
        found, embeddings = _read_key(folder), np.load(folder / EMBEDDINGS)
    if found != key:
        raise BundleError(
            told(
                "The index was built with bundle {bundle} and catalogue {catalogue}, but {bundle_here} and "
                "{catalogue_here} are in use. Run: python -m mmrec_core setup",
                bundle=found.bundle[:12],
                catalogue=found.catalogue[:12],
                bundle_here=key.bundle[:12],
                catalogue_here=key.catalogue[:12],
            )
        )
    found_index: Index = INDEXES.build(engine, embeddings)
    return found_index


def belongs_to(folder: Path, key: IndexKey) -> bool:
    """Whether the folder holds a whole index with this key; a quick look."""
    try:
        with _damage_told(folder):
            np.load(folder / EMBEDDINGS, mmap_mode="r")  # a file that is too short cannot be mapped
            return _read_key(folder) == key
    except NotSetUpError:
        return False


def _read_key(folder: Path) -> IndexKey:
    return IndexKey(**json.loads((folder / KEY).read_text()))


@contextmanager
def _damage_told(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, TypeError, EOFError) as error:
        raise NotSetUpError(
            told("The index at {folder} is damaged ({why}). Run: python -m mmrec_core setup", folder=folder, why=error)
        ) from error
