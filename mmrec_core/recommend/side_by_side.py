"""Rankings of one query compared: how far they overlap, and what each modality brought on average."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from mmrec_core.metrics import rank_biased_overlap
from mmrec_core.types import Column, Overlap, Recommendation, SideBySide


def side_by_side(rankings: Mapping[str, Sequence[Recommendation]]) -> SideBySide:
    """Compare rankings, by title, in the order given."""
    columns = tuple(Column(title, tuple(results)) for title, results in rankings.items())
    pairs = itertools.combinations(columns, 2)
    return SideBySide(
        columns,
        tuple(_overlap(a, b) for a, b in pairs),
        {column.title: mean_shares(column.results) for column in columns},
    )


def mean_shares(results: Sequence[Recommendation]) -> dict[str, float]:
    """By player, the mean of its shares of the results' scores, in units of the score."""
    players = dict.fromkeys(player for r in results for player in r.attribution.players)
    return {p: float(np.mean([r.attribution.as_dict().get(p, 0.0) for r in results])) for p in players}


def _overlap(a: Column, b: Column) -> Overlap:
    first, second = ([r.item.id for r in column.results] for column in (a, b))
    return Overlap(a.title, b.title, rank_biased_overlap(first, second), len(set(first) & set(second)))
