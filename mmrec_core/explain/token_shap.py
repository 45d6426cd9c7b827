"""SHAP values of the parts of a medium: patches, words, cells of sound; sampled by the ``shap`` library, with standard errors,
or as Owen values over halves of halves (``owen``).

Where every coalition is affordable within the budget (up to about ten words), all are evaluated and nothing is sampled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.errors import OptionError
from mmrec_core.explain.base import Explanation, Pair
from mmrec_core.explain.hierarchy import hierarchy
from mmrec_core.explain.media_shares import SEED, SIDE, MediumShares, explain_media, why_no_media
from mmrec_core.explain.owen import owen_values
from mmrec_core.explain.scorer import Scorer
from mmrec_core.explain.shapley import coalitions, shapley_values
from mmrec_core.explain.ticks import tick
from mmrec_core.registry import Option, Plugin
from mmrec_core.types import Attribution, told

METHOD = "token_shap"
PERMUTATION, PARTITION = "permutation", "partition"
EVALUATIONS, EDITED_EVALUATIONS = 2000, 1100
"""Budgets that nobody chose: of hidden tokens, and of edited media, where each evaluation is a run of the encoder."""
MOST_EXACT = 12
_GLOBAL_RANDOM = Lock()
WAIT_SECONDS = 0.002


class TokenShap:
    """Shares of the score among the parts of each medium.

    Args:
        side: query, item or both.
        algorithm: ``permutation`` (unbiased Shapley values with standard errors) or ``partition`` (Owen values over halves of
            halves of the medium: few evaluations, no error bars).
        evaluations: budget a medium. ``EVALUATIONS`` and ``EDITED_EVALUATIONS``, which nobody chose, grow to what sampling
            takes where a medium has many parts (a text of 512 words: 2050); any other is kept.
        seed: of the sampling.
    """

    name = METHOD

    def __init__(self, side: str, algorithm: str, evaluations: int, seed: int) -> None:
        self.side, self.algorithm, self.evaluations, self.seed = side, algorithm, evaluations, seed

    def why_incompatible(self, pair: Pair) -> str | None:
        """Only what has media can be taken apart."""
        return why_no_media(pair, self.side)

    def explain(self, pair: Pair) -> Explanation:
        """Take every medium of the side apart, each by itself, everything else as it is."""
        return explain_media(pair, self.side, METHOD, lambda scorer: MediumShares(self.share(scorer)))

    def share(self, scorer: Scorer) -> Attribution:
        """Shares among ``scorer.parts``; also for a scorer that masks the input itself."""
        n, before = len(scorer.parts), scorer.evaluations
        if n <= MOST_EXACT and 2**n <= self.evaluations:
            return exact_shares(scorer)
        algorithm = permutation_shares if self.algorithm == PERMUTATION else partition_shares
        values, errors, (baseline, target) = algorithm(scorer, self._budget(n), self.seed)
        return Attribution(
            method=METHOD,
            players=tuple(part.label for part in scorer.parts),
            values=values,
            baseline=baseline,
            target=target,
            evaluations=scorer.evaluations - before,
            standard_errors=errors,
            seed=self.seed,
        )

    def _budget(self, n: int) -> int:
        """Evaluations for a medium of ``n`` parts."""
        grows = self.algorithm == PERMUTATION and self.evaluations in (EVALUATIONS, EDITED_EVALUATIONS)
        return max(self.evaluations, fewest(n)) if grows else self.evaluations


Shares = tuple[NDArray[np.float64], NDArray[np.float64] | None, tuple[float, float]]
"""Values (n_parts,), standard errors where there are any, and the scores with no and with every part."""


def exact_shares(scorer: Scorer) -> Attribution:
    """Exact Shapley values of at most MOST_EXACT parts: no standard errors, no seed."""
    before = scorer.evaluations
    table = scorer(coalitions(len(scorer.parts)))
    return Attribution(
        method=METHOD,
        players=tuple(part.label for part in scorer.parts),
        values=shapley_values(table, len(scorer.parts)),
        baseline=float(table[0]),
        target=float(table[-1]),
        evaluations=scorer.evaluations - before,
    )


def fewest(n: int) -> int:
    """Evaluations of two pairs of walks through ``n`` parts: below that there is no standard error."""
    return 2 * (2 * n + 1)


def permutation_shares(scorer: Scorer, evaluations: int, seed: int) -> Shares:
    """Antithetic permutation sampling (Castro 2009; Lundberg's forward-backward pairs) by ``shap``.

    ``shap``'s own ``error_bounds`` are the standard deviation over single walks, forward and backward taken as independent,
    which they are not. So each pair of walks is asked for by itself, and the standard error is that of the mean over pairs:
    ``std(pairs) / sqrt(pairs)``. (Rows of one call would do, but from the second row on shap 0.51 spends n + 1 evaluations
    more on main effects that nobody asked for.)

    Raises:
        OptionError: where the budget is below two pairs of walks.
    """
    import shap

    n = len(scorer.parts)
    walks = 2 * n + 1
    pairs = evaluations // walks
    if pairs < 2:
        raise OptionError(
            told(
                "Option 'evaluations' is {evaluations}; permutation sampling takes at least {needed} for the {n} parts of "
                "this medium.",
                evaluations=evaluations,
                needed=fewest(n),
                n=n,
            )
        )
    with seeded(seed):
        explainer = shap.explainers.Permutation(as_model(scorer), Masks(n), seed=seed)
        medium = np.ones((1, n))
        found = [explainer(medium, max_evals=walks, batch_size=walks, silent=True).values[0] for _ in range(pairs)]
    return np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(pairs), _ends(scorer)


def partition_shares(scorer: Scorer, evaluations: int, seed: int) -> Shares:  # noqa: ARG001 - nothing is drawn
    """Owen values over halves of halves of the medium, finest where most happens, until the budget is spent."""
    values, nothing, everything = owen_values(scorer, hierarchy(scorer), evaluations)
    return values, None, (nothing, everything)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """``shap`` draws from numpy's global generator: seed it, let no other thread draw meanwhile, put it back afterwards.

    Whoever draws may be waiting for its turn at the model. So to wait here is to tick: that is when a turn passes.
    """
    while not _GLOBAL_RANDOM.acquire(timeout=WAIT_SECONDS):
        tick(0)
    state = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(state)
        _GLOBAL_RANDOM.release()


class Masks:
    """What ``shap`` calls a masker: hands masks to the model as they are, row of ones times mask; ``clustering`` is a linkage matrix."""

    immutable_outputs = True

    def __init__(self, n: int, clustering: NDArray[np.float64] | None = None) -> None:
        self.shape = (1, n)
        if clustering is not None:
            self.clustering = clustering

    def __call__(self, mask: NDArray[np.bool_], row: NDArray[np.float64]) -> tuple[NDArray[np.float64]]:
        return ((row * mask)[None],)


def as_model(scorer: Scorer) -> Any:
    """The scorer as ``shap`` calls a model."""
    return lambda rows: scorer(np.asarray(rows) > 0.5)


def _ends(scorer: Scorer) -> tuple[float, float]:
    """Scores with no part and with every part."""
    nothing, everything = scorer(np.array([[False], [True]]).repeat(len(scorer.parts), axis=1))
    return float(nothing), float(everything)


PLUGIN = Plugin(
    name=METHOD,
    title="SHAP on patches, words and sound",
    build=TokenShap,
    requires=("shap",),
    options=(
        SIDE,
        Option(
            "algorithm", PERMUTATION, "Algorithm", "Permutation has error bars; partition needs fewer evaluations.",
            choices=(PERMUTATION, PARTITION),
        ),
        Option("evaluations", EVALUATIONS, "Evaluations", "Budget for each picture, text or sound.", 1100, 100_000),
        SEED,
    ),
)  # fmt: skip
