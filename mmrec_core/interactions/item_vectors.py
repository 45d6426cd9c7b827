"""Item vectors in closed form: what an item's likes say of it, and what its content lets one expect of its likes."""

from __future__ import annotations

import numpy as np

from mmrec_core.interactions.content import Content
from mmrec_core.interactions.ratings import Mask, Scores


def content_kernel(content: Content) -> Scores:
    """One plus the sum of the parts' cosines (n_items, n_items); the one lets a ridge regression on it have a mean."""
    kernel = np.ones((content.items, content.items), np.float32)
    for vectors in content.parts.values():
        kernel += vectors @ vectors.T
    return kernel


def content_weights(kernel: Scores, warm: Mask, regularisation: float) -> Scores:
    """How each item is made up of the warm ones that resemble it: C (n_items, n_items), zero on the diagonal and in cold rows.

    Kernel ridge regression, C[w, j] = (K_ww + regularisation I)^-1 k_wj; for a warm item j itself left out of what it is
    regressed on, which is -Q[:, j] / Q[j, j] with Q that inverse: the closed form of EASE^R, on a kernel of content.
    """
    rows = np.flatnonzero(warm)
    inverse = np.linalg.inv(kernel[np.ix_(rows, rows)].astype(np.float64) + regularisation * np.eye(len(rows)))
    left_out = -inverse / np.diag(inverse)
    np.fill_diagonal(left_out, 0)
    weights = np.zeros(kernel.shape, np.float32)
    weights[np.ix_(rows, rows)] = left_out
    cold = np.flatnonzero(~warm)
    weights[np.ix_(rows, cold)] = inverse @ kernel[np.ix_(rows, cold)]
    return weights
