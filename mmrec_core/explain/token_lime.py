"""LIME on the parts of a medium: a local linear model of the score, by the ``lime`` library's ``LimeBase`` on masks.

``lime_image`` and ``lime_text`` call a classifier on pictures and texts; what they fit underneath is this same model on
masks. Their ways of drawing masks and their kernels are kept: pictures and sounds as in ``lime_image``, words as in
``lime_text``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.base import Explanation, Pair
from mmrec_core.explain.media_shares import SEED, SIDE, MediumShares, explain_media, why_no_media
from mmrec_core.explain.scorer import Keep, Scorer
from mmrec_core.registry import Option, Plugin
from mmrec_core.types import Attribution, LocalFit, Modality

METHOD = "token_lime"
SEEDS = 3
SAMPLES = 1000
KERNEL_WIDTH = 0.25
"""Of cosine distances in [0, 1]: ``lime_image``'s 0.25, and ``lime_text``'s 25 for distances times 100."""


class TokenLime:
    """Weights of the parts of each medium in a local linear model, the mean over three seeds.

    Args:
        side: query, item or both.
        samples: masks a seed; the first is the whole medium.
        seed: the first of three consecutive ones.
    """

    name = METHOD

    def __init__(self, side: str, samples: int, seed: int) -> None:
        self.side, self.samples, self.seed = side, samples, seed

    def why_incompatible(self, pair: Pair) -> str | None:
        """Only what has media can be taken apart."""
        return why_no_media(pair, self.side)

    def explain(self, pair: Pair) -> Explanation:
        """Fit every medium of the side by itself, everything else as it is."""
        return explain_media(pair, self.side, METHOD, self.share)

    def share(self, scorer: Scorer) -> MediumShares:
        """Weights of ``scorer.parts``; also for a scorer that masks the input itself.

        The baseline is the mean intercept, and the residual is what the local model misses of the score: unlike Shapley
        values, these weights need not sum to the score.
        """
        before = scorer.evaluations
        seeds = tuple(self.seed + number for number in range(SEEDS))
        fits = [fit_once(scorer, self.samples, seed) for seed in seeds]
        weights = np.stack([fit.weights for fit in fits])
        attribution = Attribution(
            method=METHOD,
            players=tuple(part.label for part in scorer.parts),
            values=weights.mean(axis=0),
            baseline=float(np.mean([fit.intercept for fit in fits])),
            target=fits[0].target,
            evaluations=scorer.evaluations - before,
            standard_errors=weights.std(axis=0, ddof=1) / np.sqrt(SEEDS),
            seed=self.seed,
        )
        return MediumShares(attribution, LocalFit(np.array([fit.r2 for fit in fits]), np.ptp(weights, axis=0), seeds))


class _Fit:
    """One seed's local model."""

    def __init__(self, weights: NDArray[np.float64], intercept: float, r2: float, target: float) -> None:
        self.weights, self.intercept, self.r2, self.target = weights, intercept, r2, target


def fit_once(scorer: Scorer, samples: int, seed: int) -> _Fit:
    """Draw masks, score them, fit ridge regression weighted by nearness to the whole medium (Ribeiro et al. 2016)."""
    from lime.lime_base import LimeBase

    n = len(scorer.parts)
    draw = text_masks if scorer.modality is Modality.TEXT else even_masks
    keep = draw(n, samples, np.random.default_rng(seed))
    scores = scorer(keep)
    base = LimeBase(kernel, random_state=seed)
    intercept, pairs, r2, _ = base.explain_instance_with_data(
        keep.astype(np.float64), scores[:, None], cosine_distance(keep), 0, n, feature_selection="none"
    )
    weights = np.zeros(n)
    for part, weight in pairs:
        weights[part] = weight
    return _Fit(weights, float(intercept), float(r2), float(scores[0]))


def even_masks(n: int, samples: int, random: np.random.Generator) -> Keep:
    """``lime_image``: each part is kept with probability one half; the first mask keeps all."""
    keep = random.random((samples, n)) < 0.5
    keep[0] = True
    return keep


def text_masks(n: int, samples: int, random: np.random.Generator) -> Keep:
    """``lime_text``: first how many words go, from one to all, then which; the first mask keeps all."""
    gone = random.integers(1, n + 1, size=samples)
    keep = random.random((samples, n)).argsort(axis=1).argsort(axis=1) >= gone[:, None]
    keep[0] = True
    return keep


def cosine_distance(keep: Keep) -> NDArray[np.float64]:
    """1 - cosine of each mask with the whole, (n_masks,): with k of n kept, 1 - sqrt(k / n)."""
    return 1.0 - np.sqrt(keep.mean(axis=1))


def kernel(distances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Nearness ``sqrt(exp(-d^2 / width^2))`` of both ``lime_image`` and ``lime_text``."""
    return np.sqrt(np.exp(-(distances**2) / KERNEL_WIDTH**2))


PLUGIN = Plugin(
    name=METHOD,
    title="LIME on patches, words and sound",
    build=TokenLime,
    requires=("lime",),
    options=(
        SIDE,
        Option("samples", SAMPLES, "Samples", "Masks for each of three seeds.", 100, 20_000),
        SEED,
    ),
)
