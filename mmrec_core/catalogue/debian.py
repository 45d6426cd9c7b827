"""Debian's own formats: the package index and the .deb archive, read without apt or dpkg."""

from __future__ import annotations

import io
import itertools
import platform
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mmrec_core.errors import IntegrityError, SourceUnavailableError
from mmrec_core.types import told

AR_MAGIC = b"!<arch>\n"
AR_HEADER = 60


@dataclass(frozen=True)
class Package:
    """One package as an index describes it. ``filename`` is its path below the mirror; ``size`` in bytes."""

    name: str
    version: str
    architecture: str
    filename: str
    size: int
    sha256: str

    @property
    def deb(self) -> str:
        """The file name apt gives the download: the colon of an epoch is escaped."""
        return f"{self.name}_{self.version.replace(':', '%3a')}_{self.architecture}.deb"

    @property
    def label(self) -> str:
        """Name and version in one word."""
        return f"{self.name}_{self.version}"


def parse_index(lines: Iterable[str]) -> Iterator[Package]:
    """Packages of an index (``Packages``, or what ``apt-cache show`` prints), in order.

    Format: stanzas of ``Field: value`` lines, divided by empty lines; continuation lines start with a blank.
    """
    fields: dict[str, str] = {}
    for line in itertools.chain(lines, [""]):
        if not line.strip():
            if package := _package(fields):
                yield package
            fields = {}
        elif not line[0].isspace():
            name, _, value = line.partition(":")
            fields[name] = value.strip()


def _package(fields: dict[str, str]) -> Package | None:
    try:
        return Package(
            name=fields["Package"],
            version=fields["Version"],
            architecture=fields["Architecture"],
            filename=fields["Filename"],
            size=int(fields["Size"]),
            sha256=fields["SHA256"],
        )
    except (KeyError, ValueError):
        return None  # an installed package that no mirror carries has no Filename: it cannot be fetched


def unpack_deb(deb: Path, folder: Path) -> None:
    """Unpack the files of ``deb`` into ``folder``; raises IntegrityError where it is not a .deb."""
    folder.mkdir(parents=True, exist_ok=True)
    if dpkg := shutil.which("dpkg-deb"):
        done = subprocess.run([dpkg, "-x", str(deb), str(folder)], capture_output=True, text=True, check=False)  # noqa: S603 - fixed program, no shell
        if done.returncode:
            raise IntegrityError(
                told(
                    "{file} cannot be unpacked: {error}. Delete it and run set-up again.",
                    file=deb.name,
                    error=done.stderr.strip(),
                )
            )
    else:
        unpack_deb_by_hand(deb, folder)


def unpack_deb_by_hand(deb: Path, folder: Path) -> None:
    """The same without dpkg: an ar archive whose member ``data.tar.*`` holds the files. Links that lead outside are left out.

    Raises:
        SourceUnavailableError: before Python 3.11.4, whose tarfile cannot refuse members that lead outside.
        IntegrityError: where it is not a .deb.
    """
    if not hasattr(tarfile, "data_filter"):
        raise SourceUnavailableError(
            told(
                "Without dpkg, packages are unpacked from Python 3.11.4 on; this is {version}. Install dpkg.",
                version=platform.python_version(),
            )
        )
    with deb.open("rb") as stream:
        suffix, data = _data_member(stream, deb.name)
        try:
            with _open_tar(suffix, data) as tar:
                tar.extractall(folder, filter=_without_links_outside)  # noqa: S202 - as strict as "data"
        except (tarfile.TarError, EOFError, OSError) as error:
            raise IntegrityError(
                told("{file} cannot be unpacked: {error}. Delete it and run set-up again.", file=deb.name, error=error)
            ) from error


def _without_links_outside(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """As ``tarfile.data_filter``, but a link to where another package puts its files, as Debian has them, is no reason to refuse."""
    try:
        return tarfile.data_filter(member, folder)
    except (tarfile.AbsoluteLinkError, tarfile.LinkOutsideDestinationError):
        return None


def _data_member(stream: IO[bytes], name: str) -> tuple[str, IO[bytes]]:
    if stream.read(len(AR_MAGIC)) != AR_MAGIC:
        raise IntegrityError(told("{name} is not a Debian package. Delete it and run set-up again.", name=name))
    while len(header := stream.read(AR_HEADER)) == AR_HEADER:
        member, size = header[:16].decode("ascii", "replace").strip().rstrip("/"), int(header[48:58])
        if member.startswith("data.tar"):
            data = stream.read(size)
            if len(data) < size:
                raise IntegrityError(told("{name} is cut off. Delete it and run set-up again.", name=name))
            return member.removeprefix("data.tar").lstrip("."), io.BytesIO(data)
        stream.seek(size + size % 2, io.SEEK_CUR)
    raise IntegrityError(told("{name} holds no data.tar. Delete it and run set-up again.", name=name))


def _open_tar(suffix: str, data: IO[bytes]) -> tarfile.TarFile:
    if suffix == "zst":
        import zstandard

        return tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(data), mode="r|")
    if suffix in ("xz", "gz", "bz2", ""):
        return tarfile.open(fileobj=data, mode="r:*")
    raise SourceUnavailableError(
        told("A package is packed with {suffix!r}; known are xz, gz, bz2 and zst. Install dpkg.", suffix=suffix)
    )
