"""Which items are trained on, which choose the model, which are reported: fixed by a hash of the title, not by chance."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types import Item

VALIDATION_SHARE = 0.10
TEST_SHARE = 0.15


@dataclass(frozen=True)
class Split:
    """Row numbers of the catalogue in three disjoint parts, and beyond the catalogue the rows of the training corpus."""

    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]
    corpus: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def trained(self) -> NDArray[np.int64]:
        """What is trained on: the training part, then the corpus."""
        return np.concatenate([self.train, self.corpus])

    def parts(self, rows: int) -> NDArray[np.int64]:
        """(rows,) numbers of the part that each row lies in: what is trained on, validation, test, none of them."""
        parts = np.full(rows, len((self.trained, self.validation, self.test)))
        for number, part in enumerate((self.trained, self.validation, self.test)):
            parts[part] = number
        return parts


def position(title: str) -> float:
    """A number in [0, 1) that depends on the title alone: a catalogue's items of one name never lie on two sides of its split."""
    digest = hashlib.sha256(" ".join(title.lower().split()).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def split_items(items: Sequence[Item]) -> Split:
    """Split a catalogue; adding items moves no other item to another part."""
    positions = np.array([position(item.title) for item in items])
    is_test = positions < TEST_SHARE
    is_validation = ~is_test & (positions < TEST_SHARE + VALIDATION_SHARE)
    return Split(*(np.flatnonzero(part) for part in (~is_test & ~is_validation, is_validation, is_test)))


def without(split: Split, left_out: Sequence[bool]) -> Split:
    """The same without some rows of the catalogue in the training and the validation part."""
    kept = ~np.asarray(left_out, bool)
    return replace(split, train=split.train[kept[split.train]], validation=split.validation[kept[split.validation]])


def with_corpus(split: Split, rows: Sequence[int]) -> Split:
    """The same with the corpus at ``rows``; its titles are not looked at, and some are those of items that are held out."""
    return replace(split, corpus=np.asarray(rows, np.int64))
