"""Qt resource files (``.rcc``), read without Qt.

Layout, big-endian: the magic ``qres``, then version, and the offsets of the tree, the data and the names (and from version 3
on, flags). The tree's nodes are 14 bytes (22 from version 2 on): name offset, flags, then for a folder the number and the index
of its children, for a file language, country and the offset of its data. A datum is its length and its bytes, which are plain,
zlib (after a 4-byte length) or zstd.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from mmrec_core.errors import MissingPackageError, UnreadableError

_ZLIB, _FOLDER, _ZSTD = 1, 2, 4
_LARGEST_FILE = 1 << 28


def read_rcc(data: bytes) -> dict[str, bytes]:
    """Every file of a resource by its path, without the leading slash, in the order of the tree.

    Raises:
        UnreadableError: not a Qt resource, or a damaged one.
        MissingPackageError: an entry is compressed with zstd and ``zstandard`` is not installed.
    """
    if data[:4] != b"qres":
        raise UnreadableError("This is not a Qt resource file: it does not begin with 'qres'.")
    try:
        return dict(_Resource(data).walk(0, ""))
    except (struct.error, zlib.error, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(f"This Qt resource file is damaged: {error}.") from error


class _Resource:
    """Offsets of one resource, and how to follow them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        version, self._tree, self._values, self._names = struct.unpack_from(">4I", data, 4)
        self._node_size = 22 if version >= 2 else 14

    def walk(self, index: int, path: str) -> Iterator[tuple[str, bytes]]:
        """(path, bytes) of every file below node ``index``."""
        start = self._tree + index * self._node_size
        name, flags = struct.unpack_from(">IH", self._data, start)
        if index:
            path = f"{path}/{self._name(name)}".lstrip("/")
        if flags & _FOLDER:
            count, first = struct.unpack_from(">II", self._data, start + 6)
            for child in range(first, first + count):
                yield from self.walk(child, path)
        else:
            (offset,) = struct.unpack_from(">I", self._data, start + 10)
            yield path, self._value(offset, flags)

    def _name(self, offset: int) -> str:
        """A name is its length in UTF-16 units, a hash of 4 bytes, and the units."""
        start = self._names + offset
        (length,) = struct.unpack_from(">H", self._data, start)
        return self._data[start + 6 : start + 6 + 2 * length].decode("utf-16-be")

    def _value(self, offset: int, flags: int) -> bytes:
        start = self._values + offset
        (length,) = struct.unpack_from(">I", self._data, start)
        value = self._data[start + 4 : start + 4 + length]
        if flags & _ZSTD:
            return _unpack_zstd(value)
        return zlib.decompress(value[4:]) if flags & _ZLIB else value


def _unpack_zstd(value: bytes) -> bytes:
    try:
        import zstandard
    except ImportError as error:
        raise MissingPackageError("gcompris", "zstandard") from error
    try:
        return zstandard.ZstdDecompressor().decompress(value, max_output_size=_LARGEST_FILE)
    except zstandard.ZstdError as error:
        raise UnreadableError(f"This Qt resource file is damaged: {error}.") from error
