"""How many packets an MP4 declares. FFmpeg builds a table of them all while it opens the file, before any other limit is looked at,
and the number alone may stand there: a file of some kilobytes would fill gigabytes.

Source: ISO/IEC 14496-12 (boxes, stsz, stz2, stts, trun).
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from mmrec_core.errors import LimitError, UnreadableError
from mmrec_core.media.limits import LIMITS
from mmrec_core.media.refuse import SOUNDS, shown_name
from mmrec_core.types import told

_HOLD_BOXES = frozenset(
    (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"udta", b"meta", b"mvex", b"moof", b"traf", b"wave", b"dinf", b"sinf")
)  # fmt: skip
_COMPRESSED = b"cmov"
_PCM = frozenset(
    (
        b"sowt",
        b"twos",
        b"raw ",
        b"in24",
        b"in32",
        b"fl32",
        b"fl64",
        b"lpcm",
        b"ipcm",
        b"fpcm",
        b"ulaw",
        b"alaw",
        b"NONE",
    )
)
_OF_DATA = frozenset((b"url ", b"alis"))
"""Handlers of where data lie, which QuickTime writes beside that of the medium."""
_ONCE_ONE = struct.pack(">II", 1, 1)
"""One entry, of duration 1."""
_DEEPEST = 10
"""FFmpeg gives up there, too."""


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    end: int


def check_packets(data: bytes, name: str) -> None:
    """Refuse more than ``LIMITS.max_packets`` in all tracks together, and tables that cannot be counted.

    A sound track of bare samples (PCM, one duration of 1 for all) is not counted: of it FFmpeg lists the chunks only.

    Raises:
        LimitError: too many packets or boxes.
        UnreadableError: the tables are compressed, or lie deeper than any program writes them.
    """
    boxes = list(islice(_within(data, _Box(b"", 0, len(data)), name, 0), LIMITS.max_boxes + 1))
    if len(boxes) > LIMITS.max_boxes or any(box.kind == _COMPRESSED for box in boxes):
        raise UnreadableError(
            told("{file} has tables of an unusual kind. Allowed are {sounds}.", file=shown_name(name), sounds=SOUNDS)
        )
    inside = [
        boxes[n + 1 : bisect_left(boxes, box.end, key=_start)] for n, box in enumerate(boxes) if box.kind == b"trak"
    ]
    bare = {box for track in inside if _is_bare(data, track) for box in track}
    packets = sum(_declared(data, box) for box in boxes if box not in bare)
    if packets > LIMITS.max_packets:
        what = told("The number of packets that {file} declares", file=shown_name(name))
        raise LimitError(what, f"{packets:,}", f"{LIMITS.max_packets:,}", told("Save it again as M4A, MP3 or WAV."))


def _within(data: bytes, outer: _Box, name: str, depth: int) -> Iterator[_Box]:
    """Every box inside, at any depth, in the order of the file."""
    if depth > _DEEPEST:
        raise UnreadableError(told("{file} is damaged: its boxes never end. Save it again.", file=shown_name(name)))
    for box in _children(data, outer):
        yield box
        if box.kind in _HOLD_BOXES:
            yield from _within(data, box, name, depth + 1)


def _children(data: bytes, outer: _Box) -> Iterator[_Box]:
    """The boxes right inside one; a size beyond its end is cut there, as FFmpeg does it."""
    position = _first_child(data, outer)
    while position + 8 <= outer.end:
        size, kind = struct.unpack_from(">I4s", data, position)
        head = 8
        if size == 1 and position + 16 <= outer.end:
            (size,), head = struct.unpack_from(">Q", data, position + 8), 16
        end = outer.end if size == 0 else min(position + size, outer.end)
        if end < position + head:
            return
        yield _Box(kind, position + head, end)
        position = end


def _first_child(data: bytes, outer: _Box) -> int:
    """A ``meta`` box begins with four bytes of version, or not: its ``hdlr`` tells."""
    if outer.kind != b"meta":
        return outer.start
    handler = data.find(b"hdlr", outer.start, outer.end)
    return outer.start if handler < 0 else max(outer.start, handler - 4)


def _start(box: _Box) -> int:
    return box.start


def _is_bare(data: bytes, boxes: list[_Box]) -> bool:
    """Sound by every handler, PCM by every description, and one entry of duration 1 in every table of durations."""
    handlers = {data[box.start + 8 : box.start + 12] for box in boxes if box.kind == b"hdlr"} - _OF_DATA
    codings = {
        entry.kind
        for box in boxes
        if box.kind == b"stsd"
        for entry in _children(data, replace(box, start=box.start + 8))
    }
    durations = {
        data[box.start + 4 : box.start + 8] + data[box.start + 12 : box.start + 16]
        for box in boxes
        if box.kind == b"stts"
    }
    return handlers == {b"soun"} and bool(codings) and codings <= _PCM and durations == {_ONCE_ONE}


def _declared(data: bytes, box: _Box) -> int:
    """Packets of one table; 0 for any other box."""
    offsets = {b"stsz": 8, b"stz2": 8, b"trun": 4}
    position = box.start + offsets.get(box.kind, 0)
    if box.kind not in offsets or position + 4 > box.end:
        return 0
    return int(struct.unpack_from(">I", data, position)[0])
