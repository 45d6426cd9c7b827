"""The files of one modality's tokens: appended to in whole chunks, memory-mapped to read.

``<modality>.values.f16``  tokens of all entries, one after the other, half precision
``<modality>.mask.u8``     one byte a token
``<modality>.index.jsonl`` one line an entry: item, content, first token, number of tokens, grid

``<modality>.committed.json`` says how long each file is known to be good; what lies beyond (a write that was cut off) is cut away.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mmrec_core.features.grids import grid_to_json
from mmrec_core.files import write_atomically
from mmrec_core.types import Modality, Tokens

_BEFORE_GRID = b',"grid":'
_HALF_MAX = float(np.finfo(np.float16).max)


@dataclass(frozen=True)
class Entry:
    """Tokens of one medium of one item; ``content`` is the SHA-256 of the medium."""

    item_id: str
    modality: Modality
    content: str
    tokens: Tokens


@dataclass(frozen=True)
class Line:
    """Where one entry lies: tokens ``start`` to ``start + count``.

    ``grid`` stays the JSON text that it is until it is asked for: spans of thousands of texts, read, take seven times the memory.
    """

    item_id: str
    content: str
    start: int
    count: int
    grid: bytes

    @classmethod
    def read(cls, row: bytes) -> Line:
        """A row as ``TokenFiles.append`` writes it. Its marks cannot stand in a name: JSON escapes quotes."""
        head, _, grid = row.removesuffix(b"}").partition(_BEFORE_GRID)
        return cls(**json.loads(head + b"}"), grid=grid)


class TokenFiles:
    """One modality's files in ``folder``; ``dim`` is known once something was written."""

    def __init__(self, folder: Path, modality: Modality) -> None:
        self.folder = folder
        self.paths = [folder / f"{modality}.{end}" for end in ("values.f16", "mask.u8", "index.jsonl")]
        self._committed = folder / f"{modality}.committed.json"
        state = json.loads(self._committed.read_text()) if self._committed.exists() else {}
        self.dim: int = state.get("dim", 0)
        self._sizes: list[int] = state.get("sizes", [0, 0, 0])

    @property
    def whole(self) -> bool:
        """Whether all that was committed is there."""
        return all(
            path.exists() and path.stat().st_size >= size
            for path, size in zip(self.paths, self._sizes, strict=True)
            if size
        )

    def append(self, entries: Sequence[Entry]) -> None:
        """Write a chunk and commit it: after a crash all of it is there, or none."""
        if not entries:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.dim = self.dim or entries[0].tokens.values.shape[1]
        values = np.concatenate([entry.tokens.values for entry in entries])
        mask = np.concatenate([entry.tokens.mask for entry in entries])
        half = np.clip(values, -_HALF_MAX, _HALF_MAX).astype(np.float16)
        parts = [half.tobytes(), mask.astype(np.uint8).tobytes(), self._lines(entries)]
        self._sizes = [_extend(p, n, data) for p, n, data in zip(self.paths, self._sizes, parts, strict=True)]
        write_atomically(self._committed, json.dumps({"dim": self.dim, "sizes": self._sizes}).encode())

    def lines(self) -> list[Line]:
        """Every committed entry, in the order it was written."""
        if not self._sizes[2]:
            return []
        with self.paths[2].open("rb") as file:
            rows = file.read(self._sizes[2]).splitlines()
        return [Line.read(row) for row in rows]

    def values(self) -> NDArray[np.float16]:
        """All committed tokens (n, dim), memory-mapped and read-only."""
        count = self._sizes[1]
        if not count:
            return np.zeros((0, self.dim), np.float16)
        return np.memmap(self.paths[0], np.float16, mode="r", shape=(count, self.dim))

    def mask(self) -> NDArray[np.bool_]:
        """Which of all committed tokens are real, (n,)."""
        with self.paths[1].open("rb") as file:
            return np.frombuffer(file.read(self._sizes[1]), np.uint8).astype(bool)

    def _lines(self, entries: Sequence[Entry]) -> bytes:
        start, rows = self._sizes[1], []
        for entry in entries:
            count = len(entry.tokens.mask)
            row = {"item_id": entry.item_id, "content": entry.content, "start": start, "count": count}
            rows.append(json.dumps(row | {"grid": grid_to_json(entry.tokens.grid)}, separators=(",", ":")) + "\n")
            start += count
        return "".join(rows).encode()


def _extend(path: Path, size: int, data: bytes) -> int:
    """Cut ``path`` to ``size`` bytes, append ``data``, flush to disk; return the new size."""
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(size)
        file.seek(size)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return size + len(data)
