"""Feature selection: which columns tell the categories apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SEED = 0
STRENGTH = 0.05
"""Inverse L1 penalty of the logistic regression; smaller keeps fewer features."""
MOST_ROWS = 2000


def by_importance(rows: NDArray[np.float32], labels: NDArray[np.int64], keep: float) -> NDArray[np.bool_]:
    """The ``keep`` share of the columns with the largest ANOVA F between categories (Fisher 1925).

    Args:
        rows: (n, d) of the training part; labels: (n,).

    Returns:
        (d,), True where the column is kept; never none.
    """
    from sklearn.feature_selection import f_classif

    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.nan_to_num(f_classif(rows, labels)[0], posinf=0.0)
    return _largest(worth, keep)


def by_l1(rows: NDArray[np.float32], labels: NDArray[np.int64], keep: float) -> NDArray[np.bool_]:
    """The columns to which an L1-penalised logistic regression (Tibshirani 1996) gives a weight, at most a ``keep`` share.

    The fit reads at most 2,000 rows, drawn with a fixed seed.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    chosen = np.random.default_rng(SEED).permutation(len(rows))[:MOST_ROWS]
    scaled = StandardScaler().fit_transform(rows[chosen])
    model = LogisticRegression(l1_ratio=1.0, solver="saga", C=STRENGTH, tol=0.05, max_iter=60, random_state=SEED)
    worth = np.abs(model.fit(scaled, labels[chosen]).coef_).max(axis=0)
    return _largest(worth, keep) & (worth > 0) if worth.any() else _largest(worth, keep)


def _largest(worth: NDArray[np.float64], keep: float) -> NDArray[np.bool_]:
    kept = np.zeros(len(worth), bool)
    kept[np.argsort(-worth, kind="stable")[: max(1, round(keep * len(worth)))]] = True
    return kept


SELECTORS = {"importance": by_importance, "l1": by_l1}
