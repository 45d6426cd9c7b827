"""WebP: the decoder skips metadata by itself, so that only the orientation is read here."""

from __future__ import annotations

import struct

from mmrec_core.media.limits import LIMITS
from mmrec_core.media.strip.orientation import orientation
from mmrec_core.media.strip.parts import BadPartsError, Stripped, check_parts
from mmrec_core.types import told

_EXIF_BYTES = 65_536


def strip(data: bytes) -> Stripped:
    """The file as it is, and the orientation of its EXIF chunk. The declared canvas is checked, since opening allocates it."""
    upright = 1
    position = 12
    count = 0
    while position + 8 <= len(data):
        check_parts(count := count + 1)
        kind, length = struct.unpack_from("<4sI", data, position)
        start = position + 8
        if kind == b"VP8X":
            _check_canvas(data[start : start + 10])
        elif kind == b"EXIF":
            upright = orientation(data[start : start + min(length, _EXIF_BYTES)])
        position = start + length + (length & 1)
    return Stripped(data, upright)


def _check_canvas(header: bytes) -> None:
    width = int.from_bytes(header[4:7], "little") + 1
    height = int.from_bytes(header[7:10], "little") + 1
    if width * height > LIMITS.max_pixels:
        raise BadPartsError(
            told(
                "it declares {width:,} × {height:,} pixels, where the limit is {most:,}",
                width=width,
                height=height,
                most=LIMITS.max_pixels,
            )
        )
