"""Take over another bundle's projections, so that both bundles read one token cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch

from mmrec_core.features.projection import Projection
from mmrec_core.training.prepare import Prepared
from mmrec_core.training.tables import TokenTable
from mmrec_core.types import Modality

ROWS = 65_536


def adopt_projections(prepared: Prepared, wanted: Mapping[Modality, Projection]) -> Prepared:
    """The same tokens as ``wanted`` would have projected them; exact but for components that either side left out."""
    tables = {m: _turn(table, prepared.projections[m], wanted[m]) for m, table in prepared.data.tables.items()}
    return Prepared(replace(prepared.data, tables=tables), {m: wanted[m] for m in tables})


def _turn(table: TokenTable, own: Projection, wanted: Projection) -> TokenTable:
    if all(np.array_equal(a, b) for a, b in zip(own.to_arrays().values(), wanted.to_arrays().values(), strict=True)):
        return table
    turned = torch.empty(len(table.values), wanted.width, dtype=torch.float16)
    for start in range(0, len(turned), ROWS):
        part = slice(start, start + ROWS)
        turned[part] = torch.from_numpy(wanted.project(own.restore(table.values[part].float().numpy()))).half()
    return replace(table, values=turned)
