"""Query -> ranked items by votes: each modality of the query ranks the catalogue by itself, and a rule adds up the ranks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmrec_core.errors import QueryError
from mmrec_core.fusion.votes import Points, Rule
from mmrec_core.metrics import ranks
from mmrec_core.recommend.coalitions import embed_coalitions
from mmrec_core.recommend.encode import Encoded
from mmrec_core.recommend.engine import Engine, barred
from mmrec_core.recommend.score import score
from mmrec_core.types import Attribution, Recommendation, told


def recommend_by_votes(
    engine: Engine, query: Encoded, rule: Rule, k: int, exclude: str | None = None
) -> tuple[Recommendation, ...]:
    """The ``k`` items with the most points, best first; equal ones in the order of ids.

    Points are a sum over the modalities' rankings, so every Shapley value is a modality's own points, with nothing left over.

    Args:
        exclude: an item that is not ranked at all, i.e. the one the query was made of.

    Raises:
        QueryError: where ``k`` is below 1.
    """
    if k < 1:
        raise QueryError(told("{k} results were asked for; ask for 1 or more.", k=k))
    rows, points = cast_votes(engine, query, rule, exclude)
    totals = points.sum(axis=0)
    best = np.argsort(-totals, kind="stable")[:k]
    players = tuple(str(modality) for modality in query.players)
    return tuple(
        Recommendation(
            rank, engine.catalogue.items[rows[place]], float(totals[place]),
            Attribution(rule.name, players, points[:, place], 0.0, float(totals[place]), len(players)),
        )
        for rank, place in enumerate(best, 1)
    )  # fmt: skip


def cast_votes(engine: Engine, query: Encoded, rule: Rule, exclude: str | None) -> tuple[NDArray[np.int64], Points]:
    """Rows of the items that may be returned, in the order of ids, and their points from each modality (modalities, rows)."""
    never, items = barred(exclude, None), engine.catalogue.items
    rows = np.array(sorted((n for n, i in enumerate(items) if i.id not in never), key=lambda n: items[n].id), np.int64)
    alone = np.eye(len(query.players), dtype=bool)
    queries = embed_coalitions(engine.fusion, query.summaries, query.players, alone)
    return rows, rule.points(ranks(score(queries, engine.index.embeddings[rows])))
