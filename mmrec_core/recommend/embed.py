"""Every item of the catalogue -> its embedding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mmrec_core.recommend.encode import ItemTokens
from mmrec_core.types import Embeddings, Progress, Report

if TYPE_CHECKING:
    from mmrec_core.fusion.bundle import ModelBundle

BATCH = 64


def embed_items(bundle: ModelBundle, tokens: ItemTokens, item_ids: Sequence[str], report: Report) -> Embeddings:
    """Embeddings (n, dim) of the items, in the order given.

    Args:
        bundle: the model.
        tokens: projected tokens of each item.
        item_ids: of the items.
        report: progress in items; may raise to cancel.
    """
    import torch

    parts = [np.zeros((0, bundle.fusion.dim), np.float32)]
    for start in range(0, len(item_ids), BATCH):
        report(Progress("Embedding", start, len(item_ids), "items"))
        batch = bundle.batch([tokens.tokens(item_id) for item_id in item_ids[start : start + BATCH]], projected=True)
        with torch.no_grad():
            parts.append(bundle.fusion.fuse(bundle.fusion.summarise(batch)).float().cpu().numpy())
    report(Progress("Embedding", len(item_ids), len(item_ids), "items"))
    return np.concatenate(parts)
