"""What a catalogue source is: one file that turns an unpacked package into raw items."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from mmrec_core.registry import Registry


@dataclass(frozen=True)
class RawItem:
    """What a source read, before it is checked: media are the files' bytes and names, as found.

    ``key`` is unique and stable inside the source; it becomes the item's id as ``source/key``.
    ``left_out`` is empty, or says why the source itself leaves this one out (such a row needs no media and is only counted).
    """

    key: str
    title: str
    text: str
    tags: tuple[str, ...]
    category: str
    licence: str
    credit: str
    image: bytes | None = None
    audio: bytes | None = None
    left_out: str = ""


class Source(Protocol):
    """One catalogue source.

    ``packages`` are Debian package names, the first that the suite has is taken.
    """

    name: str
    title: str
    packages: tuple[str, ...]

    def read(self, folder: Path) -> Iterator[RawItem]:
        """Raw items from the unpacked package, in a stable order."""
        ...


@runtime_checkable
class DescribedSource(Protocol):
    """A source that also reads what the package lists say of other packages."""

    def described(self, folder: Path) -> Collection[str]:
        """Names of the packages whose descriptions ``read`` will ask for."""
        ...


SOURCES = Registry("mmrec_core.catalogue", "catalogue source")
