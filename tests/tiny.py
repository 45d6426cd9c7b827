"""A tiny world for tests of fusion and training: items with a hidden theme that every modality shows through noise."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from mmrec_core.fusion.base import FUSIONS
from mmrec_core.fusion.model_level import ModelLevelFusion
from mmrec_core.training.closed_form import Blocks
from mmrec_core.training.data import TrainingData, group_numbers
from mmrec_core.training.recipe import Recipe
from mmrec_core.training.split import split_items
from mmrec_core.training.tables import build_table
from mmrec_core.types import FUSED, Item, Modality, TextGrid, Tokens

DIMS = {Modality.IMAGE: 12, Modality.TEXT: 10, Modality.AUDIO: 8}
LENGTHS = {Modality.IMAGE: 4, Modality.TEXT: 5, Modality.AUDIO: 6}
BLOCKS = Blocks(lexical=16, visual=10, sonic=6, ridge=1.0)
THEMES = 8


def tiny_recipe(**changes: object) -> Recipe:
    return Recipe(**{"epochs": 2, "batch_size": 32, "blocks": BLOCKS, **changes})


def tiny_items(count: int) -> tuple[Item, ...]:
    return tuple(
        Item(
            id=f"tiny/{n}", title=f"Thing {n}", text=f"The thing number {n}.", tags=(), category="tools", source="tiny",
            licence="CC0", credit="the tests", image=f"{n}.png", audio=f"{n}.wav" if n % 3 == 0 else None,
        )
        for n in range(count)
    )  # fmt: skip


def tiny_data(count: int = 120, seed: int = 0) -> TrainingData:
    rng = np.random.default_rng(seed)
    themes = rng.integers(0, THEMES, count)
    items = tiny_items(count)
    tables, views = {}, {}
    for modality in FUSED:
        looks = rng.normal(size=(THEMES, DIMS[modality]))
        rows = [n for n, item in enumerate(items) if modality in item.modalities]
        shape = (LENGTHS[modality], DIMS[modality])
        tokens = [_tokens(looks[themes[n]] + 0.5 * rng.normal(size=shape)) for n in rows]
        tables[modality] = build_table(tokens, lambda values: values)
        views[modality] = torch.full((count, 1), -1)
        views[modality][rows, 0] = torch.arange(len(rows))
    return TrainingData(
        items, tables, views, torch.from_numpy(themes), tuple(map(str, range(THEMES))), group_numbers(items),
        split_items(items),
    )  # fmt: skip


def _tokens(values: np.ndarray) -> Tokens:
    return Tokens(values.astype(np.float32), np.ones(len(values), bool), TextGrid(((0, 0),) * len(values)))


NAMES = 3
SPECS: dict[str, dict[str, Any]] = {
    str(m): {"dim": d, "peak_group": 0, "concept_sizes": [], "text_dim": 10} for m, d in DIMS.items()
}
SPECS["audio"] |= {"peak_group": 2, "dim": DIMS[Modality.AUDIO] - NAMES, "names": NAMES}
"""Sounds are pooled by their peak, too, and their last numbers are probabilities of what is heard."""


def random_fusion(name: str, seed: int = 0) -> Any:
    """Any fusion with its default options, untrained, its parameters drawn so that nothing is zero by accident."""
    torch.manual_seed(seed)
    fusion = FUSIONS.build(name, SPECS)
    with torch.no_grad():
        for parameter in fusion.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.05)
    return fusion.eval().requires_grad_(False)


def tiny_fusion(seed: int = 0) -> ModelLevelFusion:
    """Untrained, with random anchors and corrections, so that nothing is zero by accident."""
    torch.manual_seed(seed)
    fusion = FUSIONS.build("model_level", SPECS, dim=BLOCKS.width, hidden=32, queries=2, layers=2)
    torch.nn.init.normal_(fusion.correction.weight, std=0.1)
    for pool in fusion.pools.values():
        torch.nn.init.normal_(pool.queries)
    return fusion.eval()
