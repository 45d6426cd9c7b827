"""The trust strip: is a map better than chance? Pure functions of a scorer and an order of the parts.

Two curves carry everything. *Deletion* removes the parts in the order of the map, the most relevant first; *insertion*
starts from nothing and puts them in. With n parts and f the score of what is kept,

- deletion AUC: area under f(without the first k) over k/n, trapezoids; low is good (RISE, Petsiuk et al., BMVC 2018);
- insertion AUC: area under f(only the first k) over k/n; high is good (the same);
- comprehensiveness: mean over q of f(all) - f(without the first q n); high is good (ERASER, DeYoung et al., ACL 2020);
- sufficiency: mean over q of f(all) - f(only the first q n); low is good (the same),

with q in 1, 5, 10, 20, 50 % as in ERASER's AOPC, at least one part. All are in units of the score. Each is set against
random orders of the same parts; every curve of every map and every random order is one batched call of the scorer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.agreement import spearman
from mmrec_core.explain.random_maps import Rankings, random_rankings, ranking_of
from mmrec_core.types import Attribution, Trust, TrustCurves, TrustMeasure, told
from mmrec_core.types.sentence import in_a_row

RANDOM_MAPS = 29
"""Ten would do for the level below, but then one lucky map in ten decides: where one of 49 patches is all that counts, a
perfect map would be called no better than random one time in five (a tie with one of ten); with 29, one time in forty."""
STEPS = 32
"""A curve has at most about this many points: beyond, its area does not change in the digits that are shown."""
SHARES = (0.01, 0.05, 0.10, 0.20, 0.50)
"""The shares of parts in ERASER's AOPC."""
LEVEL = 0.10
"""The verdict's level: of 29 random maps at most two may do as well; ten could not give a p below 1/11 = 0.091."""
FEWEST = 4
"""Parts that a verdict needs. Of three there are six orders: about one random map in six ranks them as the best map does, so that
none could pass."""
DECIMALS = 6
"""Scores are float32 numbers of the order of one; what differs after this place is rounding and must not decide a comparison."""
MEASURES = {"deletion": False, "insertion": True, "sufficiency": False, "comprehensiveness": True}
"""The four measures; True where high is good."""
Curves = NDArray[np.float64]
"""Shape (n_maps, n_counts)."""


class Scorer(Protocol):
    """What is asked of a scorer: (n, n_parts) of what is kept -> (n,) scores."""

    def __call__(self, keep: NDArray[np.bool_]) -> NDArray[np.float64]: ...


def judge(
    scorer: Scorer, values: NDArray[np.floating], method: str = "", random_maps: int = RANDOM_MAPS, seed: int = 0
) -> Trust:
    """How far one map can be trusted. See ``judge_all``, which judges several at less cost."""
    return judge_all(scorer, {method: values}, random_maps, seed)[method]


def judge_all(
    scorer: Scorer, maps: Mapping[str, NDArray[np.floating]], random_maps: int = RANDOM_MAPS, seed: int = 0
) -> dict[str, Trust]:
    """Judge maps of the same parts against the same random maps, in one call of the scorer.

    Args:
        scorer: of the parts.
        maps: by method, one value a part (n_parts,); higher is more relevant, signs are kept.
        random_maps: how many, at least 1.
        seed: of the random maps and of the order of equal values.

    Returns:
        Trust by method, with the Spearman correlation to every other map in ``agreement``.

    Raises:
        ValueError: for no maps, maps of different or no parts, or fewer than one random map.
    """
    n_parts = _check(maps, random_maps)
    own = np.stack([ranking_of(values, seed) for values in maps.values()])
    rankings = np.concatenate([own, random_rankings(n_parts, random_maps, seed)])
    counts = curve_counts(n_parts)
    deletion, insertion, evaluations = evaluate_curves(scorer, rankings, counts)
    scores = measure_curves(deletion, insertion, counts)
    judged = {}
    for row, method in enumerate(maps):
        rows = [row, *range(len(own), len(rankings))]
        own_scores = {name: values[rows] for name, values in scores.items()}
        share = counts / n_parts
        curves = TrustCurves(share, deletion[row], insertion[row], deletion[len(own) :], insertion[len(own) :])
        trust = _trust(method, own_scores, curves, (n_parts, seed, evaluations))
        judged[method] = replace(trust, agreement=_agreement(method, maps))
    return judged


def with_costs(trust: Trust, shares: Attribution) -> Trust:
    """The same trust with what the method itself reports: completeness residual, largest standard error, evaluations."""
    errors = shares.standard_errors
    return replace(
        trust,
        residual=shares.residual,
        standard_error=None if errors is None or len(errors) == 0 else float(np.max(errors)),
        method_evaluations=shares.evaluations,
    )


def _trust(
    method: str, scores: Mapping[str, NDArray[np.float64]], curves: TrustCurves, run: tuple[int, int, int]
) -> Trust:
    """The verdict on the map whose measures come first in ``scores``, the others being of random maps."""
    measures = {name: _measure(values, MEASURES[name]) for name, values in scores.items()}
    random_maps, p = len(curves.random_deletion), joint_p(scores)
    n_parts, seed, evaluations = run
    return Trust(
        method=method,
        parts=n_parts,
        deletion=measures["deletion"],
        insertion=measures["insertion"],
        sufficiency=measures["sufficiency"],
        comprehensiveness=measures["comprehensiveness"],
        p=p,
        better=p <= LEVEL if n_parts >= FEWEST else None,
        rule=rule(random_maps, n_parts),
        random_maps=random_maps,
        seed=seed,
        evaluations=evaluations,
        curves=curves,
    )


def curve_counts(n_parts: int, steps: int = STEPS) -> NDArray[np.int64]:
    """How many parts are removed, or put in, at each point of a curve: 0 and ``n_parts``, even steps, ERASER's shares."""
    even = np.round(np.linspace(0, n_parts, min(n_parts, steps) + 1)).astype(np.int64)
    return np.union1d(even, eraser_counts(n_parts))


def eraser_counts(n_parts: int) -> NDArray[np.int64]:
    """ERASER's shares in parts, rounded up, so at least one."""
    return np.ceil(np.array(SHARES) * n_parts - 1e-9).astype(np.int64)


def first_parts(rankings: Rankings, counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which parts are among the first ``counts[c]`` of each ranking: (n_maps, n_counts, n_parts)."""
    places = np.argsort(rankings, axis=1)
    return places[:, None, :] < counts[None, :, None]


def evaluate_curves(scorer: Scorer, rankings: Rankings, counts: NDArray[np.int64]) -> tuple[Curves, Curves, int]:
    """Deletion and insertion curves of every ranking, and how many evaluations they took.

    Equal coalitions are scored once: all curves share their ends, and with few parts most of their points.
    """
    inside = first_parts(rankings, counts)
    keep = np.concatenate([~inside, inside]).reshape(-1, rankings.shape[1])
    packed = np.packbits(keep, axis=1)
    _, first, where = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    scores = np.round(np.asarray(scorer(keep[first]), dtype=np.float64), DECIMALS)[where.ravel()]
    deletion, insertion = scores.astype(np.float64).reshape(2, len(rankings), len(counts))
    return deletion, insertion, len(first)


def area(curves: Curves, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Area under each curve over the share of parts in [0, 1], by trapezoids: (n_maps,)."""
    return np.trapezoid(curves, counts / counts[-1], axis=1)


def measure_curves(deletion: Curves, insertion: Curves, counts: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """The four measures of every map, (n_maps,) each, in the order of ``MEASURES``."""
    at = np.searchsorted(counts, eraser_counts(int(counts[-1])))
    whole = deletion[:, :1]
    return {
        "deletion": area(deletion, counts),
        "insertion": area(insertion, counts),
        "sufficiency": (whole - insertion[:, at]).mean(axis=1),
        "comprehensiveness": (whole - deletion[:, at]).mean(axis=1),
    }


def rank_p(goodness: NDArray[np.float64]) -> float:
    """Permutation rank p-value of the first against the rest: ``(1 + #rest at least as good) / (1 + #rest)``.

    Exact where all are exchangeable (Phipson and Smyth 2010); ties count against the first.
    """
    return float((1 + (goodness[1:] >= goodness[0]).sum()) / len(goodness))


def joint_p(scores: Mapping[str, NDArray[np.float64]]) -> float:
    """One p-value for the four measures: each standardised over the map and the random ones, then averaged, then ranked.

    One test instead of four, so that nothing has to be corrected for trying four times.
    """
    total = np.zeros(len(next(iter(scores.values()))))
    for name, values in scores.items():
        spread = values.std()
        if spread > 0:
            total += (1 if MEASURES[name] else -1) * (values - values.mean()) / spread
    return rank_p(np.round(total, 9))


def rule(random_maps: int, n_parts: int) -> str:
    """The rule behind the verdict, for a user."""
    allowed = int(LEVEL * (1 + random_maps) + 1e-9) - 1
    passed = told("at most {n} of {maps} random maps stand as high", n=allowed, maps=random_maps)
    if allowed < 0:
        passed = told("{maps} random maps are too few for any map to reach that; 9 are needed", maps=random_maps)
    elif allowed == 0:
        passed = told("no one of {maps} random maps stands as high", maps=random_maps)
    text = told(
        "Better than random where its mean standing in the four measures has p ≤ {level:.2f}: {passed}.",
        level=LEVEL,
        passed=passed,
    )
    if n_parts >= FEWEST or allowed < 0:
        return text
    few = told("With only {n} to rank, chance often finds the best order too, so this map gets no verdict.", n=n_parts)
    return in_a_row([text, few])


def _measure(values: NDArray[np.float64], higher: bool) -> TrustMeasure:
    """The first of ``values`` is the map's, the others are of random maps."""
    goodness = values if higher else -values
    return TrustMeasure(float(values[0]), float(values[1:].mean()), rank_p(goodness), higher)


def _agreement(method: str, maps: Mapping[str, NDArray[np.floating]]) -> dict[str, float]:
    return {other: spearman(maps[method], values) for other, values in maps.items() if other != method}


def _check(maps: Mapping[str, NDArray[np.floating]], random_maps: int) -> int:
    lengths = {len(values) for values in maps.values()}
    if len(lengths) != 1 or 0 in lengths:
        raise ValueError(f"Maps of {sorted(lengths)} parts were given; one or more maps of the same parts are needed.")
    if random_maps < 1:
        raise ValueError(f"{random_maps} random maps were asked for; 1 or more are needed.")
    if bad := [method for method, values in maps.items() if not np.isfinite(values).all()]:
        raise ValueError(f"The map of {bad[0]!r} holds values that are not finite.")
    return lengths.pop()
