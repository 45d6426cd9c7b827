"""Baselines without training, on the same protocol as the fusion: raw neighbours, the untrained ensemble, BM25."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from mmrec_core.interactions.baselines.bm25 import bm25_weights
from mmrec_core.training.lines import Rows
from mmrec_core.training.raw import CHANNELS, RawVectors, ensemble_scores
from mmrec_core.types import FUSED, Modality


class RawScorer:
    """Scores by what the frozen encoders say, over some of the channels.

    Args:
        vectors: raw vectors of every catalogue row.
        same_modality_only: keep only similarities inside one modality, i.e. nearest neighbours of raw embeddings.
    """

    def __init__(self, vectors: RawVectors, same_modality_only: bool) -> None:
        self.vectors = vectors
        self.channels = tuple(c for c in CHANNELS if not same_modality_only or c[0] == c[1])

    def __call__(
        self, queries: Rows, asked: Sequence[Modality], items: Rows, held: Sequence[Modality]
    ) -> NDArray[np.float32] | None:
        """Scores (q, n); None where no channel joins the two sides."""
        q, i = (self.vectors.rows(torch.from_numpy(rows)) for rows in (queries, items))
        scores = ensemble_scores(q, i, _reduced(q, asked), _reduced(i, held), self.channels).numpy()
        return known(scores)


def known(scores: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """The scores of an ensemble; None where no channel joins the two sides, which ``ensemble_scores`` marks by NaN."""
    return None if np.isnan(scores).any() else scores


def _reduced(vectors: RawVectors, modalities: Sequence[Modality]) -> torch.Tensor:
    return vectors.presence & torch.tensor([m in modalities for m in FUSED])


class BM25Scorer:
    """Okapi BM25 (Robertson 1994) over the items' texts, k1 = 1.2, b = 0.75; only for text against text."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import CountVectorizer

        self.counts = CountVectorizer().fit_transform(texts).astype(np.float32)
        self.weights = bm25_weights(self.counts)

    def __call__(
        self, queries: Rows, asked: Sequence[Modality], items: Rows, held: Sequence[Modality]
    ) -> NDArray[np.float32] | None:
        """Scores (q, n); None unless the query is text alone and the items have text."""
        if tuple(asked) != (Modality.TEXT,) or Modality.TEXT not in held:
            return None
        return ((self.counts[queries] > 0) @ self.weights[items].T).toarray().astype(np.float32)
