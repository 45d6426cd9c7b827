"""``shap`` and ``lime`` as one uses them on a model that takes one input: what our batched scorer is measured against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.base import Pair
from mmrec_core.explain.hierarchy import hierarchy
from mmrec_core.explain.scorer import Keep, Scorer, TokenScorer, score_side, whole_embedding
from mmrec_core.explain.token_lime import fit_once
from mmrec_core.explain.token_shap import Masks, as_model, seeded
from mmrec_core.fusion.base import TokenBatch
from mmrec_core.types import Modality

OneInput = Callable[[NDArray[np.bool_]], float]
"""Which parts are kept (n_parts,) -> the score."""


class OneAtATime:
    """A scorer that calls a model once for every mask.

    Args:
        like: the scorer whose parts are masked.
        model: of one input.
    """

    def __init__(self, like: Scorer, model: OneInput) -> None:
        self.modality, self.tokens, self.parts = like.modality, like.tokens, like.parts
        self.model = model
        self.evaluations = 0

    def __call__(self, keep: Keep) -> NDArray[np.float64]:
        """Score of each row of ``keep`` (n_masks, n_parts), one call a row."""
        self.evaluations += len(keep)
        return np.array([self.model(row) for row in keep], dtype=np.float64)


def token_model(pair: Pair, modality: Modality, scorer: TokenScorer) -> OneInput:
    """The whole model from tokens to score, as anybody would call it: every modality summarised, nothing reused."""
    import torch

    other = whole_embedding(pair, "item")

    def model(keep: NDArray[np.bool_]) -> float:
        kept = torch.from_numpy(scorer.kept_tokens(keep[None]))
        own = pair.query.batch[modality]
        batch = {**pair.query.batch, modality: TokenBatch(own.values, own.mask & kept)}
        with torch.inference_mode():
            rows = pair.fusion.fuse(pair.fusion.summarise(batch)).float().cpu().numpy()
        return float(score_side(pair, "query", rows, other)[0])

    return model


def media_model(scorer: Scorer) -> OneInput:
    """The whole model from the edited medium to the score: ``scorer`` is an ``InputScorer``, called one mask at a time."""
    return lambda keep: float(scorer(keep[None])[0])


def kernel_shap(scorer: Scorer, evaluations: int, seed: int) -> NDArray[np.float64]:
    """``shap.KernelExplainer`` with its defaults."""
    import shap

    n = len(scorer.parts)
    with seeded(seed):
        explainer = shap.KernelExplainer(lambda rows: scorer(np.asarray(rows) > 0.5), np.zeros((1, n)))
        return explainer.shap_values(np.ones((1, n)), nsamples=evaluations, silent=True)[0]


def partition_shap(scorer: Scorer, evaluations: int, seed: int) -> NDArray[np.float64]:
    """``shap.PartitionExplainer`` over halves of halves of the medium."""
    import shap

    n = len(scorer.parts)
    with seeded(seed):
        explainer = shap.explainers.Partition(as_model(scorer), Masks(n, hierarchy(scorer)))
        return explainer(np.ones((1, n)), max_evals=evaluations, batch_size=min(64, evaluations), silent=True).values[0]


def lime_of_one_seed(scorer: Scorer, evaluations: int, seed: int) -> NDArray[np.float64]:
    """``lime``'s local model on as many masks."""
    return fit_once(scorer, evaluations, seed).weights


PLAIN: Mapping[str, Callable[[Any, int, int], NDArray[np.float64]]] = {
    "shap.KernelExplainer": kernel_shap,
    "shap.PartitionExplainer": partition_shap,
    "lime": lime_of_one_seed,
}
"""Weights of the parts, from a scorer, a budget of evaluations and a seed."""
