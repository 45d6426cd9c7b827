"""TIFF: the first page."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from mmrec_core.media.limits import LIMITS
from mmrec_core.media.strip.parts import BadPartsError, Stripped, check_parts
from mmrec_core.types import told

_ORIENTATION, _TILE_SIDES, _JPEG_TABLES, _ICC = 274, (322, 323), 347, 34675
_NEEDED = {
    *(254, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284),  # size, bits, coding, strips
    *(292, 293, 317, 320, 322, 323, 324, 325, 332, 338, 339, 340, 341),  # coding options, palette, tiles, alpha
    *(512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532),  # JPEG inside TIFF, YCbCr
    *(_JPEG_TABLES, _ICC),
}
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_PLAIN_BYTES = (1, 7)
_WHOLE_NUMBERS = {1: "B", 3: "H", 4: "I", 16: "Q"}


@dataclass(frozen=True)
class _Layout:
    """How a directory is written: classic TIFF, or BigTIFF with its wider fields."""

    order: str
    count: str
    entry: str
    offset: str

    def size(self, field: str) -> int:
        return struct.calcsize(self.order + field)


def strip(data: bytes) -> Stripped:
    """Rewrite the first directory in place with the needed tags only, and make it the last one."""
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\x00", b"\x00+")
    layout = _Layout(order, "Q", "HHQQ", "Q") if big else _Layout(order, "H", "HHII", "I")
    (start,) = struct.unpack_from(order + layout.offset, data, 8 if big else 4)
    (count,) = struct.unpack_from(order + layout.count, data, start)
    check_parts(count, 65_535, "tags")
    kept: list[bytes] = []
    upright = 1
    tile: dict[int, int] = {}
    for index in range(count):
        position = start + layout.size(layout.count) + index * layout.size(layout.entry)
        tag, kind, length, _ = struct.unpack_from(order + layout.entry, data, position)
        if tag == _ORIENTATION:
            (upright,) = struct.unpack_from(order + "H", data, position + 4 + layout.size(layout.offset))
        elif tag in _NEEDED:
            _check_tag(tag, kind, length, len(data))
            if tag in _TILE_SIDES:
                (side,) = struct.unpack_from(
                    order + _WHOLE_NUMBERS.get(kind, "I"), data, position + 4 + layout.size(layout.offset)
                )
                tile[tag] = max(side, tile.get(tag, 0))
            kept.append(data[position : position + layout.size(layout.entry)])
    _check_tile(tile)
    return Stripped(_rewrite(data, start, layout, kept), upright if 1 <= upright <= 8 else 1)


def _rewrite(data: bytes, start: int, layout: _Layout, entries: list[bytes]) -> bytes:
    """The directory at ``start`` replaced by ``entries`` and the offset 0 of a next one; nothing else moves."""
    count = struct.pack(layout.order + layout.count, len(entries))
    directory = count + b"".join(entries) + bytes(layout.size(layout.offset))
    return data[:start] + directory + data[start + len(directory) :]


def _check_tile(sides: Mapping[int, int]) -> None:
    """A tile is decoded as a whole, however small the picture is that lies in it."""
    pixels = prod(sides.values())
    if pixels > LIMITS.max_pixels:
        raise BadPartsError(told("one tile of it holds {pixels:,} pixels", pixels=pixels))


def _check_tag(tag: int, kind: int, length: int, file_bytes: int) -> None:
    """A tag may not hold more than the file does, and lists of numbers (offsets of strips) stay in reason."""
    if length * _TYPE_BYTES.get(kind, 1) > file_bytes:
        raise BadPartsError(told("tag {tag} claims more bytes than the file has", tag=tag))
    if kind not in _PLAIN_BYTES:
        check_parts(length, LIMITS.max_image_parts, "strips")
