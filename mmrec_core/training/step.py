"""One optimisation step: subsets, embeddings, losses."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.fusion.base import Summaries
from mmrec_core.training.data import TrainingData
from mmrec_core.training.mixup import mix_summaries, mixing_plan
from mmrec_core.training.objectives import distillation, info_nce, prototype_loss
from mmrec_core.training.raw import ensemble_scores, raw_vectors
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.subsets import disjoint_subsets, random_subset

MAXIMUM_SCALE = 100.0


class Heads(nn.Module):
    """What is learned beside the fusion and thrown away after: inverse temperatures, bounded as in CLIP (Radford 2021),
    and one direction per category."""

    def __init__(self, categories: int, dim: int) -> None:
        super().__init__()
        self.logs = nn.Parameter(torch.tensor([20.0, 20.0]).log())
        self.prototypes = nn.Parameter(torch.randn(categories, dim) * dim**-0.5)

    def scales(self) -> Tensor:
        """(2,): of alignment, of distillation."""
        return self.logs.exp().clamp(max=MAXIMUM_SCALE)


@dataclass(frozen=True)
class Losses:
    """The parts of one step's loss, before weighting."""

    alignment: Tensor
    distillation: Tensor
    category: Tensor

    def total(self, recipe: Recipe) -> Tensor:
        """Their weighted sum."""
        return (
            recipe.alignment_weight * self.alignment
            + recipe.distillation_weight * self.distillation
            + recipe.category_weight * self.category
        )


def step_losses(
    fusion: AnchoredFusion, heads: Heads, data: TrainingData, rows: Tensor, recipe: Recipe,
    generator: torch.Generator, device: str,
) -> Losses:  # fmt: skip
    """Losses of one batch of items: two disjoint subsets against each other, a subset against the dropped-out whole."""
    tokens = data.batch(rows, device, generator, recipe.token_dropout)
    summaries = fusion.summarise(tokens)
    presence = summaries.presence.cpu()
    first, second = disjoint_subsets(presence, generator)
    whole = random_subset(presence, 1 - recipe.modality_dropout, generator)
    e_first, e_second, e_whole = (fusion.fuse(summaries, p.to(device)) for p in (first, second, whole))
    same = data.same(rows).to(device)
    align_scale, distil_scale = heads.scales()
    mixed = _mixed_alignment(fusion, summaries, align_scale, generator)
    alignment = (
        recipe.mixup_weight * mixed
        + info_nce(e_first, e_second, align_scale, same)
        + info_nce(e_first, e_whole, align_scale, same)
    )

    raw = raw_vectors(fusion, tokens)
    teacher = torch.cat([ensemble_scores(raw, raw, first, second), ensemble_scores(raw, raw, first, presence)], dim=1)
    e_all = fusion.fuse(summaries)
    student = torch.cat([e_first @ e_second.T, e_first @ e_all.T], dim=1) * distil_scale
    halves = zip(student.chunk(2, dim=1), teacher.to(device).chunk(2, dim=1), strict=True)
    taught = torch.stack([distillation(s, t, recipe.teacher_sharpness) for s, t in halves]).sum()

    labels = data.categories[rows].to(device)
    views = (e_first, e_second, e_all)
    category = torch.stack([prototype_loss(e, heads.prototypes, labels, recipe.category_scale) for e in views]).sum()
    return Losses(alignment, taught, category)


def _mixed_alignment(fusion: AnchoredFusion, summaries: Summaries, scale: Tensor, generator: torch.Generator) -> Tensor:
    """Alignment of two disjoint subsets of mixtures; rows that share fewer than two modalities are left out."""
    device = summaries.presence.device
    partner, share = mixing_plan(len(summaries.presence), generator)
    mixture = mix_summaries(summaries, partner.to(device), share.to(device))
    first, second = disjoint_subsets(mixture.presence.cpu(), generator)
    rows = (mixture.presence.sum(dim=1) > 1).nonzero()[:, 0]
    e_first, e_second = (fusion.fuse(mixture, p.to(device))[rows] for p in (first, second))
    return info_nce(e_first, e_second, scale, torch.eye(len(rows), dtype=torch.bool, device=device))
