"""The anchors trained by themselves: without attention an embedding is linear in pooled features, so an epoch takes a second.

This stage aligns the modalities over every augmented view before the transformer learns its correction. Trained together
from the start, the correction fits the catalogue first and the anchors lose what carries over to other sources.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.training.data import same_thing
from mmrec_core.training.objectives import info_nce, prototype_loss
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.step import MAXIMUM_SCALE
from mmrec_core.training.subsets import disjoint_subsets, random_subset
from mmrec_core.types import FUSED, Modality

AVERAGING = 0.9
WARM_STEPS = 10
HEAD_RATE = 1e-2
START_SCALE = 20.0


@dataclass(frozen=True)
class LinearData:
    """What the stage is trained on.

    Args:
        features: by modality, (views, n, feature_dim): what ``Anchor.features`` gives for every view.
        presence: (n, m). categories: (n,), ABSENT where it is not known. twins: (n, 3) group numbers, see ``TrainingData``.
    """

    features: Mapping[Modality, Tensor]
    presence: Tensor
    categories: Tensor
    twins: Tensor


def join(first: LinearData, second: LinearData) -> LinearData:
    """The rows of both, which have as many views; a modality that one of them lacks is zero there."""
    features = {}
    for modality in first.features:
        views, _, width = first.features[modality].shape
        own = second.features.get(modality, torch.zeros(views, len(second.presence), width))
        features[modality] = torch.cat([first.features[modality], own], dim=1)
    return LinearData(
        features,
        torch.cat([first.presence, second.presence]),
        torch.cat([first.categories, second.categories]),
        torch.cat([first.twins, second.twins]),
    )


def train_anchors(fusion: AnchoredFusion, data: LinearData, recipe: Recipe) -> None:
    """Train the anchors' linear maps in place: symmetric InfoNCE between random disjoint subsets, and the category.

    What is kept is a moving average of the weights, and of that ``recipe.linear_kept``; the rest stays as it was (see ``blend``).
    """
    generator = torch.Generator().manual_seed(recipe.seed)
    torch.manual_seed(recipe.seed)
    maps = {m: nn.Parameter(fusion.anchor(m).linear.weight.detach().clone()) for m in data.features}
    heads = _Heads(int(data.categories.max()) + 1, fusion.dim)
    groups: list[dict[str, Any]] = [
        {"params": list(maps.values())},
        {"params": list(heads.parameters()), "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.Adam(groups)
    average = {m: weight.detach().clone() for m, weight in maps.items()}
    steps = [rows for _ in range(recipe.linear_epochs) for rows in _batches(data.presence, recipe, generator)]
    for number, rows in enumerate(steps):
        decay = 0.5 * (1 + math.cos(math.pi * number / len(steps)))
        optimizer.param_groups[0]["lr"] = recipe.linear_rate * decay * min(1.0, (number + 1) / WARM_STEPS)
        optimizer.zero_grad()
        _loss(maps, heads, data, rows, recipe, generator).backward()
        optimizer.step()
        for modality, weight in maps.items():
            average[modality].lerp_(weight.detach(), 1 - AVERAGING)
    for modality, mean in average.items():
        fusion.anchor(modality).linear.weight.data.lerp_(mean, recipe.linear_kept)


class _Heads(nn.Module):
    """What is thrown away after: an inverse temperature and a direction a category."""

    def __init__(self, categories: int, dim: int) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(START_SCALE).log())
        self.prototypes = nn.Parameter(torch.randn(categories, dim) * dim**-0.5)


def _batches(presence: Tensor, recipe: Recipe, generator: torch.Generator) -> list[Tensor]:
    weight = torch.ones(len(presence))
    weight[presence[:, FUSED.index(Modality.AUDIO)]] = recipe.audio_boost
    picked = torch.multinomial(weight, len(presence), replacement=True, generator=generator)
    return [rows.unique() for rows in picked.split(recipe.linear_batch)]


def _loss(
    maps: Mapping[Modality, Tensor], heads: _Heads, data: LinearData, rows: Tensor, recipe: Recipe,
    generator: torch.Generator,
) -> Tensor:  # fmt: skip
    parts = {}
    for modality, weight in maps.items():
        views = data.features[modality]
        view = torch.randint(len(views), (len(rows),), generator=generator)
        parts[modality] = views[view, rows] @ weight.T
    presence = data.presence[rows]
    first, second = disjoint_subsets(presence, generator)
    whole = random_subset(presence, 1 - recipe.modality_dropout, generator)
    one, other, all_ = (_embed(parts, kept) for kept in (first, second, whole))
    same = same_thing(data.twins[rows])
    scale = heads.log_scale.exp().clamp(max=MAXIMUM_SCALE)
    labels = data.categories[rows]
    category = prototype_loss(one, heads.prototypes, labels, recipe.category_scale)
    category = category + prototype_loss(all_, heads.prototypes, labels, recipe.category_scale)
    return info_nce(one, other, scale, same) + info_nce(one, all_, scale, same) + recipe.linear_category * category


def _embed(parts: Mapping[Modality, Tensor], kept: Tensor) -> Tensor:
    """Unit vectors (batch, dim) of the modalities that ``kept`` (batch, m) keeps."""
    total = torch.stack([part * kept[:, FUSED.index(m), None] for m, part in parts.items()]).sum(dim=0)
    return F.normalize(total, dim=-1)
