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


def supervised_contrast(a: Tensor, b: Tensor, labels: Tensor, scale: float) -> Tensor:
    """Supervised contrastive loss (Khosla 2020): rows of one category are drawn together.

    Args:
        a, b: (batch, dim) unit vectors; labels: (batch,) categories of both.
    """
    eye = torch.eye(len(a), dtype=torch.bool, device=a.device)
    log_p = torch.log_softmax((a @ b.T * scale).masked_fill(eye, -1e4), dim=1)
    positive = (labels[:, None] == labels[None, :]) & ~eye
    counts = positive.sum(dim=1)
    rows = counts > 0
    return -((log_p * positive).sum(dim=1)[rows] / counts[rows]).mean()
