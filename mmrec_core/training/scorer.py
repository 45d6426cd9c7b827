"""Scores of catalogue rows by a fusion, with either side reduced to some modalities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mmrec_core.fusion.anchored import AnchoredFusion
from mmrec_core.fusion.base import Summaries
from mmrec_core.training.data import TrainingData
from mmrec_core.training.lines import Rows
from mmrec_core.types import FUSED, Modality


class FusionScorer:
    """Summarises every item once; each call only fuses subsets.

    Args:
        fusion: in evaluation mode.
        data: whose media as they are (no augmented view) are scored.
    """

    def __init__(self, fusion: AnchoredFusion, data: TrainingData, device: str, batch: int = 256) -> None:
        self.fusion, self.device = fusion, device
        self.summaries = [self._summarise(data, rows) for rows in torch.arange(len(data.items)).split(batch)]
        self._embedded: dict[tuple[Modality, ...], NDArray[np.float32]] = {}

    @torch.inference_mode()
    def _summarise(self, data: TrainingData, rows: Tensor) -> Summaries:
        return self.fusion.summarise(data.batch(rows, self.device))

    def fuse_anew(self) -> None:
        """Forget embeddings, after a change of the fusion that leaves summaries as they are."""
        self._embedded.clear()

    @torch.inference_mode()
    def embeddings(self, modalities: Sequence[Modality]) -> NDArray[np.float32]:
        """Embeddings (items, dim) of all items reduced to ``modalities``."""
        key = tuple(modalities)
        if key not in self._embedded:
            keep = torch.tensor([[m in key for m in FUSED]], device=self.device)
            self._embedded[key] = torch.cat([self.fusion.fuse(s, keep) for s in self.summaries]).float().cpu().numpy()
        return self._embedded[key]

    def __call__(
        self, queries: Rows, asked: Sequence[Modality], items: Rows, held: Sequence[Modality]
    ) -> NDArray[np.float32]:
        """Scores (q, n)."""
        return self.embeddings(asked)[queries] @ self.embeddings(held)[items].T
