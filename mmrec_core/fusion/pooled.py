"""Fusions that see each medium as one vector: the even mean of its tokens (and their peak, for sounds)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from mmrec_core.fusion.anchored import AnchoredFusion, spread_rows
from mmrec_core.fusion.base import Summaries, TokenBatch
from mmrec_core.types import FUSED, Modality


class PooledFusion(AnchoredFusion):
    """Pools evenly, then asks ``parts`` what the modality says. There is no attention to show."""

    def summarise(self, tokens: Mapping[Modality, TokenBatch]) -> Summaries:
        """Pool each modality; rows without it are left out of the arithmetic and stay zero, unread."""
        parts, presence = {}, []
        batch, device = next((len(t.mask), t.mask.device) for t in tokens.values())
        for modality in FUSED:
            if modality not in tokens:
                presence.append(torch.zeros(batch, dtype=torch.bool, device=device))
                continue
            values, mask = tokens[modality].values, tokens[modality].mask
            there = mask.any(dim=1)
            pooled = self.anchor(modality).pool(values[there], mask[there], even_weights(mask[there]))
            parts[modality] = {name: spread_rows(part, there) for name, part in self.parts(modality, pooled).items()}
            presence.append(there)
        return Summaries(parts, torch.stack(presence, dim=1), {})

    def parts(self, modality: Modality, pooled: Tensor) -> dict[str, Tensor]:
        """What ``fuse`` needs of one modality, from its pooled features (batch, pooled_dim)."""
        raise NotImplementedError

    def alpha(self, summaries: Summaries, presence: Tensor | None = None) -> None:  # noqa: ARG002 - of the contract
        """None: the modalities do not attend to each other."""
        return


def even_weights(mask: Tensor) -> Tensor:
    """Weights (batch, n) of the mean over the real tokens; zeros where there is none."""
    return mask / mask.sum(dim=1, keepdim=True).clamp(min=1)
