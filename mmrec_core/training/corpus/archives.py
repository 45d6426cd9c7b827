"""Files of several packages, Debian's and npm's, brought together in one folder and read by package and path."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mmrec_core.catalogue.packages import fetch_package
from mmrec_core.settings import Settings
from mmrec_core.training.corpus.npm import NpmPackage, fetch_npm, read_members
from mmrec_core.types import Report


@dataclass(frozen=True)
class Archives:
    """Debian packages by name, and npm packages that are pinned."""

    debian: Sequence[str]
    npm: Sequence[NpmPackage]

    def fetch(self, folder: Path, settings: Settings, report: Report) -> str:
        """Fetch every package; the Debian ones are unpacked in ``folder``, the others stay archives there.

        Raises:
            SourceUnavailableError: one of them cannot be had.
            IntegrityError: one is not what was pinned.
        """
        for name in self.debian:
            fetch_package((name,), folder / name, settings, report)
        for package in self.npm:
            fetch_npm(package, folder, report)
        return f"{len(self.debian)} Debian and {len(self.npm)} npm packages"

    def read(self, folder: Path, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
        """Bytes by (package, path inside it); those that are not there are left out."""
        paths: dict[str, set[str]] = {}
        for package, path in wanted:
            paths.setdefault(package, set()).add(path)
        return {(name, path): data for name in paths for path, data in self._of(folder, name, paths[name]).items()}

    def _of(self, folder: Path, name: str, paths: Collection[str]) -> Mapping[str, bytes]:
        archive = next((package.archive for package in self.npm if package.name == name), None)
        if archive is not None:
            return read_members(folder / archive, paths)
        return {path: (folder / name / path).read_bytes() for path in paths if (folder / name / path).is_file()}
