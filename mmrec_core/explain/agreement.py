"""Do methods agree on what matters? Rank correlation among their maps, and the parts they dispute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.parts import Part
from mmrec_core.types import Agreement

Map = NDArray[np.floating]
"""Shape (n_parts,): one value a part, higher is more relevant."""
DISPUTED = 0.5
"""From this difference of places on, as a share of all places, a part is disputed."""


def on_parts(parts: Sequence[Part], weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """A map by token (n_tokens,) as a map by part (n_parts,): the sum over each part's tokens (undoes ``parts.spread``)."""
    return np.array([float(np.sum(weights[list(part.tokens)])) for part in parts])


def agreement(maps: Mapping[str, Map]) -> Agreement:
    """Compare maps of the same parts by the order they put them in.

    Args:
        maps: by method, (n_parts,).

    Returns:
        Both correlations of every pair of methods, and the disputed parts: those that one method places at least half of
        all places above where another does (first of n to last of n is a whole).

    Raises:
        ValueError: where the maps have different lengths.
    """
    lengths = {len(values) for values in maps.values()}
    if len(lengths) > 1:
        raise ValueError(f"Maps of {sorted(lengths)} parts cannot be compared; all must rank the same parts.")
    values = list(maps.values())
    return Agreement(
        methods=tuple(maps),
        spearman=np.array([[spearman(a, b) for b in values] for a in values]).reshape(len(values), len(values)),
        kendall=np.array([[kendall(a, b) for b in values] for a in values]).reshape(len(values), len(values)),
        disputed=disputed_parts(values),
    )


def spearman(a: Map, b: Map) -> float:
    """Spearman's rank correlation in [-1, 1], ties averaged; 0 where a map is constant and so orders nothing."""
    from scipy.stats import spearmanr

    return 0.0 if _orders_nothing(a, b) else float(spearmanr(a, b).statistic)


def kendall(a: Map, b: Map) -> float:
    """Kendall's tau-b in [-1, 1]; 0 where a map is constant and so orders nothing."""
    from scipy.stats import kendalltau

    return 0.0 if _orders_nothing(a, b) else float(kendalltau(a, b).statistic)


def disputed_parts(maps: list[Map]) -> tuple[int, ...]:
    """Indices of the parts whose places differ by ``DISPUTED`` of all places or more between two of the maps."""
    from scipy.stats import rankdata

    if len(maps) < 2 or len(maps[0]) < 2:
        return ()
    places = (np.stack([rankdata(values) for values in maps]) - 1) / (len(maps[0]) - 1)
    return tuple(int(part) for part in np.flatnonzero(np.ptp(places, axis=0) >= DISPUTED - 1e-9))


def _orders_nothing(a: Map, b: Map) -> bool:
    return len(a) < 2 or np.ptp(a) == 0 or np.ptp(b) == 0
