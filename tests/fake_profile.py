"""What a profile does to the invented scores: entries add invented shares, and the score is blended by the weight."""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np

from mmrec_core.types import DISLIKE, LIKE, WORDS, Attribution, Item, Move, Profile, Recommendation, Rerank


def with_profile(shares: Attribution | None, profile: Profile | None, item: Item) -> Attribution:
    """The shares with the profile as one more player; without a query (None) it is the only one."""
    if profile is None or profile.is_empty or not profile.weight:
        assert shares is not None
        return shares
    weight = 1.0 if shares is None else profile.weight
    query = shares or Attribution("modality_shapley", (), np.zeros(0), 0.0, 0.0, 1)
    inside = _within(profile, item, weight)
    values = np.append((1 - weight) * query.values, inside.target)
    baseline = (1 - weight) * query.baseline
    return replace(
        query,
        players=(*query.players, "profile"),
        values=values,
        baseline=baseline,
        target=float(baseline + values.sum()),
        within={"profile": inside},
    )


def _within(profile: Profile, item: Item, weight: float) -> Attribution:
    players = [LIKE + other for other in profile.liked] + [DISLIKE + other for other in profile.disliked]
    players += [WORDS] if profile.text else []
    draws = [np.random.default_rng(zlib.crc32(f"{player}|{item.id}".encode())).uniform(0.05, 0.3) for player in players]
    signed = [-draw if player.startswith(DISLIKE) else draw for player, draw in zip(players, draws, strict=True)]
    values = weight * np.array(signed) / len(players)
    return Attribution("owen", tuple(players), values, 0.0, float(values.sum()), 2 ** len(players))


def rearranged(results: tuple[Recommendation, ...], rerank: Rerank | None) -> tuple[Recommendation, ...]:
    """With diversity, the last result comes first; otherwise nothing moves."""
    if not rerank or not rerank.diversity or len(results) < 2:
        return results
    moved = [results[-1], *results[:-1]]
    return tuple(
        replace(result, rank=rank, moves=(Move("diversity", result.rank - rank),))
        for rank, result in enumerate(moved, 1)
    )
