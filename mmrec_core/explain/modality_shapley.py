"""Exact Shapley values of modalities: of the query, of the item, and of every pair between them. A profile is a player too.

The fusion sees only a handful of summaries, so every coalition is evaluated and nothing is sampled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mmrec_core.explain.base import Explanation, Pair, SideFindings
from mmrec_core.explain.profile_shapley import brought, share_history
from mmrec_core.explain.shapley import Values, coalitions, shapley_values, two_sided
from mmrec_core.fusion.base import Fusion
from mmrec_core.recommend.coalitions import embed_coalitions
from mmrec_core.recommend.encode import Encoded
from mmrec_core.recommend.profile import History
from mmrec_core.recommend.score import score
from mmrec_core.registry import Plugin
from mmrec_core.types import Attribution, Embeddings, PairAttribution

METHOD = "modality_shapley"
PROFILE = "profile"
"""The player that stands for all that the person liked."""


class ModalityShapley:
    """Shares of the score among modalities, on both sides and between them."""

    name = METHOD

    def why_incompatible(self, pair: Pair) -> str | None:  # noqa: ARG002 - part of the protocol
        """None: every pair has modalities."""
        return None

    def explain(self, pair: Pair) -> Explanation:
        """Evaluate every coalition of the query against every coalition of the item, and share the score."""
        query, item, pairs = share_pair(pair)
        return Explanation(METHOD, SideFindings(attribution=query), SideFindings(attribution=item), pairs)


def share_pair(pair: Pair) -> tuple[Attribution, Attribution, PairAttribution]:
    """Shares of the query's modalities (the item whole), of the item's (the query whole), and of the pairs between them."""
    table = coalition_table(pair)
    query, item = query_players(pair.query, pair.history), tuple(map(str, pair.item.players))
    shares = two_sided(table)
    pairs = PairAttribution(
        query_players=query,
        item_players=item,
        matrix=shares.matrix,
        query_only=shares.query_only,
        item_only=shares.item_only,
        baseline=shares.baseline,
        target=shares.target,
        evaluations=table.size,
    )
    within = share_within(pair.history, embed_side(pair.fusion, pair.query), embed_side(pair.fusion, pair.item)[-1:])
    shared = replace(attribution_of(query, table[:, -1]), within=within[0])
    return shared, attribution_of(item, table[-1, :]), pairs


def coalition_table(pair: Pair) -> Values:
    """Score of every (query coalition, item coalition): shape (2**a, 2**b), in the order of ``coalitions``.

    With a profile it is the last player of the query's side.
    """
    return query_scores(embed_side(pair.fusion, pair.query), embed_side(pair.fusion, pair.item), pair.history)


def attribute_results(
    fusion: Fusion, query: Encoded, items: Embeddings, history: History | None = None
) -> list[Attribution]:
    """Share the scores of many items among the query's modalities, and the profile where there is one.

    One ``fuse`` call of 2**n rows serves all of them.

    Args:
        fusion: the model.
        query: the encoded query, n modalities.
        items: embeddings (m, dim).
        history: the profile; its own share is divided among what it holds (``within``).

    Returns:
        One attribution for each item.
    """
    queries, names = embed_side(fusion, query), query_players(query, history)
    values, within = query_scores(queries, items, history), share_within(history, queries, items)
    return attributions_of(names, values, within)


def query_players(query: Encoded, history: History | None) -> tuple[str, ...]:
    """The modalities of the query, and the profile."""
    return (*map(str, query.players), *((PROFILE,) if history else ()))


def embed_side(fusion: Fusion, side: Encoded) -> Embeddings:
    """One side once for every coalition of its modalities (2**n, dim)."""
    return embed_coalitions(fusion, side.summaries, side.players, coalitions(len(side.players)))


def query_scores(queries: Embeddings, items: Embeddings, history: History | None) -> Values:
    """Scores of items (m, dim) for every coalition of the query, (2**a, m) or, with a profile, (2**(a + 1), m).

    A profile that is not there is the zero vector, while its weight stays; its attention follows each query.
    """
    if history is None:
        return score(queries, items).astype(float)
    there = history.vectors(queries, brought(len(queries)))
    profiles = np.concatenate([np.zeros_like(there), there])
    return score(np.concatenate([queries, queries]), items, profiles, history.weight).astype(float)


def share_within(history: History | None, queries: Embeddings, items: Embeddings) -> list[dict[str, Attribution]]:
    """For each item (m, dim), the profile's own share divided among what it holds; empty where there is no profile."""
    if history is None:
        return [{} for _ in items]
    return [{PROFILE: shares} for shares in share_history(history, queries, items)]


def attribution_of(players: tuple[str, ...], values: Values) -> Attribution:
    """The exact attribution of one game from its coalition values, shape (2**n,)."""
    return attributions_of(players, values[:, None], [{}])[0]


def attributions_of(
    players: tuple[str, ...], values: Values, within: Sequence[Mapping[str, Attribution]]
) -> list[Attribution]:
    """The exact attributions of m games from their coalition values (2**n, m), in one product; ``within`` of each."""
    shares = shapley_values(values, len(players)).T
    ends = zip(values[0].tolist(), values[-1].tolist(), strict=True)
    return [
        Attribution(METHOD, players, own, baseline, target, len(values), within=parts)
        for own, (baseline, target), parts in zip(shares, ends, within, strict=True)
    ]


PLUGIN = Plugin(name=METHOD, title="Modality Shapley (exact)", build=ModalityShapley)
