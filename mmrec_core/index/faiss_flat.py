"""Exact inner product through FAISS, bound to the bundle and the catalogue it was built from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mmrec_core.errors import BundleError, NotSetUpError
from mmrec_core.files import replace_folder
from mmrec_core.index.base import Neighbours
from mmrec_core.registry import Plugin
from mmrec_core.types import Embeddings, told


@dataclass(frozen=True)
class IndexKey:
    """What an index belongs to: hashes of the model bundle and of the catalogue."""

    bundle: str
    catalogue: str


class FlatIndex:
    """All rows are compared; nothing is approximated.

    Args:
        embeddings: (n, dim) in catalogue order.
    """

    def __init__(self, embeddings: Embeddings) -> None:
        import faiss

        self.embeddings = np.ascontiguousarray(embeddings, dtype=np.float32)
        self._faiss = faiss.IndexFlatIP(self.embeddings.shape[1])
        self._faiss.add(self.embeddings)

    def __len__(self) -> int:
        return len(self.embeddings)

    def search(self, queries: Embeddings, k: int) -> Neighbours:
        """The ``k`` best rows for each query; equal scores in row order."""
        scores, rows = self._faiss.search(np.ascontiguousarray(queries, dtype=np.float32), min(k, len(self)))
        order = np.lexsort((rows, -scores), axis=-1)
        return Neighbours(np.take_along_axis(rows, order, 1), np.take_along_axis(scores, order, 1))

    def save(self, folder: Path, key: IndexKey) -> None:
        """Write embeddings and key; an existing folder is replaced as a whole."""
        with replace_folder(folder) as draft:
            np.save(draft / "embeddings.npy", self.embeddings)
            (draft / "index.json").write_text(json.dumps({"bundle": key.bundle, "catalogue": key.catalogue}))

    @classmethod
    def open(cls, folder: Path, key: IndexKey) -> FlatIndex:
        """Read an index; raises NotSetUpError where there is none and BundleError where it belongs to something else."""
        if not (folder / "index.json").exists():
            raise NotSetUpError(told("There is no index at {folder}. Run: python -m mmrec_core setup", folder=folder))
        found = IndexKey(**json.loads((folder / "index.json").read_text()))
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
        return cls(np.load(folder / "embeddings.npy"))


PLUGIN = Plugin("exact", "Exact inner product (FAISS)", FlatIndex, requires=("faiss:faiss-cpu",))
