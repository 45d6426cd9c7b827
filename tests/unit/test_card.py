"""A card tells what its own bundle was trained on; what was tried on the shipped one stands in that one's card alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mmrec_core.evaluate.card import CARD, PUBLISHED, SHIPPED, card
from mmrec_core.training.split import split_items
from mmrec_core.types import Evaluation, Modality
from tests.tiny import tiny_fusion, tiny_items

ITEMS = tuple(replace(item, source=("one", "two")[n % 2]) for n, item in enumerate(tiny_items(80)))
SPLIT = split_items(ITEMS)


def card_in(folder: Path) -> str:
    sizes = {"train": len(SPLIT.train), "validation": len(SPLIT.validation), "test": len(SPLIT.test)}
    bundle: Any = SimpleNamespace(
        name=folder.name, fusion=tiny_fusion(), hash="f" * 64, encoders={Modality.IMAGE: "efficientnet_tuned"},
        encoder_versions={}, metadata={"best_epoch": 1, "history": [0, 1], "split": sizes},
    )  # fmt: skip
    return card(bundle, ITEMS, Evaluation("held-out", "b", "c", "fusion", ()), folder)


def test_trained_on_counts_the_training_part() -> None:
    text = card_in(SHIPPED)
    for source in ("one", "two"):
        count = sum(ITEMS[row].source == source for row in SPLIT.train)
        assert f"| {source} | {count} |" in text and count < 40


@pytest.mark.parametrize("folder", [PUBLISHED / "feature-level", Path("/home/of/models/mine")], ids=str)
def test_what_was_tried_on_the_shipped_bundle_is_told_in_its_card_alone(folder: Path) -> None:
    tried = "Tried and left out"
    assert tried in card_in(SHIPPED)
    text = card_in(folder)
    assert tried not in text and len(text) < len(card_in(SHIPPED)) / 2
    for name in ("default", "pictures"):
        link = text.split(f"/{name}/{CARD})")[0].rpartition("(")[2] + f"/{name}/{CARD}"
        assert (folder / link).resolve().exists()
