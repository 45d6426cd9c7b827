"""Principal components of pooled features, without those that noise alone explains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmrec_core.features.projection import fit_projection


def noise_edge(variances: NDArray[np.float64], rows: int) -> float:
    """The largest variance that pure noise would show: the upper Marchenko-Pastur edge ``s2 (1 + sqrt(d / n))^2``.

    Args:
        variances: (d,) of all principal components, largest first. The noise's own variance s2 is taken to be their median,
            which a few strong components do not move.
        rows: n, from how many rows the components were estimated.
    """
    return float(np.median(variances) * (1 + np.sqrt(len(variances) / rows)) ** 2)


def principal_components(
    rows: NDArray[np.float32], most: int, noise_filter: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean (d,) and orthonormal basis (``most``, d), zero rows where a component was filtered out.

    Args:
        rows: (n, d) of the training part.
        most: components at most; more than min(n, d) are zero rows.
        noise_filter: leave out components whose variance does not exceed ``noise_edge``.
    """
    kept = min(most, *rows.shape)
    full = fit_projection(rows, min(rows.shape))
    variances = ((rows - full.mean) @ full.components.T).var(axis=0).astype(np.float64)
    basis = np.zeros((most, rows.shape[1]), np.float32)
    basis[:kept] = full.components[:kept]
    if noise_filter:
        basis[:kept][variances[:kept] <= noise_edge(variances, len(rows))] = 0.0
    return full.mean, basis
