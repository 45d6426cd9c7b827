"""Closed-form start of the anchors: inner products of embeddings equal a weighted sum of raw similarities.

The embedding is three blocks: *lexical* (the text encoder's space), *visual*, *sonic*. A modality fills its own block with
its own pooled features, and the other blocks with a ridge prediction of them, since a text has no look of its own but
suggests one. Concepts enter the lexical block as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from mmrec_core.fusion.anchor import Anchor
from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.types import FUSED, Modality


@dataclass(frozen=True)
class Blocks:
    """Widths and weights of the blocks of the embedding, and the ridge penalty of what predicts one from another."""

    lexical: int = 256
    visual: int = 128
    sonic: int = 64
    lexical_weight: float = 1.0
    visual_weight: float = 1.0
    sonic_weight: float = 1.0
    ridge: float = 30.0

    @property
    def width(self) -> int:
        """Width of the embedding."""
        return self.lexical + self.visual + self.sonic


BLOCK_OF = {Modality.TEXT: "lexical", Modality.IMAGE: "visual", Modality.AUDIO: "sonic"}


def ridge(x: Tensor, y: Tensor, penalty: float) -> Tensor:
    """W (dy, dx) that minimises ``|x W^T - y|^2 + penalty |W|^2``; x (n, dx), y (n, dy)."""
    gram = x.T @ x + penalty * torch.eye(x.shape[1])
    return torch.linalg.solve(gram, x.T @ y).T


def principal(x: Tensor, width: int) -> Tensor:
    """The leading right singular vectors of x (n, d), not centred: (width, d), padded with zeros where d is smaller.

    They are the eigenvectors of ``x^T x``, which is small where x has many rows.
    """
    _, vectors = torch.linalg.eigh(x.T.double() @ x.double())
    rows = vectors.flip(1).T[:width].float()
    basis = torch.zeros(width, x.shape[1])
    basis[: len(rows)] = rows
    return basis


def start_anchors(fusion: AnchoredFusion, features: dict[Modality, Tensor], presence: Tensor, blocks: Blocks) -> None:
    """Set the anchors' linear maps in place.

    Args:
        fusion: its ``dim`` equals ``blocks.width``; centres and concepts are set already.
        features: by modality, what ``Anchor.features`` gives for the training items (n, feature_dim).
        presence: (n, m): which items have which modality.
    """
    own = {m: _own_map(fusion, m, features[m][presence[:, FUSED.index(m)]], blocks) for m in features}
    for modality, x in features.items():
        anchor = fusion.anchor(modality)
        there = presence[:, FUSED.index(modality)]
        rows = []
        for other in (Modality.TEXT, Modality.IMAGE, Modality.AUDIO):
            weight = getattr(blocks, f"{BLOCK_OF[other]}_weight") ** 0.5
            if other not in features:
                rows.append(torch.zeros(getattr(blocks, BLOCK_OF[other]), anchor.feature_dim))
            elif other == modality:
                rows.append(own[other] * weight)
            else:
                both = there & presence[:, FUSED.index(other)]
                target = features[other][both] @ own[other].T
                rows.append(predict(anchor, x[both], target, own, other, blocks) * weight)
        with torch.no_grad():
            anchor.linear.weight.copy_(torch.cat(rows))


def _own_map(fusion: AnchoredFusion, modality: Modality, x: Tensor, blocks: Blocks) -> Tensor:
    """(block width, feature_dim): the modality's pooled features, rotated; the concept part stays zero."""
    anchor = fusion.anchor(modality)
    pooled = slice(anchor.centre.numel() - anchor.dim, anchor.centre.numel())
    weights = torch.zeros(getattr(blocks, BLOCK_OF[modality]), anchor.feature_dim)
    weights[:, pooled] = principal(x[:, pooled], len(weights))
    return weights


def predict(
    anchor: Anchor, x: Tensor, target: Tensor, own: dict[Modality, Tensor], other: Modality, blocks: Blocks
) -> Tensor:
    """(block width, feature_dim): concepts as they are in the lexical block, a ridge prediction for the rest.

    Args:
        x: features (n, feature_dim) of items that hold both modalities; target: (n, block width).
        own: by modality, the map of its pooled features into its own block.
    """
    weights = torch.zeros(len(target.T), anchor.feature_dim)
    if anchor.concept is not None and other == Modality.TEXT:
        width = anchor.concept.class_vectors.shape[1]
        named = torch.zeros(anchor.feature_dim, dtype=torch.bool)
        named[anchor.centre.numel() : anchor.centre.numel() + width] = True
        direct = own[other][:, -width:]
        scale = _least_squares_scale(x[:, named] @ direct.T, target)
        weights[:, named] = direct * scale
        target = target - x[:, named] @ (direct * scale).T
        weights[:, ~named] = ridge(x[:, ~named], target, blocks.ridge)
        return weights
    return ridge(x, target, blocks.ridge)


def _least_squares_scale(prediction: Tensor, target: Tensor) -> float:
    return float((prediction * target).sum() / (prediction**2).sum().clamp(min=1e-9))
