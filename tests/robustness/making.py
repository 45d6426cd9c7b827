"""Building blocks of test files: pictures, chunks, segments, directories."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
from PIL import Image


class Cases(dict[str, tuple[Callable[[], bytes], str]]):
    """Hostile files by name: the maker, and what must happen ("decodes", "refused", or "either" where both are right).

    ``@CASES("refused")`` above a function that makes a file adds it.
    """

    def __call__(self, outcome: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
        def register(make: Callable[[], bytes]) -> Callable[[], bytes]:
            self[make.__name__] = (make, outcome)
            return make

        return register


def photo(width: int = 96, height: int = 64, mode: str = "RGB") -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    noise = np.random.default_rng(0).integers(0, 40, (height, width))
    return Image.fromarray(np.stack([x % 200, y % 200, noise], -1).astype(np.uint8)).convert(mode)


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def deflated_zeros(count: int) -> bytes:
    """A zlib stream of ``count`` zeros (a multiple of 1 MiB), made without holding them: equal blocks, known checksum."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\x9c" + block * (count >> 20) + b"\x03\x00" + struct.pack(">I", (count % 65521) << 16 | 1)


def png_of(width: int, height: int, idat: bytes, *before: bytes, bits: int = 8) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(before) + chunk(b"IDAT", idat) + chunk(b"IEND", b"")


def png_with(*before: bytes) -> bytes:
    return png_of(16, 16, zlib.compress(bytes(17 * 16)), *before)


def app(marker: int, content: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg_with(*segments: bytes) -> bytes:
    plain = saved(photo(), "JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


def tiff(entries: list[tuple[int, int, int, int]], tail: bytes = b"") -> bytes:
    directory = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", len(entries)) + directory + bytes(4) + tail


def grey_tiff(width: int, height: int, *more: tuple[int, int, int, int], tail: bytes = b"") -> bytes:
    base = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (277, 3, 1, 1)]
    base += [(273, 4, 1, 8), (278, 4, 1, height), (279, 4, 1, min(width * height, 0xFFFFFFFF))]
    own = {entry[0] for entry in more}
    return tiff([entry for entry in base if entry[0] not in own] + list(more), tail)


def exif_that_repeats_itself() -> bytes:
    """5,000 tags that each claim the same 60 kB."""
    entries = b"".join(struct.pack("<HHII", 0x9000 + i, 7, 60_000, 8) for i in range(5_000))
    return b"Exif\x00\x00II*\x00" + struct.pack("<IH", 8, 5_000) + entries + bytes(5_000)
