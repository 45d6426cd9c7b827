"""SHAP and LIME on the parts of real media: our batched scorer beside plain ``shap`` and ``lime``, at equal evaluations.

Both sides get the same budget, the same parts and the same value function, so what differs is how the model is called. The
plain methods are run twice: on a model that starts from tokens (every medium), and on one that starts from the edited medium
and encodes it again (fewer evaluations, since each takes a run of the encoder).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.evaluate.bench_fidelity import MediaParts, media_pairs
from mmrec_core.evaluate.bench_trust import choose_pairs, interval
from mmrec_core.evaluate.plain_methods import PLAIN, OneAtATime, lime_of_one_seed, media_model, token_model
from mmrec_core.explain.base import Pair
from mmrec_core.explain.faithfulness import judge_all
from mmrec_core.explain.masking import InputScorer, encode_with
from mmrec_core.explain.scorer import Scorer, TokenScorer
from mmrec_core.explain.token_shap import partition_shares, permutation_shares
from mmrec_core.recommend.encode import brought_media
from mmrec_core.types import FUSED, Modality, Progress, Report

PAIRS = 10
EVALUATIONS = 1100
MEDIA_PAIRS = 3
MEDIA_EVALUATIONS = 250
THROUGHPUT_MASKS = 2048

Weights = Callable[[Any, int, int], NDArray[np.float64]]
OURS: dict[str, Weights] = {
    "token_shap, permutation": lambda scorer, budget, seed: permutation_shares(scorer, budget, seed)[0],
    "token_shap, partition": lambda scorer, budget, seed: partition_shares(scorer, budget, seed)[0],
    "token_lime": lime_of_one_seed,
}
RIVALS = {
    "shap.KernelExplainer": "token_shap, permutation",
    "shap.PartitionExplainer": "token_shap, partition",
    "lime": "token_lime",
}
"""Each plain method and ours of the same kind."""
PREFIX = "plain "


@dataclass(frozen=True)
class Run:
    """One method on one medium: weights (n_parts,), milliseconds, evaluations, and its gain over random maps."""

    pair: int
    modality: Modality
    method: str
    weights: NDArray[np.float64]
    milliseconds: float
    evaluations: int
    gain: float = 0.0


def measure(
    service: MediaParts,
    report: Report,
    pairs: int = PAIRS,
    media_pairs: int = MEDIA_PAIRS,
    evaluations: int = EVALUATIONS,
) -> dict[str, Any]:
    """Run ours and the plain methods on every medium of the queries of ``pairs`` pairs.

    Returns:
        ``{methods: {name: {milliseconds, evaluations, ms_per_evaluation, gain}}, from_media: {the same without gain, which
        belongs to masked tokens}, faster: {plain: {from tokens, from media}},
        more_faithful: {plain: interval of our gain less its}, evaluations_per_second: {modality: n}, pairs, media_pairs}``.
        Times are medians over media; ``gain`` is as in ``bench_trust``; ``faster`` is the ratio of the median
        milliseconds an evaluation, by modality.

    Raises:
        NotSetUpError: where no item holds all three modalities.
    """
    warm(service)
    runs: list[Run] = []
    speeds: dict[Modality, list[float]] = {m: [] for m in FUSED}
    for number, pair in enumerate(choose_pairs(service, pairs)):
        report(Progress("Explaining from tokens", number, pairs, "pairs"))
        for modality in pair.query.players:
            scorer = TokenScorer(pair, "query", modality)
            speeds[modality].append(throughput(scorer))
            runs += judged(run_all(pair, scorer, number, evaluations), scorer)
    media = list(media_runs(service, report, media_pairs))
    return {
        "methods": {name: figures(runs, name) for name in {r.method: None for r in runs}},
        "from_media": {name: cost(media, name) for name in {r.method: None for r in media}},
        "faster": {
            plain: {"from tokens": faster(runs, plain, runs), "from media": faster(media, plain, runs)}
            for plain in PLAIN
        },
        "more_faithful": {plain: interval(lead(runs, ours, PREFIX + plain)) for plain, ours in RIVALS.items()},
        "evaluations_per_second": {str(m): float(np.median(s)) for m, s in speeds.items() if s},
        "pairs": len({r.pair for r in runs}),
        "media_pairs": len({r.pair for r in media}),
    }


def warm(service: MediaParts) -> None:
    """One small run of every method: ``shap`` compiles on its first call."""
    pair = next(choose_pairs(service, 1))
    scorer = TokenScorer(pair, "query", pair.query.players[0])
    for weights in (*OURS.values(), *PLAIN.values()):
        weights(scorer, 4 * len(scorer.parts) + 2, 0)


def throughput(scorer: TokenScorer) -> float:
    """Token-masked evaluations a second, on random masks."""
    keep = np.random.default_rng(0).random((THROUGHPUT_MASKS, len(scorer.parts))) < 0.5
    start = perf_counter()
    scorer(keep)
    return THROUGHPUT_MASKS / (perf_counter() - start)


def run_all(pair: Pair, scorer: TokenScorer, number: int, evaluations: int) -> list[Run]:
    """Ours on the batched scorer, the plain ones on the whole model one mask at a time. A budget below two walks is raised."""
    budget = max(evaluations, 4 * len(scorer.parts) + 2)
    plain = OneAtATime(scorer, token_model(pair, scorer.modality, scorer))
    ours = [timed(name, weights, scorer, number, budget) for name, weights in OURS.items()]
    return ours + [timed(PREFIX + name, weights, plain, number, budget) for name, weights in PLAIN.items()]


def media_runs(service: MediaParts, report: Report, pairs: int) -> Iterator[Run]:
    """The plain methods on the whole model from the medium on; seeds and parts as in ``run_all``."""
    for number, (pair, query) in enumerate(media_pairs(service, pairs)):
        report(Progress("Explaining from media", number, pairs, "pairs"))
        for modality, medium in brought_media(query).items():
            scorer = InputScorer(
                pair, "query", modality, medium, encode_with(service.encoder, modality, pair.query.language)
            )
            plain = OneAtATime(scorer, media_model(scorer))
            for name, weights in PLAIN.items():
                yield timed(PREFIX + name, weights, plain, number, MEDIA_EVALUATIONS)


def timed(method: str, weights: Weights, scorer: Scorer, number: int, budget: int) -> Run:
    """One method on one medium, its wall time and what it evaluated."""
    before, start = scorer.evaluations, perf_counter()
    found = weights(scorer, budget, number)
    milliseconds = (perf_counter() - start) * 1000
    return Run(number, scorer.modality, method, found, milliseconds, scorer.evaluations - before)


def judged(runs: list[Run], scorer: TokenScorer) -> list[Run]:
    """The same runs with their gain over random maps."""
    trusts = judge_all(scorer, {r.method: r.weights for r in runs}, seed=runs[0].pair)
    gains = {name: trust.deletion.gain + trust.insertion.gain for name, trust in trusts.items()}
    return [replace(r, gain=gains[r.method]) for r in runs]


def figures(runs: list[Run], method: str) -> dict[str, Any]:
    """What one row of the table shows."""
    return {**cost(runs, method), "gain": interval(gains_by_pair([r for r in runs if r.method == method]))}


def cost(runs: list[Run], method: str) -> dict[str, float]:
    """Medians over media."""
    own = [r for r in runs if r.method == method]
    return {
        "milliseconds": float(np.median([r.milliseconds for r in own])),
        "evaluations": float(np.median([r.evaluations for r in own])),
        "ms_per_evaluation": float(np.median([r.milliseconds / r.evaluations for r in own])),
    }


def faster(runs: list[Run], plain: str, ours: list[Run]) -> dict[str, float]:
    """How many times less an evaluation takes in our method of the same kind, by modality."""
    ratios = {}
    for modality in {r.modality: None for r in runs}:
        cost = {
            method: np.median(
                [r.milliseconds / r.evaluations for r in among if r.method == method and r.modality is modality]
            )
            for method, among in ((PREFIX + plain, runs), (RIVALS[plain], ours))
        }
        ratios[str(modality)] = float(cost[PREFIX + plain] / cost[RIVALS[plain]])
    return ratios


def lead(runs: list[Run], ours: str, plain: str) -> NDArray[np.float64]:
    """Gain of ours less that of the plain method, pair by pair."""
    return gains_by_pair([r for r in runs if r.method == ours]) - gains_by_pair([r for r in runs if r.method == plain])


def gains_by_pair(runs: list[Run]) -> NDArray[np.float64]:
    """Mean gain over the media of each pair (n_pairs,): media of one pair are not independent, so pairs are resampled."""
    gains: dict[int, list[float]] = {}
    for run in runs:
        gains.setdefault(run.pair, []).append(run.gain)
    return np.array([np.mean(of_pair) for of_pair in gains.values()])
