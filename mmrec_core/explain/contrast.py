"""Why A ranks above B: the difference of their scores, shared like a score.

Shapley values are linear in the game, and both scores are inner products with the same query embedding; so the shares of
``score(A) - score(B)`` are the difference of the shares of each, exactly, by modality, by token, and by what a profile holds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmrec_core.errors import QueryError
from mmrec_core.explain.case import Case
from mmrec_core.explain.faithfulness import judge
from mmrec_core.explain.modality_shapley import attributions_of, embed_side, query_players, query_scores, share_within
from mmrec_core.explain.parts import parts_of, spread
from mmrec_core.explain.phrases import contrast_words
from mmrec_core.explain.scorer import Keep, TokenScorer
from mmrec_core.explain.token_shap import EVALUATIONS, PERMUTATION, TokenShap
from mmrec_core.recommend.coalitions import embed_coalitions
from mmrec_core.types import Attribution, Contrast, Modality, TokenMap, told

METHOD = "contrast"


class ContrastScorer(TokenScorer):
    """``score(A) - score(B)`` under masks of the parts of one medium of the query: a scorer like any other.

    Args:
        case: the query and item A.
        rival: row of item B.
        modality: whose parts are masked.
    """

    def __init__(self, case: Case, rival: int, modality: Modality) -> None:
        text = case.query.text if modality is Modality.TEXT else None
        super().__init__(case.pair, "query", modality, parts_of(case.pair.query.tokens[modality], text))
        self._case, self._rival = case, rival

    def __call__(self, keep: Keep) -> NDArray[np.float64]:
        """Differences (n_masks,) of the rows of ``keep`` (n_masks, n_parts)."""
        return self._case.standing.lead_over(self.embed(keep), self._rival, self._left(keep))


def contrast(case: Case, rival_id: str, *, evaluations: int = EVALUATIONS, seed: int = 0) -> Contrast:
    """Share ``score(A) - score(B)`` among the query's modalities (exactly) and among the parts of each.

    Args:
        case: the query and item A.
        rival_id: item B.
        evaluations: budget a medium for shares among its parts; 0 leaves them out.
        seed: of the sampling, where a medium has too many parts to be exact.

    Raises:
        QueryError: where A and B are the same, or one is the query's own item.
    """
    standing = case.standing
    rival = standing.row_of(rival_id)
    if rival == standing.row or {rival, standing.row} & set(standing.excluded):
        raise QueryError(
            told(
                "A contrast takes two different items, and neither may be the one that the query is made of, "
                "nor in your profile."
            )
        )
    first, second, difference = shares(case, rival)
    vector = case.vector
    above, below = standing.place(vector), standing.place(vector, rival)
    reversing = _reversing(case, rival)
    media = case.pair.query.players if evaluations else ()
    scorers = {m: ContrastScorer(case, rival, m) for m in media}
    parts = {m: TokenShap("query", PERMUTATION, evaluations, seed).share(scorer) for m, scorer in scorers.items()}
    maps = {m: _map_of(scorers[m], found) for m, found in parts.items()}
    words = contrast_words(above, below, difference, reversing)
    trusts = {m: judge(scorers[m], found.values, METHOD, seed=seed) for m, found in parts.items()}
    return Contrast(above, below, difference, first, second, parts, maps, reversing, words, trusts)


def shares(case: Case, rival: int) -> tuple[Attribution, Attribution, Attribution]:
    """Exact shares by query modality, and of the profile, of score(A), score(B) and their difference, each its own game.

    A score is linear in the item's embedding, so the difference is the score of an item ``A - B``.
    """
    pair, standing = case.pair, case.standing
    above, below = standing.embeddings[[standing.row, rival]].astype(np.float64)
    games = np.stack([above, below, above - below])
    queries = embed_side(pair.fusion, pair.query)
    values = query_scores(queries, games, pair.history)
    within = share_within(pair.history, queries, games)
    names = query_players(pair.query, pair.history)
    first, second, difference = attributions_of(names, values, within)
    return first, second, difference


def _map_of(scorer: ContrastScorer, found: Attribution) -> TokenMap:
    tokens = scorer.tokens
    return TokenMap(scorer.modality, tokens.grid, spread(scorer.parts, found.values, len(tokens.mask)), METHOD)


def _reversing(case: Case, rival: int) -> tuple[Modality, ...]:
    """Modalities of the query without which the order of the two turns round; none where only one was brought."""
    query, standing = case.pair.query, case.standing
    if len(query.players) < 2:
        return ()
    members = np.vstack([np.ones(len(query.players), dtype=bool), ~np.eye(len(query.players), dtype=bool)])
    leads = standing.lead_over(embed_coalitions(case.pair.fusion, query.summaries, query.players, members), rival)
    return tuple(m for m, lead in zip(query.players, leads[1:], strict=True) if lead * leads[0] < 0)
