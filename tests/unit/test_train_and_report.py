"""A bundle that reads other encoders than it was trained on is reported as it reads, on the catalogue alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mmrec_core.evaluate import data as evaluated
from mmrec_core.evaluate import train_and_report as whole
from mmrec_core.settings import Settings
from mmrec_core.training.data import TrainingData
from mmrec_core.training.prepare import prepare
from mmrec_core.training.run import Workshop
from mmrec_core.types import Evaluation, Modality, Tokens
from tests.tiny import tiny_items
from tests.unit.test_prepare import RECIPE, Letters

ITEMS = tuple(replace(item, image=None, audio=None) for item in tiny_items(40))
NEVER_SHOWN = tuple(replace(item, id=f"corpus/{n}", title=f"Unseen {n}") for n, item in enumerate(ITEMS[:5]))


class TunedLetters(Letters):
    """The same words, seen otherwise."""

    version = "tuned"

    def encode(self, batch: Sequence[str]) -> list[Tokens]:
        return [replace(tokens, values=tokens.values + 1) for tokens in super().encode(batch)]


def book(items: tuple) -> Any:
    return SimpleNamespace(items=items, fingerprint=items[0].id)


def reported_data(home: Path, monkeypatch: pytest.MonkeyPatch, reads: Letters) -> tuple[TrainingData, Any]:
    """What is handed to the evaluation after a training on ``Letters``, and the projections."""
    settings, trained = Settings(home=home), {Modality.TEXT: Letters()}
    prepared = prepare(book(ITEMS), trained, RECIPE, home, lambda _: None, book(NEVER_SHOWN))
    shop = Workshop(settings, book(ITEMS), book(NEVER_SHOWN), trained, prepared, RECIPE)
    bundle = SimpleNamespace(
        encoders={Modality.TEXT: "reads"},
        encoder_versions={Modality.TEXT: reads.version},
        projections=prepared.projections,
    )
    handed: list[TrainingData] = []
    monkeypatch.setattr(evaluated, "ENCODERS", SimpleNamespace(build=lambda name, _: {"reads": reads}[name]))
    monkeypatch.setattr(whole, "open_workshop", lambda *_: shop)
    monkeypatch.setattr(whole, "train", lambda *_: bundle)
    monkeypatch.setattr(whole, "write_card", lambda *_: None)

    def evaluate(_: Any, data: TrainingData, *__: Any) -> Evaluation:
        handed.append(data)
        return Evaluation("held-out", "b", "c", "fusion", ())

    monkeypatch.setattr(whole, "evaluate_data", evaluate)
    whole.train_and_report(settings, RECIPE, home / "mine", lambda _: None, lambda _: None)
    return handed[0], prepared.projections[Modality.TEXT]


@pytest.mark.parametrize("reads", [Letters(), TunedLetters()], ids=lambda encoder: encoder.version)
def test_a_bundle_is_reported_on_the_tokens_that_it_reads(tmp_path, monkeypatch, reads) -> None:
    data, projection = reported_data(tmp_path, monkeypatch, reads)
    own = data.tables[Modality.TEXT].gather(data.views[Modality.TEXT][:1, 0]).values[0]
    wanted = projection.project(reads.encode([ITEMS[0].reading])[0].values)
    np.testing.assert_allclose(own, wanted, atol=4e-3)
    assert data.items == ITEMS and not len(data.split.corpus), "what is never shown is no part of the report"
    assert data.views[Modality.TEXT].shape[1] == 1, "media as they are, no augmented views"
