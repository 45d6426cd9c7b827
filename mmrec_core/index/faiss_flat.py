"""Exact inner product through FAISS."""

from __future__ import annotations

import numpy as np

from mmrec_core.index.base import Neighbours
from mmrec_core.registry import Plugin
from mmrec_core.types import Embeddings


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


PLUGIN = Plugin("exact", "Exact inner product (FAISS)", FlatIndex, requires=("faiss:faiss-cpu",))
