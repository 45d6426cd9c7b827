"""The orientation from an EXIF block, and nothing else of it."""

from __future__ import annotations

import struct

_TAG = 0x0112
_SHORT = 3


def orientation(exif: bytes) -> int:
    """EXIF orientation 1 to 8 from the block's first directory (TIFF 6.0, p. 36); 1 where there is none or it is damaged."""
    block = exif.removeprefix(b"Exif\x00\x00")
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, start)
        for entry in range(count):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", block, start + 2 + 12 * entry)
            if tag == _TAG:
                return value if kind == _SHORT and 1 <= value <= 8 else 1
    except struct.error:  # an offset points outside the block
        return 1
    return 1
