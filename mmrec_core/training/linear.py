"""The anchors trained by themselves: without attention an embedding is linear in pooled features, so an epoch takes a second.

This stage aligns the modalities over every augmented view before the transformer learns its correction. Trained together
from the start, the correction fits the catalogue first and the anchors lose what carries over to other sources.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.training.data import same_thing
from mmrec_core.training.mixup import mixing_plan
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
        weight: (n,) how often a row is drawn, 1 for once an epoch.
        whole: (n,) how often, of its draws, a row's text is read in its first view.
    """

    features: Mapping[Modality, Tensor]
    presence: Tensor
    categories: Tensor
    twins: Tensor
    weight: Tensor
    whole: Tensor


def join(first: LinearData, second: LinearData) -> LinearData:
    """The rows of both, which have as many views; a modality that one of them lacks is zero there."""
    features = {}
    for modality in first.features:
        views, _, width = first.features[modality].shape
        own = second.features.get(modality, torch.zeros(views, len(second.presence), width))
        features[modality] = torch.cat([first.features[modality], own], dim=1)
    rows = ("presence", "categories", "twins", "weight", "whole")
    return LinearData(features, **{name: torch.cat([getattr(first, name), getattr(second, name)]) for name in rows})


def train_anchors(fusion: AnchoredFusion, diets: Sequence[LinearData], recipe: Recipe) -> None:
    """Train the anchors' linear maps in place, once for each diet from the same start, and average what comes of them.

    Trainings that see some sources more often are each better at those; their mean is better at all than any of them (model soups,
    Wortsman et al., ICML 2022). Of the mean ``recipe.linear_kept`` is kept, the rest stays as it was (see ``blend``).

    Args:
        diets: the same rows, drawn at different rates.
    """
    start = {m: fusion.anchor(m).linear.weight.detach().clone() for m in diets[0].features}
    cooked = [_trained(start, data, recipe) for data in diets]
    for modality in start:
        mean = torch.stack([maps[modality] for maps in cooked]).mean(dim=0)
        fusion.anchor(modality).linear.weight.data.lerp_(mean, recipe.linear_kept)


def _trained(start: Mapping[Modality, Tensor], data: LinearData, recipe: Recipe) -> dict[Modality, Tensor]:
    """Maps after one training, a moving average of the weights: symmetric InfoNCE between random disjoint subsets, of items and
    of mixtures of two (``mixup``), and the category."""
    generator = torch.Generator().manual_seed(recipe.seed)
    torch.manual_seed(recipe.seed)
    maps = {m: nn.Parameter(weight.clone()) for m, weight in start.items()}
    heads = _Heads(int(data.categories.max()) + 1, len(next(iter(maps.values()))))
    groups: list[dict[str, Any]] = [
        {"params": list(maps.values())},
        {"params": list(heads.parameters()), "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.Adam(groups)
    average = {m: weight.detach().clone() for m, weight in maps.items()}
    steps = [rows for _ in range(recipe.linear_epochs) for rows in _batches(data, recipe, generator)]
    for number, rows in enumerate(steps):
        decay = 0.5 * (1 + math.cos(math.pi * number / len(steps)))
        optimizer.param_groups[0]["lr"] = recipe.linear_rate * decay * min(1.0, (number + 1) / WARM_STEPS)
        optimizer.zero_grad()
        _loss(maps, heads, data, rows, recipe, generator).backward()
        optimizer.step()
        for modality, weight in maps.items():
            average[modality].lerp_(weight.detach(), 1 - AVERAGING)
    return average


class _Heads(nn.Module):
    """What is thrown away after: an inverse temperature and a direction a category."""

    def __init__(self, categories: int, dim: int) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(START_SCALE).log())
        self.prototypes = nn.Parameter(torch.randn(categories, dim) * dim**-0.5)


def _batches(data: LinearData, recipe: Recipe, generator: torch.Generator) -> list[Tensor]:
    heard = data.presence[:, FUSED.index(Modality.AUDIO)]
    weight = torch.where(heard, recipe.audio_boost, 1.0) * data.weight
    picked = torch.multinomial(weight, round(float(data.weight.sum())), replacement=True, generator=generator)
    return [rows.unique() for rows in picked.split(recipe.linear_batch)]


def _loss(
    maps: Mapping[Modality, Tensor], heads: _Heads, data: LinearData, rows: Tensor, recipe: Recipe,
    generator: torch.Generator,
) -> Tensor:  # fmt: skip
    parts = {m: _part(weight, data, m, rows, recipe, generator) for m, weight in maps.items()}
    presence = data.presence[rows]
    first, second = disjoint_subsets(presence, generator)
    whole = random_subset(presence, 1 - recipe.modality_dropout, generator)
    one, other, all_ = (_embed(parts, kept) for kept in (first, second, whole))
    same = same_thing(data.twins[rows])
    scale = heads.log_scale.exp().clamp(max=MAXIMUM_SCALE)
    labels = data.categories[rows]
    category = prototype_loss(one, heads.prototypes, labels, recipe.category_scale)
    category = category + prototype_loss(all_, heads.prototypes, labels, recipe.category_scale)
    alignment = info_nce(one, other, scale, same) + info_nce(one, all_, scale, same)
    mixed = _mixed_alignment(parts, presence, same, scale, generator) if recipe.linear_mixup else torch.zeros(())
    return alignment + recipe.linear_mixup * mixed + recipe.linear_category * category


def _part(
    weight: Tensor, data: LinearData, modality: Modality, rows: Tensor, recipe: Recipe, generator: torch.Generator
) -> Tensor:
    """What one modality adds to the embeddings (batch, dim): of a random view of each row, zero where it has none."""
    views, there = data.features[modality], data.presence[rows, FUSED.index(modality)]
    number = torch.randint(len(views), (len(rows),), generator=generator)
    if modality is Modality.TEXT and len(views) > 1:
        other = torch.randint(1, len(views), (len(rows),), generator=generator)
        number = torch.where(torch.rand(len(rows), generator=generator) < data.whole[rows], 0, other)
    read = F.dropout(views[number[there], rows[there]], recipe.linear_dropout)
    blank = weight.new_zeros(len(rows), len(weight))
    return blank.index_put((there.nonzero()[:, 0],), read @ weight.T)


def _mixed_alignment(
    parts: Mapping[Modality, Tensor], presence: Tensor, same: Tensor, scale: Tensor, generator: torch.Generator
) -> Tensor:
    """Alignment of two disjoint subsets of mixtures; pairs that share fewer than two modalities are left out."""
    partner, share = mixing_plan(len(presence), generator)
    both = presence & presence[partner]
    first, second = disjoint_subsets(both, generator)
    mixture = {m: torch.lerp(part[partner], part, share[:, None]) for m, part in parts.items()}
    rows = (both.sum(dim=1) > 1).nonzero()[:, 0]
    one, other = (_embed(mixture, kept)[rows] for kept in (first, second))
    return info_nce(one, other, scale, same[rows][:, rows])


def _embed(parts: Mapping[Modality, Tensor], kept: Tensor) -> Tensor:
    """Unit vectors (batch, dim) of the modalities that ``kept`` (batch, m) keeps."""
    total = torch.stack([part * kept[:, FUSED.index(m), None] for m, part in parts.items()]).sum(dim=0)
    return F.normalize(total, dim=-1)
