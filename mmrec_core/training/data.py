"""What a fusion is trained on: token tables with several views of each medium, categories, and who is the same as whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mmrec_core.fusion.base import TokenBatch
from mmrec_core.training.split import Split
from mmrec_core.training.tables import ABSENT, TokenTable
from mmrec_core.types import FUSED, Item, Modality

LONGEST_VIEW = {Modality.TEXT: 96}
"""Tokens of one view in training, where a few long ones would make every batch wide."""


@dataclass(frozen=True)
class TrainingData:
    """All items of a catalogue, tokens in half precision in memory.

    Args:
        items: in catalogue order.
        tables: by modality, tokens of every view.
        views: by modality, (items, views) row numbers in the table; column 0 is the medium as it is; ABSENT where there is none.
        categories: (items,) index into ``category_names``.
        twins: (items, 3) group numbers by title, picture and sound; equal numbers are the same thing.
        split: who is trained on.
    """

    items: tuple[Item, ...]
    tables: dict[Modality, TokenTable]
    views: dict[Modality, Tensor]
    categories: Tensor
    category_names: tuple[str, ...]
    twins: Tensor
    split: Split

    @property
    def presence(self) -> Tensor:
        """(items, modalities) bool."""
        absent = torch.full((len(self.items),), ABSENT)
        return torch.stack([self.views[m][:, 0] if m in self.views else absent for m in FUSED], dim=1) != ABSENT

    def batch(self, rows: Tensor, device: str, generator: torch.Generator | None = None) -> dict[Modality, TokenBatch]:
        """Tokens of some items: the media as they are, or with a generator a random view of each (of long texts the start)."""
        tokens = {}
        for modality, views in self.views.items():
            picked = views[rows]
            column = torch.zeros(len(rows), dtype=torch.long)
            if generator is not None:
                column = (torch.rand(len(rows), generator=generator) * (picked != ABSENT).sum(dim=1)).long()
            chosen = picked.gather(1, column[:, None])[:, 0]
            if (chosen != ABSENT).any():
                longest = None if generator is None else LONGEST_VIEW.get(modality)
                tokens[modality] = self.tables[modality].gather(chosen, device, longest)
        return tokens

    def same(self, rows: Tensor) -> Tensor:
        """(batch, batch) bool: pairs that share a title, a picture or a sound."""
        groups = self.twins[rows]
        return ((groups[:, None, :] == groups[None, :, :]) & (groups[:, None, :] != ABSENT)).any(dim=-1)


def group_numbers(items: tuple[Item, ...]) -> Tensor:
    """(items, 3) numbers by title, picture and sound; ABSENT where there is none."""
    columns = []
    for keys in ([i.title.lower() for i in items], [i.image for i in items], [i.audio for i in items]):
        number = {key: n for n, key in enumerate(dict.fromkeys(keys))}
        columns.append([number[key] if key else ABSENT for key in keys])
    return torch.from_numpy(np.array(columns).T.copy())
