"""BM25 with the liked movies' texts as the query (Robertson 1994)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mmrec_core.interactions.ratings import Ratings, Scores

K1, B = 1.2, 0.75


@dataclass(frozen=True)
class BM25:
    """Score: Okapi BM25 of an item's text for all words of the liked items, each as often as it is there."""

    texts: Sequence[str]

    def __call__(self, train: Ratings) -> Scores:
        """Scores (n_users, n_items)."""
        from scipy.sparse import csr_matrix
        from sklearn.feature_extraction.text import CountVectorizer

        counts = CountVectorizer().fit_transform(self.texts).astype(np.float32)
        queries = csr_matrix(train.likes.matrix()) @ counts
        return (queries @ bm25_weights(counts).T).toarray()


def bm25_weights(counts: Any) -> Any:
    """Weight of each word in each text, from how often it is there; both (n_texts, n_words), sparse."""
    frequency = np.asarray((counts > 0).sum(axis=0)).ravel()
    inverse = np.log(1 + (counts.shape[0] - frequency + 0.5) / (frequency + 0.5))
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    weights = counts.tocoo()
    norm = K1 * (1 - B + B * lengths / lengths.mean())[weights.row]
    weights.data = inverse[weights.col] * weights.data * (K1 + 1) / (weights.data + norm)
    return weights.tocsr()
