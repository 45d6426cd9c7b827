"""Which method explains this model most faithfully: every method's maps of real pairs, judged against random maps.

Queries are catalogue items that hold a picture, words and a sound; each is explained against one of its ten best items.
A planted random explainer is judged beside the methods: its share of "better than random" is what chance gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mmrec_core.errors import NotSetUpError
from mmrec_core.explain.agreement import agreement, on_parts
from mmrec_core.explain.base import EXPLAINERS, Pair
from mmrec_core.explain.faithfulness import MEASURES, judge_all
from mmrec_core.explain.randomisation import randomisation_check
from mmrec_core.explain.scorer import TokenScorer
from mmrec_core.metrics import bootstrap
from mmrec_core.recommend.encode import QueryEncoder
from mmrec_core.recommend.engine import Engine
from mmrec_core.types import FUSED, Item, Modality, Progress, Report, Trust

PAIRS = 50
RESULTS = 10
SEED = 0
CONTROL = "random (control)"
MAPS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "attention": ("attention", {}),
    "rollout": ("rollout", {}),
    "gradient, input": ("gradient", {"kind": "input"}),
    "gradient, masking": ("gradient", {"kind": "masking"}),
    "gradient, attention": ("gradient", {"kind": "attention"}),
}
"""Methods that draw every medium of a pair at once: the name shown, the plugin, its options."""
SAMPLED: Mapping[str, tuple[str, dict[str, Any]]] = {
    "SHAP, permutation": ("token_shap", {}),
    "SHAP, partition": ("token_shap", {"algorithm": "partition"}),
    "LIME": ("token_lime", {}),
}
"""Methods that share the score among the parts of one medium, at their default budgets."""


class Parts(Protocol):
    """What is asked of the service here (it stands to the right of this file)."""

    @property
    def encoder(self) -> QueryEncoder: ...
    @property
    def engine(self) -> Engine: ...
    def items(self) -> tuple[Item, ...]: ...


@dataclass(frozen=True)
class Judged:
    """One medium of one pair: trust, milliseconds and evaluations by method, and how far the methods agree.

    ``disputed`` is a share of the parts; ``uniform`` is True where the model looks at every token alike, so that its
    attention says nothing (as before any training).
    """

    pair: int
    modality: Modality
    trust: Mapping[str, Trust]
    milliseconds: Mapping[str, float]
    evaluations: Mapping[str, int]
    disputed: float
    uniform: bool


@dataclass(frozen=True)
class DrawnMap:
    """One value a part, and what it took."""

    values: NDArray[np.float64]
    milliseconds: float
    evaluations: int


def measure(service: Parts, report: Report, pairs: int = PAIRS) -> dict[str, Any]:
    """Judge every method on ``pairs`` pairs, the query's picture, words and sound each by itself.

    Returns:
        ``{methods: {name: figures}, by_modality: {modality: {name: share better}}, agreement, disputed, randomisation,
        uniform_attention, most_faithful, ahead_of, pairs, maps}``. ``gain`` is what deletion and insertion AUC win over the mean random map together,
        with its bootstrap interval; ``most_faithful`` has the highest,
        and ``ahead_of`` is its paired lead.

    Raises:
        NotSetUpError: where no item holds all three modalities.
    """
    judged: list[Judged] = []
    checks: dict[str, list[float]] = {name: [] for name in MAPS}
    for number, pair in enumerate(choose_pairs(service, pairs)):
        report(Progress("Judging explanations", number, pairs, "pairs"))
        judged += judge_pair(pair, number)
        for name, correlation in randomised(pair).items():
            checks[name].append(correlation)
    return summarise(judged, checks)


def summarise(judged: list[Judged], checks: Mapping[str, list[float]]) -> dict[str, Any]:
    """The figures of ``measure``, from what was judged and the correlations with maps of randomised models, by method."""
    names = list(judged[0].trust)
    methods = {name: figures(judged, name) for name in names}
    best = max(names, key=lambda name: methods[name]["gain"]["mean"])
    ahead = pair_gains(judged, best)
    return {
        "methods": methods,
        "by_modality": {str(m): {n: _share_better(judged, n, m) for n in names} for m in FUSED},
        "agreement": {n: _mean_agreement(judged, n) for n in names},
        "disputed": float(np.mean([j.disputed for j in judged])),
        "uniform_attention": float(np.mean([j.uniform for j in judged])),
        "randomisation": {name: float(np.mean(values)) for name, values in checks.items()},
        "most_faithful": best,
        "ahead_of": {name: interval(ahead - pair_gains(judged, name)) for name in names if name != best},
        "pairs": len(checks["attention"]),
        "maps": len(judged),
    }


def choose_pairs(service: Parts, count: int) -> Iterator[Pair]:
    """Items with all three modalities as queries, each with one of its ten best items, by a fixed seed."""
    items, whole = service.items(), whole_items(service.items())
    rng = np.random.default_rng(SEED)
    for number in rng.choice(len(whole), min(count, len(whole)), replace=False):
        query = service.encoder.encode_item(whole[number].id)
        rows, _ = service.engine.rank(service.engine.embed(query), RESULTS, exclude=whole[number].id)
        answer = items[int(rng.choice(rows))]
        yield Pair(service.engine.fusion, query, service.encoder.encode_item(answer.id))


def whole_items(items: tuple[Item, ...]) -> list[Item]:
    """Those with a picture, words and a sound; raises NotSetUpError where there are none."""
    if whole := [item for item in items if len(item.modalities) == len(FUSED)]:
        return whole
    raise NotSetUpError("No item holds a picture, words and a sound. Run: python -m mmrec_core setup")


def judge_pair(pair: Pair, number: int) -> list[Judged]:
    """Every method on every medium of the query, against the same random maps, seeded by the pair's number."""
    drawn = {name: timed_maps(pair, plugin, options) for name, (plugin, options) in MAPS.items()}
    judged = []
    for modality in pair.query.players:
        scorer = TokenScorer(pair, "query", modality)
        maps = {
            name: DrawnMap(on_parts(scorer.parts, found[modality].weights), milliseconds / len(found), 1)
            for name, (found, milliseconds) in drawn.items()
        }
        maps |= {name: shared(plugin, options, scorer) for name, (plugin, options) in SAMPLED.items()}
        values = {name: m.values for name, m in maps.items()}
        control = np.random.default_rng([SEED, number, FUSED.index(modality)]).random(len(scorer.parts))
        judged.append(
            Judged(
                number,
                modality,
                judge_all(scorer, {**values, CONTROL: control}, seed=number),
                {name: m.milliseconds for name, m in maps.items()} | {CONTROL: 0.0},
                {name: m.evaluations for name, m in maps.items()} | {CONTROL: 0},
                len(agreement({n: values[n] for n in ("attention", *SAMPLED)}).disputed) / len(scorer.parts),
                is_uniform(drawn["attention"][0][modality].weights, pair.query.tokens[modality].mask),
            )
        )
    return judged


def is_uniform(weights: NDArray[np.float64], mask: NDArray[np.bool_]) -> bool:
    """True where all real tokens have one weight, to a part in a thousand."""
    return float(np.ptp(weights[mask])) < 1e-3 * float(weights[mask].mean())


def timed_maps(pair: Pair, plugin: str, options: Mapping[str, Any]) -> tuple[Mapping[Modality, Any], float]:
    """The query's maps and the milliseconds they took."""
    start = perf_counter()
    maps = EXPLAINERS.build(plugin, **options).explain(pair).query.maps
    return maps, (perf_counter() - start) * 1000


def shared(plugin: str, options: Mapping[str, Any], scorer: TokenScorer) -> DrawnMap:
    """Shares of the parts of one medium by a sampled method."""
    start, before = perf_counter(), scorer.evaluations
    found = EXPLAINERS.build(plugin, **options).share(scorer)
    shares = getattr(found, "attribution", found)
    return DrawnMap(shares.values, (perf_counter() - start) * 1000, scorer.evaluations - before)


def randomised(pair: Pair) -> dict[str, float]:
    """Mean absolute rank correlation with the maps of three randomised fusions, by method that draws a pair at once."""
    found = {}
    for name, (plugin, options) in MAPS.items():
        checks = randomisation_check(EXPLAINERS.build(plugin, **options), pair, "query", seeds=3)
        found[name] = float(np.mean([np.abs(check.correlations).mean() for check in checks.values()]))
    return found


def figures(judged: list[Judged], name: str) -> dict[str, Any]:
    """What one row of the table shows."""
    trusts = [j.trust[name] for j in judged]
    return {
        "better": _share_of_true(trusts),
        "median_p": float(np.median([t.p for t in trusts])),
        "gain": interval(pair_gains(judged, name)),
        **{
            measure: {
                "value": float(np.mean([t.measures[measure].value for t in trusts])),
                "random": float(np.mean([t.measures[measure].random_mean for t in trusts])),
            }
            for measure in MEASURES
        },
        "milliseconds": float(np.median([j.milliseconds[name] for j in judged])),
        "evaluations": float(np.mean([j.evaluations[name] for j in judged])),
    }


def pair_gains(judged: list[Judged], name: str) -> NDArray[np.float64]:
    """What deletion and insertion AUC win over the mean random map together, (n_pairs,): the mean over a pair's media.

    The media of one pair are not independent of each other, so pairs are what is resampled.
    """
    gains: dict[int, list[float]] = {}
    for j in judged:
        gains.setdefault(j.pair, []).append(j.trust[name].deletion.gain + j.trust[name].insertion.gain)
    return np.array([np.mean(of_pair) for of_pair in gains.values()])


def interval(values: NDArray[np.float64]) -> dict[str, float]:
    """Mean and 95 % bootstrap interval."""
    found = bootstrap(values)
    return {"mean": found.mean, "low": found.low, "high": found.high}


def _share_better(judged: list[Judged], name: str, modality: Modality) -> float:
    return _share_of_true([j.trust[name] for j in judged if j.modality is modality])


def _share_of_true(trusts: list[Trust]) -> float:
    """Of the maps that were judged, those that are better than random."""
    return float(np.mean([bool(t.better) for t in trusts if t.better is not None]))


def _mean_agreement(judged: list[Judged], name: str) -> dict[str, float]:
    others = judged[0].trust[name].agreement
    return {other: float(np.mean([j.trust[name].agreement[other] for j in judged])) for other in others}
