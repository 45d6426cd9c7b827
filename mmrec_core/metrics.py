"""Ranking metrics (a leaf: training validates and evaluate reports with the same ones), each a pure function of ranks or lists, and their bootstrap intervals."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types import Interval


def bootstrap(values: NDArray[np.float64], seed: int = 0, draws: int = 1000, level: float = 0.95) -> Interval:
    """Percentile bootstrap of the mean over queries (Efron 1979).

    Args:
        values: (n,), one per query.
    """
    values = np.asarray(values, np.float64)
    if len(values) == 0:
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    picks = np.random.default_rng(seed).integers(0, len(values), (draws, len(values)))
    low, high = np.quantile(values[picks].mean(axis=1), [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(values.mean()), float(low), float(high), len(values))


def rank_of_target(scores: NDArray[np.float32], target: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rank, from 1, of each query's one right item; ties count against it.

    Args:
        scores: (q, n); target: (q,) column of the right item.
    """
    own = np.take_along_axis(scores, target[:, None], axis=1)
    return (scores > own).sum(axis=1) + (scores == own).sum(axis=1)


def recall_at(ranks: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """1 where the one right item is among the first k."""
    return (ranks <= k).astype(np.float64)


def top_k(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Columns of the k best scores of each row (q, k), best first; equal scores in column order."""
    if scores.shape[1] <= k:
        return np.argsort(-scores, axis=1, kind="stable")
    least = np.partition(scores, -k, axis=1)[:, -k, None]
    above, equal = scores > least, scores == least
    kept = above | (equal & (equal.cumsum(axis=1) <= k - above.sum(axis=1, keepdims=True)))
    columns = np.nonzero(kept)[1].reshape(len(scores), k)
    order = np.argsort(-np.take_along_axis(scores, columns, axis=1), axis=1, kind="stable")
    return np.take_along_axis(columns, order, axis=1)


def ranks(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Rank, from 1, of each column in its row (q, n); equal scores in column order."""
    order = np.argsort(-scores, axis=1, kind="stable")
    found = np.empty_like(order)
    np.put_along_axis(found, order, np.arange(1, scores.shape[1] + 1)[None, :], axis=1)
    return found


def diversity(top: NDArray[np.int64], vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Intra-list diversity (Ziegler 2005): 1 - mean pairwise cosine of each list (q, k), by unit vectors (n, d)."""
    picked = vectors[top].astype(np.float64)
    k = top.shape[1]
    pairs = (picked.sum(axis=1) ** 2).sum(axis=1) - (picked**2).sum(axis=(1, 2))
    return np.asarray(1 - pairs / max(k * (k - 1), 1))


def novelty(top: NDArray[np.int64], counts: NDArray[np.int64], total: int) -> NDArray[np.float64]:
    """Mean self-information of each list (q, k), in bits (Castells 2011, smoothed): -log2((n_i + 1) / (N + |I|)).

    Args:
        counts: (items,) how often each item was chosen (or shown); total: N, by how many users (or lists).
    """
    return np.asarray(-np.log2((counts[top] + 1) / (total + len(counts))).mean(axis=1))


def serendipity(
    top: NDArray[np.int64], hits: NDArray[np.bool_], histories: NDArray[np.float32], vectors: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Mean over each list (q, k) of 1 - mean cosine to the liked items where the item is a find, 0 where it is not.

    Args:
        hits: (q, k), which places are finds.
        histories: (q, items), 1 where liked before.
        vectors: (items, d), unit vectors.
    """
    mean_like = histories @ vectors / np.maximum(histories.sum(axis=1, keepdims=True), 1)
    surprise = 1 - np.einsum("ukd,ud->uk", vectors[top], mean_like)
    return np.asarray((surprise * hits).mean(axis=1), np.float64)


def coverage(shown: NDArray[np.int64]) -> float:
    """Share of the items (n,) that were shown at least once."""
    return float((shown > 0).mean())


def gini(shown: NDArray[np.int64]) -> float:
    """Gini index of how often items (n,) were shown: 0 all equally often, towards 1 a single one always."""
    ordered, n = np.sort(shown).astype(np.float64), len(shown)
    total = ordered.sum()
    return float(2 * (np.arange(1, n + 1) @ ordered) / (n * total) - (n + 1) / n) if total else 0.0


def entropy(shown: NDArray[np.int64]) -> float:
    """Shannon entropy of how often items (n,) were shown, in bits; log2(n) where all are shown equally often."""
    share = shown[shown > 0] / max(shown.sum(), 1)
    return float(-(share * np.log2(share)).sum())


def category_precision(top: NDArray[np.int64], of_items: NDArray, of_queries: NDArray) -> NDArray[np.float64]:
    """Share of each list (q, k) whose category is the query's."""
    return (of_items[top] == of_queries[:, None]).mean(axis=1)


def majority_category(top: NDArray[np.int64], of_items: NDArray[np.int64]) -> NDArray[np.int64]:
    """The commonest category of each list (q, k); between equals, the one that appears first."""
    lists = of_items[top]
    votes = (lists[:, :, None] == lists[:, None, :]).sum(axis=2)
    return np.take_along_axis(lists, votes.argmax(axis=1)[:, None], axis=1)[:, 0]


def rank_biased_overlap(a: Sequence[Hashable], b: Sequence[Hashable], p: float = 0.9) -> float:
    """How alike two rankings are, the top counting most: extrapolated RBO (Webber, Moffat & Zobel 2010, eq. 23).

    ``X_k / k p^k + (1 - p) / p sum_{d=1..k} X_d / d p^d`` with ``X_d`` the items that both hold among their first d, and k the
    length of the shorter ranking, to which both are cut.

    Args:
        a, b: rankings without repeats, best first.
        p: persistence in (0, 1): with 0.9, the first ten ranks carry 86% of the weight.

    Returns:
        In [0, 1]; 1 for equal rankings, 0 for disjoint ones and where one is empty.
    """
    depth = min(len(a), len(b))
    if not depth:
        return 0.0
    agreement = [len(set(a[:d]) & set(b[:d])) / d for d in range(1, depth + 1)]
    seen = sum(share * p**d for d, share in enumerate(agreement, 1))
    return float(agreement[-1] * p**depth + (1 - p) / p * seen)
