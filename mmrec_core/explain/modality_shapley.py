"""Exact Shapley values of modalities: of the query, of the item, and of every pair between them.

The fusion sees only a handful of summaries, so every coalition is evaluated and nothing is sampled.
"""

from __future__ import annotations

from mmrec_core.explain.base import Explanation, Pair, SideFindings
from mmrec_core.explain.shapley import Values, coalitions, shapley_values, two_sided
from mmrec_core.fusion.base import Fusion
from mmrec_core.recommend.coalitions import embed_coalitions
from mmrec_core.recommend.encode import Encoded
from mmrec_core.recommend.score import score
from mmrec_core.registry import Plugin
from mmrec_core.types import Attribution, Embeddings, PairAttribution, Vector

METHOD = "modality_shapley"


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
    query, item = (tuple(map(str, side.players)) for side in (pair.query, pair.item))
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
    return attribution_of(query, table[:, -1]), attribution_of(item, table[-1, :]), pairs


def coalition_table(pair: Pair) -> Values:
    """Score of every (query coalition, item coalition): shape (2**a, 2**b), in the order of ``coalitions``."""
    sides = [
        embed_coalitions(pair.fusion, side.summaries, side.players, coalitions(len(side.players)))
        for side in (pair.query, pair.item)
    ]
    return score(sides[0], sides[1], pair.profile, pair.weight).astype(float)


def attribute_results(
    fusion: Fusion, query: Encoded, items: Embeddings, profile: Vector | None, weight: float
) -> list[Attribution]:
    """Share the scores of many items among the query's modalities: one ``fuse`` call of 2**n rows for all of them.

    Args:
        fusion: the model.
        query: the encoded query, n modalities.
        items: embeddings (m, dim).
        profile: embedding (dim,) or None; it is part of the baseline, since it is there without the query.
        weight: of the profile.

    Returns:
        One attribution for each item.
    """
    players = query.players
    embedded = embed_coalitions(fusion, query.summaries, players, coalitions(len(players)))
    values = score(embedded, items, profile, weight)
    names = tuple(map(str, players))
    return [attribution_of(names, column) for column in values.T]


def attribution_of(players: tuple[str, ...], values: Values) -> Attribution:
    """The exact attribution of one game from its coalition values, shape (2**n,)."""
    return Attribution(
        method=METHOD,
        players=players,
        values=shapley_values(values, len(players)),
        baseline=float(values[0]),
        target=float(values[-1]),
        evaluations=len(values),
    )


PLUGIN = Plugin(name=METHOD, title="Modality Shapley (exact)", build=ModalityShapley)
