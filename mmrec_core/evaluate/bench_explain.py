"""Exact modality Shapley of ten results, beside shap.KernelExplainer on the same function in the same run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.modality_shapley import attribute_results
from mmrec_core.fusion.base import Fusion
from mmrec_core.recommend.coalitions import embed_coalitions
from mmrec_core.recommend.encode import Encoded, QueryEncoder
from mmrec_core.recommend.engine import Engine
from mmrec_core.recommend.score import score
from mmrec_core.recommend.warm import warm_query
from mmrec_core.types import Embeddings, Progress, Report

RESULTS = 10
REPEATS = 30
EXACT_RUNS = 10
"""Runs of the quick side in every turn: its first one pays for caches that the slow side has emptied, once for all."""


class Parts(Protocol):
    """What is asked of the service here (it stands to the right of this file)."""

    @property
    def encoder(self) -> QueryEncoder: ...
    @property
    def engine(self) -> Engine: ...


def bench_explain(service: Parts, report: Report, repeats: int = REPEATS) -> dict[str, Any]:
    """Time both on one query of three modalities and its ten best items.

    Returns:
        ``{exact_ms: {p50, p95, first}, kernel_ms, ratio, first_ratio, max_difference, results, players, evaluations}``;
        both explain all results, in turns: ``EXACT_RUNS`` of the one, one run of the other, which asks the function thirty
        times. A turn's ratio has the median of its exact runs below it, ``first_ratio`` the first of them; both are medians
        over turns. The difference is between any two shares.
    """
    fusion, engine = service.engine.fusion, service.engine
    query = service.encoder.encode_query(warm_query())
    rows, _ = engine.rank(engine.embed(query), RESULTS)
    items = engine.index.embeddings[rows]
    exactly = partial(attribute_results, fusion, query, items)
    by_kernel = partial(kernel_shares, fusion, query, items)
    exact, kernel = exactly(), by_kernel()
    exact_ms, kernel_ms = np.zeros((repeats, EXACT_RUNS)), np.zeros(repeats)
    for turn in range(repeats):
        report(Progress("Exact Shapley and shap.KernelExplainer", turn, repeats, "turns"))
        exact_ms[turn] = [timed(exactly) for _ in range(EXACT_RUNS)]
        kernel_ms[turn] = timed(by_kernel)
    first_ms, settled_ms = exact_ms[:, 0], np.median(exact_ms, axis=1)
    return {
        "exact_ms": {
            "p50": float(np.median(exact_ms)),
            "p95": float(np.percentile(exact_ms, 95)),
            "first": float(np.median(first_ms)),
        },
        "kernel_ms": float(np.median(kernel_ms)),
        "ratio": float(np.median(kernel_ms / settled_ms)),
        "first_ratio": float(np.median(kernel_ms / first_ms)),
        "max_difference": float(np.abs(np.stack([a.values for a in exact]) - kernel).max()),
        "results": len(items),
        "players": len(query.players),
        "evaluations": exact[0].evaluations,
    }


def kernel_shares(fusion: Fusion, query: Encoded, items: Embeddings) -> NDArray[np.float64]:
    """Shares (n_items, n_players) from shap.KernelExplainer, item by item, as one uses it."""
    import logging

    import shap

    logging.getLogger("shap").setLevel(logging.WARNING)
    players = query.players
    nothing, everything = np.zeros((1, len(players))), np.ones((1, len(players)))
    shares = []
    for item in items:

        def value(members: NDArray[np.float64], item: NDArray[np.float32] = item) -> NDArray[np.float64]:
            return score(embed_coalitions(fusion, query.summaries, players, members > 0.5), item[None])[:, 0]

        explainer = shap.KernelExplainer(value, nothing)
        shares.append(explainer.shap_values(everything, nsamples="auto", silent=True)[0])
    return np.stack(shares)


def timed(work: Callable[[], Any]) -> float:
    """Milliseconds that ``work`` took."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000
