"""JPEG (and MPO: its first picture)."""

from __future__ import annotations

import re
import struct

from mmrec_core.media.strip.orientation import orientation
from mmrec_core.media.strip.parts import BadPartsError, Stripped, check_parts
from mmrec_core.types import told

_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _APP15, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_MARKER_IN_SCAN = re.compile(rb"\xff[\xc0-\xcf\xd8-\xfe]")
"""A marker that ends a run of coded data; inside such a run 0xFF is only followed by 0 or a restart (0xD0-0xD7)."""
_MAX_SCANS = 100
"""Progressive encoders write about ten. Each scan passes over the whole picture, so that thousands of empty ones
in a small file would take minutes."""
_MAX_SEGMENTS = 10_000


def strip(data: bytes) -> Stripped:
    """Keep tables, frame and scans, and of the application segments JFIF, Adobe and the ICC profile."""
    kept = [data[:2]]
    upright = 1
    position = 2
    for count in range(_MAX_SEGMENTS + 1):
        check_parts(count, _MAX_SEGMENTS - 1, "segments")
        marker, start, end = _segment(data, position)
        if marker == _SOS:
            break
        if marker == _APP1 and data[start : start + 6] == b"Exif\x00\x00" and upright == 1:
            upright = orientation(data[start:end])
        if _is_needed(marker, data[start : start + 12]):
            kept.append(b"\xff" + bytes([marker]) + data[start - 2 : end])
        position = end
    kept.append(data[position : _end_of_picture(data, position)])
    return Stripped(b"".join(kept), upright)


def _is_needed(marker: int, head: bytes) -> bool:
    if marker == _APP2:
        return head.startswith(b"ICC_PROFILE\x00")
    is_application = _APP0 <= marker <= _APP15 or marker == _COM
    return not is_application or marker in (_APP0, _APP14)


def _segment(data: bytes, position: int) -> tuple[int, int, int]:
    """Marker of the segment at ``position`` (fill bytes allowed), and where its content starts and ends."""
    if data[position] != 0xFF:
        raise BadPartsError(told("a segment does not begin where the one before it ends"))
    while data[position + 1] == 0xFF:
        position += 1
    marker = data[position + 1]
    if marker == _EOI:
        raise BadPartsError(told("it ends before the picture begins"))
    (length,) = struct.unpack_from(">H", data, position + 2)
    return marker, position + 4, position + 2 + length


def _end_of_picture(data: bytes, position: int) -> int:
    """Offset behind the end marker, or of the end of the data where there is none; counts what it passes."""
    scans = segments = 0
    while match := _MARKER_IN_SCAN.search(data, position):
        marker = data[match.start() + 1]
        if marker == _EOI:
            return match.end()
        check_parts(segments := segments + 1, _MAX_SEGMENTS, "segments")
        check_parts(scans := scans + (marker == _SOS), _MAX_SCANS, "scans")
        if marker == _SOI or match.end() + 2 > len(data):
            break
        position = match.end() + max(2, int.from_bytes(data[match.end() : match.end() + 2], "big"))
    return len(data)
