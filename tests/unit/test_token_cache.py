"""Tokens on disk: what comes back, what survives an interruption, what is removed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mmrec_core.errors import NotSetUpError
from mmrec_core.features.encode_catalogue import encode_catalogue
from mmrec_core.features.token_cache import CHUNK, TokenCache, key_folder, stored
from mmrec_core.features.token_files import Entry
from mmrec_core.types import AudioGrid, ImageGrid, Item, Modality, Progress, TextGrid, Tokens

GRIDS = {
    Modality.IMAGE: ImageGrid(1, 2, (0.0, 0.1, 1.0, 0.9)),
    Modality.TEXT: TextGrid(((0, 0), (0, 5))),
    Modality.AUDIO: AudioGrid((0.0, 0.5, 1.25), (0.0, 22_050.0)),
}


def entry(number: int, modality: Modality = Modality.IMAGE, content: str = "c") -> Entry:
    values = np.arange(8, dtype=np.float32).reshape(2, 4) + number
    return Entry(
        f"item/{number}", modality, content, Tokens(values, np.array([True, number % 2 == 0]), GRIDS[modality])
    )


def silent(_: Progress) -> None:
    """Reports go nowhere."""


@pytest.mark.parametrize("modality", list(GRIDS))
def test_what_was_stored_comes_back(tmp_path: Path, modality: Modality) -> None:
    TokenCache.build(tmp_path, "key", [entry(n, modality) for n in range(5)], silent)
    got = TokenCache.open(tmp_path, "key").get("item/3", modality)
    assert got is not None and got.grid == GRIDS[modality] and got.values.dtype == np.float32
    np.testing.assert_array_equal(got.values, entry(3, modality).tokens.values)
    np.testing.assert_array_equal(got.mask, [True, False])


def test_an_item_may_be_named_like_a_row(tmp_path: Path) -> None:
    name = 'a","grid":{"kind":"text"}}\n"b'
    odd = Entry(name, Modality.IMAGE, name, entry(0).tokens)
    got = TokenCache.build(tmp_path, "key", [odd, entry(1)], silent).get(name, Modality.IMAGE)
    assert got is not None and got.grid == GRIDS[Modality.IMAGE]


def test_what_an_item_lacks_is_none(tmp_path: Path) -> None:
    cache = TokenCache.build(tmp_path, "key", [entry(1)], silent)
    assert cache.get("item/1", Modality.AUDIO) is None and cache.get("item/2", Modality.IMAGE) is None
    assert list(cache.tokens("item/1")) == [Modality.IMAGE]


def test_rows_point_at_each_item(tmp_path: Path) -> None:
    rows = TokenCache.build(tmp_path, "key", [entry(n) for n in range(4)], silent).rows(Modality.IMAGE)
    assert rows.item_ids == ("item/0", "item/1", "item/2", "item/3") and rows.values.dtype == np.float16
    part = rows.values[rows.starts[2] : rows.starts[2] + rows.counts[2]]
    np.testing.assert_array_equal(part, entry(2).tokens.values)


def test_an_unfinished_cache_cannot_be_opened_but_keeps_its_chunks(tmp_path: Path) -> None:
    def broken() -> Iterator[Entry]:
        yield from (entry(n) for n in range(CHUNK + 3))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        TokenCache.build(tmp_path, "key", broken(), silent)
    with pytest.raises(NotSetUpError, match="setup"):
        TokenCache.open(tmp_path, "key")
    assert len(stored(tmp_path, "key")) == CHUNK


def test_half_a_write_is_cut_away(tmp_path: Path) -> None:
    TokenCache.build(tmp_path, "key", [entry(1)], silent)
    for path in key_folder(tmp_path, "key").glob("image.*"):
        if path.suffix != ".json":
            with path.open("ab") as file:
                file.write(b"{half a line")
    contents = {Modality.IMAGE: {"item/1": "c", "item/2": "c"}}
    cache = TokenCache.build(tmp_path, "key", [entry(2)], silent, wanted=contents)
    for number in (1, 2):
        got = cache.get(f"item/{number}", Modality.IMAGE)
        assert got is not None
        np.testing.assert_array_equal(got.values, entry(number).tokens.values)


def test_other_keys_are_removed(tmp_path: Path) -> None:
    TokenCache.build(tmp_path, "old", [entry(1)], silent)
    TokenCache.build(tmp_path, "new", [entry(1)], silent)
    assert [path.name for path in tmp_path.iterdir()] == [key_folder(tmp_path, "new").name]


def test_values_beyond_half_precision_stay_finite(tmp_path: Path) -> None:
    huge = Entry(
        "item/1", Modality.IMAGE, "c", Tokens(np.full((2, 4), 1e6, np.float32), np.ones(2, bool), GRIDS[Modality.IMAGE])
    )
    got = TokenCache.build(tmp_path, "key", [huge], silent).get("item/1", Modality.IMAGE)
    assert got is not None and np.isfinite(got.values).all()


class CountingEncoder:
    """Tokens that tell the mean of a picture, or the length of a text; it counts what it was given."""

    dim, version = 3, "fake-1"

    def __init__(self, modality: Modality) -> None:
        self.modality, self.seen = modality, 0

    def encode(self, batch: Sequence[Any]) -> list[Tokens]:
        self.seen += len(batch)
        said = [float(np.mean(m)) if isinstance(m, np.ndarray) else len(m) for m in batch]
        return [Tokens(np.full((2, 3), value, np.float32), np.ones(2, bool), GRIDS[self.modality]) for value in said]


@dataclass
class Shelf:
    """A catalogue of files."""

    items: list[Item]
    folder: Path

    def image_path(self, item: Item) -> Path | None:
        return self.folder / item.image if item.image else None

    def audio_path(self, item: Item) -> Path | None:
        return None


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    folder = tmp_path / "media"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (16, 16), (number * 50,) * 3).save(folder / f"{number}.png")
    images = ["0.png", "1.png", "2.png", None]
    return Shelf(
        [Item(f"i/{n}", f"title {n}", "", (), "tools", "s", "l", "c", image) for n, image in enumerate(images)], folder
    )


def encoders() -> dict[Modality, Any]:
    return {m: CountingEncoder(m) for m in (Modality.IMAGE, Modality.TEXT)}


def test_the_catalogue_is_encoded_and_projected(shelf: Shelf, tmp_path: Path) -> None:
    cache = encode_catalogue(shelf, encoders(), tmp_path / "t", "key", lambda _, values: values[:, :1] * 2, silent)
    got = cache.get("i/2", Modality.IMAGE)
    assert got is not None
    np.testing.assert_array_equal(got.values, np.full((2, 1), 200, np.float32))
    assert cache.rows(Modality.TEXT).item_ids == ("i/0", "i/1", "i/2", "i/3")
    assert cache.rows(Modality.IMAGE).item_ids == ("i/0", "i/1", "i/2")


def test_only_what_changed_is_encoded_again(shelf: Shelf, tmp_path: Path) -> None:
    encode_catalogue(shelf, encoders(), tmp_path / "t", "key", None, silent)
    Image.new("RGB", (16, 16), (9, 9, 9)).save(shelf.folder / "1.png")
    del shelf.items[0]
    second = encoders()
    cache = encode_catalogue(shelf, second, tmp_path / "t", "key", None, silent)
    assert second[Modality.IMAGE].seen == 1 and second[Modality.TEXT].seen == 0
    changed = cache.get("i/1", Modality.IMAGE)
    assert changed is not None and changed.values[0, 0] == 9
    assert cache.get("i/0", Modality.IMAGE) is None and cache.rows(Modality.IMAGE).item_ids == ("i/1", "i/2")


def test_an_interrupted_run_goes_on(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mmrec_core.features.token_cache.CHUNK", 2)
    reports: list[Progress] = []

    def cancel(progress: Progress) -> None:
        reports.append(progress)
        if len(reports) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode_catalogue(shelf, encoders(), tmp_path / "t", "key", None, cancel)
    second = encoders()
    cache = encode_catalogue(shelf, second, tmp_path / "t", "key", None, silent)
    assert second[Modality.TEXT].seen + second[Modality.IMAGE].seen == 3
    assert len(cache.rows(Modality.IMAGE).item_ids) == 3 and len(cache.rows(Modality.TEXT).item_ids) == 4


def test_a_broken_medium_is_left_out_and_named(shelf: Shelf, tmp_path: Path) -> None:
    (shelf.folder / "1.png").write_bytes(hashlib.sha256(b"not a picture").digest())
    notes: list[str] = []
    cache = encode_catalogue(shelf, encoders(), tmp_path / "t", "key", None, lambda p: notes.append(p.note))
    assert cache.get("i/1", Modality.IMAGE) is None and cache.get("i/2", Modality.IMAGE) is not None
    assert any("i/1" in note for note in notes)


@pytest.mark.parametrize("name", ["image.values.f16", "image.index.jsonl", "image.committed.json", "complete.json"])
def test_a_cache_that_was_cut_off_is_told_and_made_again(tmp_path: Path, name: str) -> None:
    TokenCache.build(tmp_path, "key", [entry(1)], silent)
    path = key_folder(tmp_path, "key") / name
    path.write_bytes(path.read_bytes()[:-3])
    assert not TokenCache.is_complete(tmp_path, "key")
    with pytest.raises(NotSetUpError, match="damaged"):
        TokenCache.open(tmp_path, "key")
    assert stored(tmp_path, "key") == set()
    got = TokenCache.build(tmp_path, "key", [entry(1)], silent).get("item/1", Modality.IMAGE)
    assert got is not None
    np.testing.assert_array_equal(got.values, entry(1).tokens.values)
