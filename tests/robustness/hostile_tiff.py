"""Hostile TIFF files, made in code: directories that promise, loop and share. Each function returns the bytes of one file."""

from __future__ import annotations

import struct

from tests.robustness.making import Cases, deflated_zeros, grey_tiff, photo, saved, tiff

CASES = Cases()


@CASES("refused")
def tiff_truncated() -> bytes:
    return saved(photo(), "TIFF")[:3_000]


@CASES("refused")
def tiff_truncated_lzw() -> bytes:
    whole = saved(photo(400, 300), "TIFF", compression="tiff_lzw")
    return whole[: len(whole) // 2]


@CASES("refused")
def tiff_bomb() -> bytes:
    return grey_tiff(1_000_000, 1_000_000)


@CASES("decodes")
def tiff_tags_that_share_40_mb() -> bytes:
    shared = [(60_000 + i, 7, 40_000_000, 0) for i in range(1_000)]
    return grey_tiff(64, 64, *shared, tail=bytes(40_100_000))


@CASES("refused")
def tiff_of_ten_million_strips() -> bytes:
    return grey_tiff(64, 64, (273, 4, 10_000_000, 200), (279, 4, 10_000_000, 200), tail=bytes(40_000_000))


@CASES("refused")
def tiff_wrong_types() -> bytes:
    return grey_tiff(64, 64, (258, 2, 400, 8), (273, 5, 8, 8), tail=bytes(5_000))


@CASES("decodes")
def tiff_directory_that_loops() -> bytes:
    whole = bytearray(grey_tiff(16, 16, tail=bytes(400)))
    whole[10 + 12 * 9 : 14 + 12 * 9] = struct.pack("<I", 8)
    return bytes(whole)


@CASES("refused")
def tiff_of_one_huge_tile() -> bytes:
    """A picture of 64 x 64 pixels in a tile of 40,000 x 40,000."""
    tile = deflated_zeros(1_526 << 20)
    sides = [(322, 4, 1, 40_000), (323, 4, 1, 40_000), (324, 4, 1, 8 + 2 + 11 * 12 + 4), (325, 4, 1, len(tile))]
    picture = [(256, 4, 1, 64), (257, 4, 1, 64), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1), (277, 3, 1, 1)]
    return tiff([*picture, *sides, (284, 3, 1, 1)], tile)
