"""Where the model looked: the raw attention within each modality, and alpha between modalities.

Attention says where the model looked, not what the score is made of; shares of the score are Shapley values.
"""

from __future__ import annotations

import numpy as np

from mmrec_core.explain.base import Explanation, Pair, SideFindings
from mmrec_core.fusion.base import Fusion
from mmrec_core.recommend.encode import Encoded
from mmrec_core.registry import Plugin
from mmrec_core.types import FUSED, FusionAttention, Modality, TokenMap, told

METHOD = "attention"
FUSED_SLOT = "fused"
"""The name of slot 0, where the modalities meet."""


class Attention:
    """The within-modality maps and alpha_ij of both sides, as the model computed them."""

    name = METHOD

    def why_incompatible(self, pair: Pair) -> str | None:
        """Fusions without attention have no maps."""
        if pair.query.summaries.attention or pair.item.summaries.attention:
            return None
        return told("The fusion {name!r} has no attention to show.", name=pair.fusion.name)

    def explain(self, pair: Pair) -> Explanation:
        """Read the attention of both sides."""
        return Explanation(METHOD, findings(pair.fusion, pair.query), findings(pair.fusion, pair.item))


def findings(fusion: Fusion, side: Encoded) -> SideFindings:
    """Maps and alpha of one side."""
    return SideFindings(maps=token_maps(side), alpha=fusion_attention(fusion, side))


def token_maps(side: Encoded) -> dict[Modality, TokenMap]:
    """One map a modality: weight by real token, summing to one. Tokens beyond the medium's own (padding) are dropped."""
    maps = {}
    for modality in side.players:
        if modality not in side.summaries.attention:
            continue
        tokens = side.tokens[modality]
        weights = side.summaries.attention[modality][0, : len(tokens.mask)].double().cpu().numpy()
        maps[modality] = TokenMap(modality, tokens.grid, np.where(tokens.mask, weights, 0.0), METHOD)
    return maps


def fusion_attention(fusion: Fusion, side: Encoded) -> FusionAttention | None:
    """alpha_ij between the slots as the model computed it, or None where the fusion has none.

    The slot of an absent modality holds a learned absence token; it is shown too, as ``"no audio"``, since rows sum to
    one only with it.
    """
    import torch

    with torch.no_grad():
        alpha = fusion.alpha(side.summaries)
    if alpha is None:
        return None
    slots = (str(m) if m in side.players else f"no {m}" for m in FUSED)
    return FusionAttention((FUSED_SLOT, *slots), alpha[0].double().cpu().numpy())


PLUGIN = Plugin(name=METHOD, title="Attention", build=Attention)
