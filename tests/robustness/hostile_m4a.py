"""Hostile M4A files: tables that are far larger than the files that declare them."""

from __future__ import annotations

import struct

from tests.robustness.making import Cases, deflated_zeros

CASES = Cases()


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


def m4a_track(packets: int, duration: int = 2) -> bytes:
    """A track of AAC that declares so many packets of one byte each, in as few bytes as it takes."""
    turn = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    tkhd = box(b"tkhd", struct.pack(">IIIIII", 7, 0, 0, 1, 0, 44_100), bytes(16), turn, bytes(8))
    mdhd = box(b"mdhd", bytes(12), struct.pack(">IIHH", 44_100, 44_100, 0x55C4, 0))
    hdlr = box(b"hdlr", bytes(8), b"soun", bytes(12), b"s\0")
    dinf = box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), box(b"url ", struct.pack(">I", 1))))
    esds = bytes.fromhex("0000000003808080220001000480808014401500000000000000000000000005808080021208068080800102")
    sound = bytes(6) + struct.pack(">H", 1) + bytes(8) + struct.pack(">HHHHI", 1, 16, 0, 0, 44_100 << 16)
    tables = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), box(b"mp4a", sound, box(b"esds", esds))),
        box(b"stts", struct.pack(">IIII", 0, 1, packets, duration)),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, packets, 1)),
        box(b"stsz", struct.pack(">III", 0, 1, packets)),
        box(b"stco", struct.pack(">III", 0, 1, 40)),
    )
    media = box(b"mdia", mdhd, hdlr, box(b"minf", box(b"smhd", bytes(8)), dinf, tables))
    return box(b"trak", tkhd, media)


def m4a(*inside: bytes) -> bytes:
    """An M4A whose ``moov`` holds these boxes."""
    turn = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    times = struct.pack(">IIIH", 44_100, 44_100, 0x10000, 0x100)
    mvhd = box(b"mvhd", bytes(12), times, bytes(10), turn, bytes(24), struct.pack(">I", 2))
    return box(b"ftyp", b"M4A \0\0\0\0M4A mp42isom") + box(b"mdat", bytes(4_000)) + box(b"moov", mvhd, *inside)


@CASES("refused")
def m4a_that_declares_eighty_million_packets() -> bytes:
    return m4a(m4a_track(80_000_000))


@CASES("refused")
def m4a_of_pictures_that_last_as_long_as_samples() -> bytes:
    return m4a(m4a_track(80_000_000, duration=1).replace(b"soun", b"vide"))


@CASES("refused")
def m4a_of_bare_samples_that_are_pictures() -> bytes:
    return m4a(m4a_track(80_000_000, duration=1).replace(b"mp4a", b"avc1"))


@CASES("refused")
def m4a_of_many_tracks_that_declare_millions_of_packets() -> bytes:
    return m4a(*[m4a_track(900_000)] * 100)


@CASES("refused")
def m4a_that_declares_its_packets_in_a_fragment() -> bytes:
    run = box(b"trun", struct.pack(">II", 0, 80_000_000))
    fragment = box(b"moof", box(b"traf", box(b"tfhd", struct.pack(">II", 0x20000, 1)), run))
    return m4a(m4a_track(1)) + fragment


@CASES("refused")
def m4a_with_compressed_tables() -> bytes:
    return m4a(box(b"cmov", box(b"dcom", b"zlib"), box(b"cmvd", struct.pack(">I", 1 << 30), deflated_zeros(1 << 30))))


@CASES("refused")
def m4a_of_boxes_without_end() -> bytes:
    return m4a(box(b"udta", box(b"free") * 200_000))


@CASES("refused")
def m4a_of_boxes_in_boxes() -> bytes:
    inner = b""
    for _ in range(100):
        inner = box(b"udta", inner)
    return m4a(inner)
