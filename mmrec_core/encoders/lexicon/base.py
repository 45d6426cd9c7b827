"""What a word list is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from mmrec_core.encoders.lexicon.store import Entry
from mmrec_core.errors import SourceUnavailableError
from mmrec_core.types import told


class WordList(Protocol):
    """Phrases of other languages in English, out of Debian packages; ``packages`` are, of each, the names that suites have for it."""

    name: str
    title: str
    packages: tuple[tuple[str, ...], ...]

    def read(self, folder: Path) -> Iterator[Entry]:
        """Every entry; ``folder`` is where the package is unpacked, or what holds the folders of several."""
        ...


def one_file(folder: Path, pattern: str) -> Path:
    """The file below ``folder`` whose path ends as ``pattern`` says; raises SourceUnavailableError where a package has none."""
    found = sorted(folder.rglob(pattern))
    if not found:
        raise SourceUnavailableError(told("The package holds no {file}.", file=pattern))
    return found[0]
