"""Views of a catalogue -> projected tokens: what is fitted, what is taken over, what is kept on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from mmrec_core.features.projection import fit_projection
from mmrec_core.training.prepare import Prepared, prepare
from mmrec_core.training.recipe import Recipe
from mmrec_core.types import Modality, TextGrid, Tokens
from tests.tiny import tiny_items

DIM = 6
RECIPE = Recipe(token_dims={"text": 4}, views={"text": 2})


class Letters:
    """A text is one token a word, drawn from its letters."""

    modality, dim, version = Modality.TEXT, DIM, "letters"

    def __init__(self) -> None:
        self.asked = 0

    def encode(self, batch: Sequence[str]) -> list[Tokens]:
        self.asked += len(batch)
        return [self._read(text) for text in batch]

    def _read(self, text: str) -> Tokens:
        words = text.split()
        values = [np.random.default_rng([ord(letter) for letter in word]).normal(size=DIM) for word in words]
        return Tokens(np.array(values, np.float32), np.ones(len(words), bool), TextGrid(((0, 0),) * len(words)))


def prepared(folder: Path, encoder: Letters, **how: Any) -> Prepared:
    items = tuple(replace(item, image=None, audio=None) for item in tiny_items(40))
    book: Any = SimpleNamespace(items=items, fingerprint="tiny")
    return prepare(book, {Modality.TEXT: encoder}, RECIPE, folder, lambda _: None, **how)


def test_tokens_are_projected_as_they_would_be_when_served(tmp_path: Path) -> None:
    encoder = Letters()
    found = prepared(tmp_path, encoder)
    reading = encoder.encode([found.data.items[7].reading])[0]
    row = found.data.views[Modality.TEXT][7, 0]
    own = found.data.tables[Modality.TEXT].gather(row[None]).values[0]
    np.testing.assert_allclose(own, found.projections[Modality.TEXT].project(reading.values), atol=2e-3)


def test_projections_of_another_bundle_are_taken_over(tmp_path: Path) -> None:
    encoder, rows = Letters(), np.random.default_rng(0).normal(size=(50, DIM)).astype(np.float32)
    wanted = fit_projection(rows, 4)
    fitted, taken = prepared(tmp_path, encoder), prepared(tmp_path, encoder, projections={Modality.TEXT: wanted})
    np.testing.assert_array_equal(taken.projections[Modality.TEXT].components, wanted.components)
    reading = encoder.encode([taken.data.items[0].reading])[0]
    own = taken.data.tables[Modality.TEXT].gather(taken.data.views[Modality.TEXT][:1, 0]).values[0]
    np.testing.assert_allclose(own, wanted.project(reading.values), atol=2e-3)
    assert not np.allclose(fitted.projections[Modality.TEXT].components, wanted.components)


def test_what_was_encoded_is_not_encoded_again(tmp_path: Path) -> None:
    encoder = Letters()
    prepared(tmp_path, encoder)
    asked = encoder.asked
    prepared(tmp_path, encoder, left_out=("elsewhere",))
    assert encoder.asked == asked
