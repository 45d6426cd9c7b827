"""What a fusion is trained on: token tables with several views of each medium, categories, and who is the same as whom."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mmrec_core.fusion.base import TokenBatch
from mmrec_core.training.split import Split
from mmrec_core.training.tables import ABSENT, TokenTable
from mmrec_core.types import FUSED, Item, Modality

LONGEST_VIEW = {Modality.TEXT: 96, Modality.AUDIO: 162}
"""Tokens of one view in training, where a few long ones would make every batch wide: of sounds, five seconds."""


KEY_STRIDE = 997
PICTURES, SOUNDS = 1, 2
"""Columns of ``twins``."""


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

    @property
    def key(self) -> str:
        """Changes with the items, the split and the tokens, of which one in KEY_STRIDE is read."""
        digest = hashlib.sha256("\n".join(item.id for item in self.items).encode())
        for rows in (self.split.parts(len(self.items)), self.categories.numpy()):
            digest.update(rows.tobytes())
        for modality in sorted(self.tables):
            table = self.tables[modality]
            for part in (self.views[modality], table.offsets, table.values[::KEY_STRIDE]):
                digest.update(np.ascontiguousarray(part.cpu().numpy()).tobytes())
        return digest.hexdigest()

    @property
    def asks(self) -> NDArray[np.bool_]:
        """(items, modalities) bool: with which of its media an item may ask where it is held out.

        Titles decide the split, and some items of other titles share a sound. What items of several parts hold was seen before,
        so it is not asked with.
        """
        found = self.presence.numpy().copy()
        for modality, column in ((Modality.IMAGE, PICTURES), (Modality.AUDIO, SOUNDS)):
            groups = self.twins[:, column].numpy()
            found[:, FUSED.index(modality)] &= ~in_several(groups, self.split.parts(len(self.items)))
        return found

    def batch(
        self, rows: Tensor, device: str, generator: torch.Generator | None = None, token_dropout: float = 0.0
    ) -> dict[Modality, TokenBatch]:
        """Tokens of some items: the media as they are, or with a generator a random view of each.

        Of random views, long texts keep their start, and up to ``token_dropout`` of the tokens of each row are hidden.
        """
        tokens = {}
        for modality, views in self.views.items():
            picked = views[rows]
            column = torch.zeros(len(rows), dtype=torch.long)
            if generator is not None:
                column = (torch.rand(len(rows), generator=generator) * (picked != ABSENT).sum(dim=1)).long()
            chosen = picked.gather(1, column[:, None])[:, 0]
            if (chosen != ABSENT).any():
                longest = None if generator is None else LONGEST_VIEW.get(modality)
                batch = self.tables[modality].gather(chosen, device, longest)
                tokens[modality] = batch if generator is None else hide_tokens(batch, token_dropout, generator)
        return tokens

    def same(self, rows: Tensor) -> Tensor:
        """(batch, batch) bool: pairs that share a title, a picture or a sound."""
        return same_thing(self.twins[rows])


def same_thing(groups: Tensor) -> Tensor:
    """(batch, batch) bool of ``twins`` (batch, 3): which rows share a group, and must not be pushed apart."""
    return ((groups[:, None, :] == groups[None, :, :]) & (groups[:, None, :] != ABSENT)).any(dim=-1)


def in_several(groups: NDArray[np.int64], parts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rows are of a group that lies in more than one part; ABSENT is no group."""
    first, last = (np.full(groups.max(initial=0) + 1, start) for start in (parts.max(initial=0), parts.min(initial=0)))
    there = groups != ABSENT
    np.minimum.at(first, groups[there], parts[there])
    np.maximum.at(last, groups[there], parts[there])
    return np.asarray(there & (first != last)[np.where(there, groups, 0)])


def hide_tokens(batch: TokenBatch, most: float, generator: torch.Generator) -> TokenBatch:
    """Hide a random share, between 0 and ``most``, of each row's tokens; never the last one that is left.

    A picture with hidden patches is a crop for free, and explanations that mask tokens ask about what was trained on.
    """
    draw = torch.rand(batch.mask.shape, generator=generator).to(batch.mask.device)
    share = torch.rand(len(draw), 1, generator=generator).to(draw.device) * most
    kept = batch.mask & (draw >= share)
    return TokenBatch(batch.values, torch.where(kept.any(dim=1, keepdim=True), kept, batch.mask))


def group_numbers(items: tuple[Item, ...]) -> Tensor:
    """(items, 3) numbers by title, picture and sound; ABSENT where there is none."""
    columns = []
    for keys in ([i.title.lower() for i in items], [i.image for i in items], [i.audio for i in items]):
        number = {key: n for n, key in enumerate(dict.fromkeys(keys))}
        columns.append([number[key] if key else ABSENT for key in keys])
    return torch.from_numpy(np.array(columns).T.copy())
