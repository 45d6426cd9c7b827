"""The index on disk: what comes back, what it belongs to, and what becomes of damage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mmrec_core.errors import BundleError, NotSetUpError, UnknownNameError
from mmrec_core.index.stored import EMBEDDINGS, KEY, IndexKey, belongs_to, open_index, save_index

OWN = IndexKey("bundle", "catalogue")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_index(tmp_path / "index", np.eye(4, dtype=np.float64), OWN)
    return tmp_path / "index"


def test_what_was_stored_is_searched(folder: Path) -> None:
    index = open_index(folder, OWN, "exact")
    assert belongs_to(folder, OWN) and index.embeddings.dtype == np.float32
    assert index.search(np.eye(4, dtype=np.float32)[2:3], 1).rows.tolist() == [[2]]


def test_an_index_of_something_else_is_refused(folder: Path) -> None:
    other = IndexKey("bundle", "another")
    assert not belongs_to(folder, other)
    with pytest.raises(BundleError, match="was built with"):
        open_index(folder, other, "exact")


def test_an_engine_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="Known: exact"):
        open_index(folder, OWN, "approximate")


@pytest.mark.parametrize("name", [EMBEDDINGS, KEY])
@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-5])])
def test_damage_is_told_and_set_up_makes_it_again(folder: Path, name: str, damage) -> None:
    damage(folder / name)
    assert not belongs_to(folder, OWN)
    with pytest.raises(NotSetUpError, match="setup"):
        open_index(folder, OWN, "exact")
