"""What the categories that an embedding speaks of (``fusion.categories``) add to the score of a pair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmrec_core.explain.base import Pair
from mmrec_core.recommend.coalitions import embed_whole
from mmrec_core.recommend.score import score
from mmrec_core.types import CategoryPart, Concept, Vector


def category_part(pair: Pair, names: Sequence[str]) -> CategoryPart | None:
    """The score of the categories alone, ``share <p_q, p_e>``: a part of the whole score, with the profile as it counts there.

    Args:
        pair: both sides, encoded.
        names: of the categories, in the order in which the fusion reads them.

    Returns:
        None where the fusion reads no categories, or nobody knows their names.
    """
    categories = getattr(pair.fusion, "categories", None)
    if categories is None or len(names) != categories.count:
        return None
    whole = [embed_whole(pair.fusion, side.summaries) for side in (pair.query, pair.item)]
    query, item = (vector[-len(names) :] for vector in whole)
    profile = None if pair.profile is None else pair.profile[-len(names) :]
    brought = _likeliest(query, names) if pair.query.players else None
    return CategoryPart(float(score(query, item, profile, pair.weight)), brought, _likeliest(item, names))


def _likeliest(part: Vector, names: Sequence[str]) -> Concept:
    best = int(np.argmax(part))
    return Concept(names[best], float(part[best] / part.sum()))
