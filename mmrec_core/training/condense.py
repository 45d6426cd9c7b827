"""Training data of a pooled fusion, condensed: a few vectors a medium instead of all its tokens, so an epoch takes a second.

A pooled fusion sees no more of a medium than the mean of its tokens m and, of sounds, the peak p of the means of its time
steps. A medium of one step, m, or of two, p and 2m - p, has the same mean and the same peak: m is a convex combination of
the steps' means, so p >= m >= 2m - p in every dimension.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from mmrec_core.fusion.anchor import peak_over_steps
from mmrec_core.fusion.base import TokenBatch
from mmrec_core.fusion.pooled import PooledFusion, even_weights
from mmrec_core.training.data import TrainingData, hide_tokens
from mmrec_core.training.tables import ABSENT, TokenTable
from mmrec_core.types import Modality, Progress, Report, told

ROWS = 256


def condense(
    data: TrainingData, fusion: PooledFusion, draws: int, token_dropout: float, seed: int, report: Report
) -> TrainingData:
    """The same views, condensed; and of each, ``draws`` more with a random share of its tokens hidden beforehand.

    Args:
        fusion: says which modalities are pooled by their peak, too.
        token_dropout: the largest share of a row's tokens that is hidden.
        report: progress in views; may raise to stop.
    """
    generator = torch.Generator().manual_seed(seed)
    tables, views = {}, {}
    for modality, table in data.tables.items():
        group = fusion.anchor(modality).peak_group
        parts = [
            _condensed(table, group, token_dropout if draw else 0.0, generator, modality, report)
            for draw in range(1 + draws)
        ]
        tables[modality] = _table(torch.cat(parts))
        own, rows = data.views[modality], len(table.offsets) - 1
        views[modality] = torch.cat([torch.where(own == ABSENT, ABSENT, own + n * rows) for n in range(1 + draws)], 1)
    return replace(data, tables=tables, views=views)


def _condensed(
    table: TokenTable, group: int, dropout: float, generator: torch.Generator, modality: Modality, report: Report
) -> Tensor:
    """(rows, 1 or 2 * group, dim), half precision."""
    rows, found = torch.arange(len(table.offsets) - 1), []
    for chunk in rows.split(ROWS):
        report(Progress(told("Condensing {modality}", modality=told(modality)), int(chunk[0]), len(rows), "views"))
        batch = table.gather(chunk)
        found.append(condensed_tokens(hide_tokens(batch, dropout, generator) if dropout else batch, group).half())
    return torch.cat(found)


def condensed_tokens(batch: TokenBatch, group: int) -> Tensor:
    """Tokens (batch, 1 or 2 * group, dim), all real, with the mean of the batch's tokens and, with a group, its peak."""
    mean = torch.einsum("bn,bnd->bd", even_weights(batch.mask), batch.values)
    if not group:
        return mean[:, None]
    peak = peak_over_steps(batch.values, batch.mask, group)
    return torch.stack([peak, 2 * mean - peak], dim=1).repeat_interleave(group, dim=1)


def _table(tokens: Tensor) -> TokenTable:
    rows, count, dim = tokens.shape
    return TokenTable(
        tokens.reshape(rows * count, dim), torch.ones(rows * count, dtype=torch.bool), torch.arange(rows + 1) * count
    )
