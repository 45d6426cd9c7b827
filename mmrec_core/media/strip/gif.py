"""GIF: the first frame."""

from __future__ import annotations

from mmrec_core.media.strip.parts import BadPartsError, Stripped, check_parts
from mmrec_core.types import told

_EXTENSION, _IMAGE, _CONTROL = 0x21, 0x2C, 0xF9
_MAX_BLOCKS = 1_000_000
"""Coded data come in blocks of at most 255 bytes: 50 MB of them are 200,000 blocks."""


def strip(data: bytes) -> Stripped:
    """Keep the screen, its colours, the first frame and its control block (which says what is transparent)."""
    position = 13 + _table_bytes(data[10])
    screen = data[:position]
    control = b""
    while True:
        introducer = data[position]
        if introducer == _IMAGE:
            end = _end_of_blocks(data, position + 11 + _table_bytes(data[position + 9]))
            return Stripped(screen + control + data[position:end] + b"\x3b")
        if introducer != _EXTENSION:
            raise BadPartsError(told("it holds no frame"))
        end = _end_of_blocks(data, position + 2)
        if data[position + 1] == _CONTROL and end - position == 8:
            control = data[position:end]
        position = end


def _table_bytes(packed: int) -> int:
    """Length of the colour table that a packed field announces."""
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _end_of_blocks(data: bytes, position: int) -> int:
    """Offset behind a chain of length-prefixed blocks; the end of the data where the chain is cut."""
    count = 0
    while position < len(data) and data[position]:
        check_parts(count := count + 1, _MAX_BLOCKS, "blocks")
        position += data[position] + 1
    return min(position + 1, len(data))
