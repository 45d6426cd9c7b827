"""One modality summarised under many masks of its tokens, without copying the tokens once a mask.

What a masked medium is: ``Fusion.summarise`` of the same tokens with a smaller mask. Attention pooling is linear in the
tokens once its weights are known, and the weights follow from logits that no mask changes, so a thousand masks are a few
matrix products with the one token matrix. The numbers are those of ``summarise`` (a test holds both to 1e-5).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from mmrec_core.fusion.anchor import Anchor
from mmrec_core.fusion.attention import AttentionPool
from mmrec_core.fusion.base import Fusion, TokenBatch
from mmrec_core.fusion.model_level import ModelLevelFusion
from mmrec_core.fusion.pooled import PooledFusion, even_weights
from mmrec_core.types import Modality

Parts = dict[str, Tensor]


def masked_parts(fusion: Fusion, modality: Modality, tokens: TokenBatch, keep: Tensor) -> Parts:
    """What ``fusion.summarise`` gives for this modality when only some tokens are kept.

    Args:
        fusion: any fusion; those that the repository carries take a quick path.
        modality: of the tokens.
        tokens: of one row, (1, n, dim).
        keep: (masks, n) bool. A row that keeps no real token is given numbers that ``fuse`` ignores when the modality is
            left out of ``presence``.

    Returns:
        The parts of this modality, one row a mask.
    """
    mask = keep & tokens.mask
    if isinstance(fusion, ModelLevelFusion):
        return _model_level(fusion, modality, tokens.values[0], mask)
    if isinstance(fusion, PooledFusion):
        return fusion.parts(modality, _pooled(fusion.anchor(modality), even_weights(mask), tokens.values[0], mask))
    batch = TokenBatch(tokens.values.expand(len(mask), -1, -1), mask)
    return dict(fusion.summarise({modality: batch}).parts[modality])


def _model_level(fusion: ModelLevelFusion, modality: Modality, values: Tensor, mask: Tensor) -> Parts:
    """``ModelLevelFusion._summarise_one`` for many masks of the same tokens (n, dim)."""
    pool, anchor = fusion.pools[modality], fusion.anchor(modality)
    assert isinstance(pool, AttentionPool)  # noqa: S101 - tells the type checker what ModuleDict holds
    weights = masked_weights(pool, values, mask)
    seen = weights @ F.linear(values, pool.values.weight) + pool.values.bias
    return _from_pooled(fusion, modality, anchor, seen, _pooled(anchor, weights.mean(dim=1), values, mask))


def _pooled(anchor: Anchor, weights: Tensor, values: Tensor, mask: Tensor) -> Tensor:
    """``Anchor.pool`` for many masks of the same tokens (n, dim)."""
    mean = weights @ values
    if not anchor.peak_group:
        return mean
    return anchor.beside_mean(mean, masked_peak(values[:, : anchor.dim], mask, anchor.peak_group))


def _from_pooled(fusion: ModelLevelFusion, modality: Modality, anchor: Anchor, seen: Tensor, pooled: Tensor) -> Parts:
    features = anchor.features(pooled)
    return {"anchor": anchor.linear(features), "slot": fusion.slot(modality, seen, features)}


def masked_weights(pool: AttentionPool, values: Tensor, mask: Tensor) -> Tensor:
    """Attention of the learned queries (masks, queries, n) over the kept tokens; zeros where none is kept."""
    logits = (pool.queries @ pool.keys.weight * pool.scale) @ values.T
    masked = logits[None].masked_fill(~mask[:, None, :], torch.finfo(logits.dtype).min)
    return torch.softmax(masked, dim=-1) * mask[:, None, :]


def masked_peak(values: Tensor, mask: Tensor, group: int) -> Tensor:
    """``anchor.peak_over_steps`` for many masks of the same tokens: (masks, dim)."""
    steps = values.view(-1, group, values.shape[-1])
    real = mask.view(len(mask), len(steps), group)
    share = real / real.sum(dim=2, keepdim=True).clamp(min=1)
    peak = values.new_full((len(mask), values.shape[-1]), torch.finfo(values.dtype).min)
    for step, cells in enumerate(steps):  # a step at a time, so that (masks, steps, dim) never exists
        mean = share[:, step] @ cells
        peak = torch.maximum(peak, torch.where(real[:, step].any(dim=1, keepdim=True), mean, peak))
    return torch.where(mask.any(dim=1, keepdim=True), peak, torch.zeros_like(peak))
