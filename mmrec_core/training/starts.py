"""How each kind of fusion starts from the training part's features, beyond what ``start_fusion`` does for all of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from mmrec_core.features.denoise import principal_components
from mmrec_core.features.select import SELECTORS
from mmrec_core.features.steps import FeatureSteps
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.fusion.base import Summaries
from mmrec_core.fusion.decision_level import DecisionLevelFusion
from mmrec_core.fusion.feature_level import FeatureLevelFusion
from mmrec_core.training.closed_form import Blocks, predict, principal, start_anchors
from mmrec_core.training.recipe import Recipe
from mmrec_core.types import FUSED, Modality

Features = Mapping[Modality, Tensor]
"""By modality, what ``Anchor.features`` gives for the training items (n, feature_dim)."""
LEAST_SPREAD = 1e-3


def options_of(recipe: Recipe) -> dict[str, int | float | bool]:
    """Options of the recipe's fusion that follow from the recipe."""
    if recipe.fusion == "decision_level":
        return {}
    if recipe.fusion == "feature_level":
        return {"dim": recipe.blocks.width} | recipe.features.model_dump(include={"normalise", "components"})
    return {"dim": recipe.blocks.width}


def start_from(
    fusion: AnchoredFusion, features: Features, presence: Tensor, categories: Tensor, recipe: Recipe
) -> None:
    """Set in place what the fusion starts from.

    Args:
        fusion: its centres and concepts are set already.
        presence: (n, m): which training items have which modality.
        categories: (n,) of the training items.
    """
    if isinstance(fusion, DecisionLevelFusion):
        start_pairs(fusion, features, presence, recipe.blocks)
        calibrate(fusion, features, presence, recipe.seed)
        return
    start_anchors(fusion, dict(features), presence, recipe.blocks)
    if isinstance(fusion, FeatureLevelFusion):
        for modality, x in features.items():
            there = presence[:, FUSED.index(modality)]
            fit_denoiser(fusion, modality, x[there].numpy(), categories[there].numpy(), recipe.features)


@torch.no_grad()
def fit_denoiser(
    fusion: FeatureLevelFusion, modality: Modality, rows: np.ndarray, labels: np.ndarray, steps: FeatureSteps
) -> None:
    """Selection, then principal components of what is left."""
    denoiser = fusion.denoiser(modality)
    if steps.select != "none":
        chosen = SELECTORS[steps.select](rows, labels, steps.keep)
        denoiser.selected.copy_(torch.from_numpy(chosen.astype(np.float32)))
    if steps.components:
        masked = rows * denoiser.selected.numpy()
        mean, basis = principal_components(masked, len(denoiser.basis), steps.noise_filter)
        denoiser.mean.copy_(torch.from_numpy(mean))
        denoiser.basis.copy_(torch.from_numpy(basis))


@torch.no_grad()
def start_pairs(fusion: DecisionLevelFusion, features: Features, presence: Tensor, blocks: Blocks) -> None:
    """A modality meets itself in its own features, and every other one in words: a text's own, or those it suggests."""
    there = {m: presence[:, FUSED.index(m)] for m in features}
    own = {m: _own(fusion, m, x[there[m]]) for m, x in features.items()}
    for modality, x in features.items():
        words = own[modality]
        if modality is not Modality.TEXT:
            both = there[modality] & there[Modality.TEXT]
            target = features[Modality.TEXT][both] @ own[Modality.TEXT].T
            words = predict(fusion.anchor(modality), x[both], target, own, Modality.TEXT, blocks)
        rows = [own[modality] if fusion.pairs[n] == (modality, modality) else words for n in fusion.pairs_of(modality)]
        fusion.anchor(modality).linear.weight.copy_(torch.cat(rows))


def _own(fusion: DecisionLevelFusion, modality: Modality, x: Tensor) -> Tensor:
    anchor = fusion.anchor(modality)
    pooled = slice(anchor.centre.numel() - anchor.dim, anchor.centre.numel())
    weights = torch.zeros(fusion.width, anchor.feature_dim)
    weights[:, pooled] = principal(x[:, pooled], fusion.width)
    return weights


@torch.no_grad()
def calibrate(fusion: DecisionLevelFusion, features: Features, presence: Tensor, seed: int) -> None:
    """Set the spread of each pair: the standard deviation of its cosines between random training items."""
    said = {m: {"said": fusion.anchor(m).linear(x)} for m, x in features.items()}
    opinions, voted = fusion.opinions(Summaries(said, presence, {}))
    order = torch.randperm(len(presence), generator=torch.Generator().manual_seed(seed))
    cosines, both = (opinions * opinions[order]).sum(dim=-1), voted & voted[order]
    for pair in range(len(fusion.pairs)):
        if both[:, pair].sum() > 1:
            fusion.spread[pair] = cosines[both[:, pair], pair].std().clamp(min=LEAST_SPREAD)
