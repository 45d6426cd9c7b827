"""Attention rollout through the fusion: how much of what [CLS] ends up with came from which token, by attention alone.

Between the modalities, with residual connections, ``R = prod_l (I + alpha_l) / 2`` over the layers (Abnar and Zuidema,
ACL 2020). Token n of modality m gets ``R[CLS, m] * w_mn`` with the within-modality weights w. What [CLS] keeps of itself or
takes from absence tokens is nobody's, so the weights of a side sum to less than one.

Within one modality this orders the tokens exactly as raw attention does; it adds how the modalities compare. It follows the
transformer only, not the linear path (``fusion.anchor``) that carries much of the embedding.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mmrec_core.explain.attention import FUSED_SLOT, token_maps
from mmrec_core.explain.base import Explanation, Pair, SideFindings
from mmrec_core.fusion.base import Fusion
from mmrec_core.recommend.encode import Encoded
from mmrec_core.registry import Plugin
from mmrec_core.types import FUSED, FusionAttention, told

METHOD = "rollout"


class Rollout:
    """Token maps of both sides, comparable across modalities, and the rolled-out attention between the slots."""

    name = METHOD

    def why_incompatible(self, pair: Pair) -> str | None:
        """Both kinds of attention are needed."""
        sides = (pair.query, pair.item)
        if any(s.summaries.attention and slot_attention(pair.fusion, s) is not None for s in sides):
            return None
        return told("The fusion {name!r} has no attention to roll out.", name=pair.fusion.name)

    def explain(self, pair: Pair) -> Explanation:
        """Roll the attention of both sides out."""
        return Explanation(METHOD, rolled(pair.fusion, pair.query), rolled(pair.fusion, pair.item))


def rollout(alphas: NDArray[np.float64]) -> NDArray[np.float64]:
    """``prod_l (I + alpha_l) / 2``, the last layer leftmost; rows sum to one where those of ``alphas`` do.

    Args:
        alphas: (layers, slots, slots), row = who looks.

    Returns:
        (slots, slots).
    """
    total = np.eye(alphas.shape[-1])
    for alpha in alphas:
        total = (np.eye(len(alpha)) + alpha) / 2 @ total
    return total


def slot_attention(fusion: Fusion, side: Encoded) -> NDArray[np.float64] | None:
    """Attention between the slots by layer (layers, slots, slots), or None where the fusion has none.

    A fusion that only tells the mean over its layers counts as one layer.
    """
    import torch

    with torch.no_grad():
        if hasattr(fusion, "alphas"):
            return fusion.alphas(side.summaries)[:, 0].double().cpu().numpy()
        mean = fusion.alpha(side.summaries)
    return None if mean is None else mean[:1].double().cpu().numpy()


def rolled(fusion: Fusion, side: Encoded) -> SideFindings:
    """Maps and rolled-out alpha of one side."""
    alphas = slot_attention(fusion, side)
    if alphas is None:
        return SideFindings()
    total = rollout(alphas)
    maps = {
        m: replace(shown, weights=shown.weights * total[0, 1 + FUSED.index(m)], method=METHOD)
        for m, shown in token_maps(side).items()
    }
    slots = (FUSED_SLOT, *(str(m) if m in side.players else f"no {m}" for m in FUSED))
    return SideFindings(maps=maps, alpha=FusionAttention(slots, total))


PLUGIN = Plugin(name=METHOD, title="Attention rollout", build=Rollout, requires=("torch",))
