"""The losses, as pure functions of embeddings."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def info_nce(a: Tensor, b: Tensor, scale: Tensor, same: Tensor) -> Tensor:
    """Symmetric InfoNCE (van den Oord 2018) between paired unit vectors, with false negatives left out.

    Args:
        a, b: (batch, dim); row i of one belongs to row i of the other.
        scale: inverse temperature.
        same: (batch, batch) bool, True where two rows are the same thing and must not be pushed apart.
    """
    eye = torch.eye(len(a), dtype=torch.bool, device=a.device)
    logits = (a @ b.T * scale).masked_fill(same & ~eye, float("-inf"))
    target = torch.arange(len(a), device=a.device)
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def distillation(student: Tensor, teacher: Tensor, sharpness: float) -> Tensor:
    """KL divergence of the student's similarity distribution from the teacher's, row by row (Hinton 2015).

    Args:
        student: (batch, n) logits.
        teacher: (batch, n) standardised similarities; a row of NaN has no teacher and is left out.
        sharpness: inverse temperature of the teacher.
    """
    known = ~teacher.isnan().any(dim=1)
    if not known.any():
        return student.sum() * 0
    target = torch.softmax(teacher[known] * sharpness, dim=1)
    return F.kl_div(torch.log_softmax(student[known], dim=1), target, reduction="batchmean")


def prototype_loss(embeddings: Tensor, prototypes: Tensor, labels: Tensor, scale: float) -> Tensor:
    """Cross-entropy of the cosine to one learned direction per category (Wang 2018, without a margin).

    Args:
        embeddings: (batch, dim) unit vectors; prototypes: (categories, dim); labels: (batch,), negative where not known.
    """
    known = labels >= 0
    logits = embeddings[known] @ F.normalize(prototypes, dim=1).T * scale
    return F.cross_entropy(logits, labels[known], reduction="sum") / known.sum().clamp(min=1)
