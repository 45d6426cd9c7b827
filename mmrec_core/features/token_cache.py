"""Tokens of catalogue items on disk: half precision, memory-mapped, keyed by content and by the version of what made them."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mmrec_core.errors import NotSetUpError
from mmrec_core.features.grids import grid_from_json
from mmrec_core.features.token_files import Entry, Line, TokenFiles
from mmrec_core.files import write_atomically
from mmrec_core.types import FUSED, Modality, Progress, Report, Tokens, told

CHUNK = 64
_COMPLETE = "complete.json"


@dataclass(frozen=True)
class Rows:
    """All tokens of one modality, for training and for fitting.

    ``values`` (n, dim) is a read-only memory map in half precision and ``mask`` (n,) says which tokens are real; the tokens of
    ``item_ids[i]`` are ``starts[i]`` to ``starts[i] + counts[i]``. Between them may lie tokens of items that are gone.
    """

    item_ids: tuple[str, ...]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]
    values: NDArray[np.float16]
    mask: NDArray[np.bool_]


class TokenCache:
    """A finished cache. Reading is thread-safe."""

    def __init__(self, folder: Path, wanted: Mapping[Modality, Mapping[str, str]]) -> None:
        """Args: the folder of one key; by modality, the content hash of each item."""
        self._files = {modality: TokenFiles(folder, modality) for modality in FUSED}
        self._wanted = wanted

    @classmethod
    def open(cls, folder: Path, key: str) -> TokenCache:
        """The cache that ``build`` finished under ``key``; raises NotSetUpError where there is none, or it is damaged."""
        home = key_folder(folder, key)
        if not (home / _COMPLETE).exists():
            raise NotSetUpError(
                told("The catalogue is not encoded with this model yet. Run: python -m mmrec_core setup")
            )
        wanted = _wanted_in(home)
        if wanted is None or not _files_whole(home):
            raise NotSetUpError(
                told("The tokens at {folder} are damaged. Run: python -m mmrec_core setup", folder=home)
            )
        return cls(home, wanted)

    @classmethod
    def is_complete(cls, folder: Path, key: str) -> bool:
        """Whether ``build`` finished under ``key`` and nothing was cut off since; no token is read."""
        home = key_folder(folder, key)
        return (home / _COMPLETE).exists() and not is_damaged(home)

    @classmethod
    def build(
        cls,
        folder: Path,
        key: str,
        entries: Iterable[Entry],
        report: Report,
        total: int | None = None,
        wanted: Wanted | None = None,
    ) -> TokenCache:
        """Write ``entries`` in chunks, then mark the cache complete and remove the caches of other keys in ``folder``.

        An interrupted build keeps its finished chunks; ``stored`` says what need not be made again.

        Args:
            folder: holds nothing but token caches of one purpose.
            key: version of whatever made the tokens.
            entries: made as they are asked for.
            report: may raise to cancel.
            total: number of entries still to come, for progress.
            wanted: by modality, the content hash of each item that the cache shall show; what was just written, by default.
        """
        home = key_folder(folder, key)
        forget_damaged(home)
        files = {modality: TokenFiles(home, modality) for modality in FUSED}
        shown: dict[Modality, dict[str, str]] = {modality: {} for modality in FUSED}
        done = 0
        for chunk in _chunks(entries):
            for modality in FUSED:
                mine = [entry for entry in chunk if entry.modality == modality]
                files[modality].append(mine)
                shown[modality] |= {entry.item_id: entry.content for entry in mine}
            done += len(chunk)
            report(Progress("Encoding the catalogue", done, total or done, "media"))
        _mark_complete(home, wanted if wanted is not None else shown)
        remove_stale(folder, key)
        return cls.open(folder, key)

    def get(self, item_id: str, modality: Modality) -> Tokens | None:
        """Tokens of one item, in float32, or None where the item does not have the modality."""
        line = self._lines[modality].get(item_id)
        if line is None:
            return None
        values, mask = self._arrays[modality]
        part = slice(line.start, line.start + line.count)
        return Tokens(np.asarray(values[part], np.float32), mask[part], grid_from_json(json.loads(line.grid)))

    def tokens(self, item_id: str) -> dict[Modality, Tokens]:
        """Tokens of one item by the modalities it holds."""
        found = {modality: self.get(item_id, modality) for modality in FUSED}
        return {modality: tokens for modality, tokens in found.items() if tokens is not None}

    def rows(self, modality: Modality) -> Rows:
        """All tokens of ``modality``."""
        lines = self._lines[modality].values()
        values, mask = self._arrays[modality]
        starts = np.array([line.start for line in lines], np.int64)
        counts = np.array([line.count for line in lines], np.int64)
        return Rows(tuple(line.item_id for line in lines), starts, counts, values, mask)

    @cached_property
    def _lines(self) -> dict[Modality, dict[str, Line]]:
        return {modality: self._wanted_lines(modality) for modality in FUSED}

    @cached_property
    def _arrays(self) -> dict[Modality, tuple[NDArray[np.float16], NDArray[np.bool_]]]:
        present = {modality: files for modality, files in self._files.items() if files.dim}
        empty = (np.zeros((0, 0), np.float16), np.zeros(0, bool))
        return {m: (present[m].values(), present[m].mask()) if m in present else empty for m in FUSED}

    def _wanted_lines(self, modality: Modality) -> dict[str, Line]:
        """Lines whose content is the one that the item has now, in the order of the catalogue."""
        contents = self._wanted.get(modality, {})
        lines = {
            line.item_id: line for line in self._files[modality].lines() if contents.get(line.item_id) == line.content
        }
        return {item_id: lines[item_id] for item_id in contents if item_id in lines}


Wanted = Mapping[Modality, Mapping[str, str]]
"""By modality, the content hash of each item, in the order of the catalogue."""


def stored(folder: Path, key: str) -> set[tuple[Modality, str, str]]:
    """(modality, item, content) of everything already written under ``key``, finished or not; nothing of what is damaged."""
    home = key_folder(folder, key)
    forget_damaged(home)
    return {(m, line.item_id, line.content) for m in FUSED for line in TokenFiles(home, m).lines()}


def is_damaged(home: Path) -> bool:
    """Whether something of a cache, finished or not, was cut off."""
    return not _files_whole(home) or ((home / _COMPLETE).exists() and _wanted_in(home) is None)


def forget_damaged(home: Path) -> None:
    """Remove a cache of which something was cut off: what lies behind the cut stands in the wrong place."""
    if home.exists() and is_damaged(home):
        shutil.rmtree(home)


def _files_whole(home: Path) -> bool:
    try:
        return all(TokenFiles(home, modality).whole for modality in FUSED)
    except ValueError:
        return False


def _wanted_in(home: Path) -> Wanted | None:
    """What a finished cache shows; None where its marker cannot be read."""
    try:
        wanted = json.loads((home / _COMPLETE).read_text())["wanted"]
    except ValueError:
        return None
    return {Modality(modality): items for modality, items in wanted.items()}


def remove_stale(folder: Path, key: str) -> None:
    """Remove the caches of every other key."""
    for other in folder.iterdir():
        if other.is_dir() and other != key_folder(folder, key):
            shutil.rmtree(other)


def key_folder(folder: Path, key: str) -> Path:
    """Where the cache of ``key`` lies: keys may hold any characters, folder names may not."""
    return folder / hashlib.sha256(key.encode()).hexdigest()[:16]


def _mark_complete(home: Path, wanted: Wanted) -> None:
    home.mkdir(parents=True, exist_ok=True)
    write_atomically(home / _COMPLETE, json.dumps({"wanted": wanted}).encode())


def _chunks(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    iterator = iter(entries)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
