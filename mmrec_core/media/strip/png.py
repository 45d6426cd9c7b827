"""PNG (and APNG: its default picture)."""

from __future__ import annotations

import struct

from mmrec_core.media.strip.orientation import orientation
from mmrec_core.media.strip.parts import Stripped, check_parts

_NEEDED = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"iCCP"}
_EXIF_BYTES = 65_536


def strip(data: bytes) -> Stripped:
    """Keep the signature and the chunks that make the picture."""
    kept = [data[:8]]
    upright = 1
    position = 8
    count = 0
    while position + 8 <= len(data):
        check_parts(count := count + 1)
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if kind in _NEEDED:
            kept.append(data[position:end])
        elif kind == b"eXIf":
            upright = orientation(data[position + 8 : position + 8 + min(length, _EXIF_BYTES)])
        position = end
        if kind == b"IEND":
            break
    return Stripped(b"".join(kept), upright)
