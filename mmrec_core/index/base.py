"""What an index is: embeddings in, nearest neighbours by inner product out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mmrec_core.registry import Registry
from mmrec_core.types import Embeddings


@dataclass(frozen=True)
class Neighbours:
    """``rows`` and ``scores``, both (n_queries, k): best first, equal scores in row order."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]


class Index(Protocol):
    """Nearest neighbours among rows of ``embeddings`` (n, dim), in catalogue order; an engine is built from them."""

    embeddings: Embeddings

    def search(self, queries: Embeddings, k: int) -> Neighbours:
        """The k best rows for each query."""
        ...


INDEXES = Registry("mmrec_core.index", "index engine")
