"""Tokens of many media in one flat table, gathered into padded batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from mmrec_core.fusion.base import TokenBatch
from mmrec_core.types import TokenMatrix, Tokens

ABSENT = -1


@dataclass(frozen=True)
class TokenTable:
    """Tokens of all rows end to end: ``values`` (total, dim) half precision, ``mask`` (total,), ``offsets`` (rows + 1,)."""

    values: Tensor
    mask: Tensor
    offsets: Tensor

    @property
    def dim(self) -> int:
        """Width of a token."""
        return self.values.shape[1]

    def gather(self, rows: Tensor, device: str | torch.device = "cpu", longest: int | None = None) -> TokenBatch:
        """Padded tokens of ``rows``, at most the first ``longest`` of each; a row number of ABSENT gives no tokens."""
        empty = self.values[:0]
        starts, ends = self.offsets[rows], self.offsets[rows + 1]
        if longest is not None:
            ends = ends.minimum(starts + longest)
        pairs = zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True)
        spans = [(start, end) if row != ABSENT else None for row, start, end in pairs]
        values = [empty if span is None else self.values[span[0] : span[1]] for span in spans]
        masks = [self.mask[:0] if span is None else self.mask[span[0] : span[1]] for span in spans]
        padded = pad_sequence(values, batch_first=True).to(device).float()
        return TokenBatch(padded, pad_sequence(masks, batch_first=True).to(device))

    def sample(self, rows: Tensor, most: int, seed: int) -> TokenMatrix:
        """At most ``most`` real tokens of ``rows``, drawn uniformly without replacement, in their order."""
        own = torch.zeros(len(self.mask), dtype=torch.bool)
        for start, end in zip(self.offsets[rows].tolist(), self.offsets[rows + 1].tolist(), strict=True):
            own[start:end] = self.mask[start:end]
        places = own.nonzero()[:, 0].numpy()
        if len(places) > most:
            places = np.sort(np.random.default_rng(seed).choice(places, most, replace=False))
        return self.values[torch.from_numpy(places)].float().numpy()


def build_table(tokens: Iterable[Tokens], project: Callable[[TokenMatrix], TokenMatrix]) -> TokenTable:
    """A table of projected tokens, in order."""
    values, masks, lengths = [], [], [0]
    for t in tokens:
        values.append(torch.from_numpy(np.asarray(project(t.values), np.float16)))
        masks.append(torch.from_numpy(np.asarray(t.mask)))
        lengths.append(len(t.mask))
    return TokenTable(torch.cat(values), torch.cat(masks), torch.tensor(np.cumsum(lengths)))


def join_tables(tables: Sequence[TokenTable]) -> TokenTable:
    """One table under the other."""
    starts = np.cumsum([0] + [len(t.values) for t in tables])
    offsets = [t.offsets[1:] + int(start) for t, start in zip(tables, starts, strict=False)]
    zero = torch.zeros(1, dtype=torch.long)
    return TokenTable(
        torch.cat([t.values for t in tables]), torch.cat([t.mask for t in tables]), torch.cat([zero, *offsets])
    )


def project_table(table: TokenTable, project: Callable[[TokenMatrix], TokenMatrix], chunk: int = 65536) -> TokenTable:
    """The same table with projected tokens, worked off in chunks since the unprojected one may be a memory map."""
    parts = [project(values.float().numpy()) for values in table.values.split(chunk)]
    projected = [torch.from_numpy(np.asarray(part, np.float16)) for part in parts]
    return TokenTable(torch.cat(projected), table.mask, table.offsets)
