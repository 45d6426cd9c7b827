"""Getting a Debian package and unpacking it: checked by SHA-256, atomic, resumable, skipped when done."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from mmrec_core.catalogue.apt import AptIndex, has_apt
from mmrec_core.catalogue.debian import Package, unpack_deb
from mmrec_core.catalogue.debian_descriptions import BESIDE, write_descriptions
from mmrec_core.catalogue.mirror import MirrorIndex
from mmrec_core.errors import IntegrityError, SourceUnavailableError
from mmrec_core.files import put_in_place, sha256_of, write_atomically
from mmrec_core.settings import Settings
from mmrec_core.types import Progress, Report, told
from mmrec_core.types.sentence import OR, enumerated, in_a_row

MANIFEST = ".package.json"


class PackageIndex(Protocol):
    """Where packages come from."""

    def find(self, name: str) -> Package | None:
        """The package called ``name``, or None."""
        ...

    def download(self, package: Package, target: Path, report: Report) -> None:
        """Fetch it to ``target``."""
        ...

    def remedy(self) -> str:
        """What a user can do where a name is not known."""
        ...


def fetch_package(names: tuple[str, ...], destination: Path, settings: Settings, report: Report) -> str:
    """Unpack the first of ``names`` that can be had into ``destination``.

    A finished ``destination`` is left as it is. A download that was interrupted is gone on with.

    Returns:
        ``name_version`` of the package that is there.

    Raises:
        SourceUnavailableError: none of the names can be had; the message says why and what to do.
        IntegrityError: what was downloaded is not what the package index promises.
    """
    if present := _unpacked(names, destination):
        return present
    index = package_index(settings)
    reasons = []
    for name in names:
        try:
            if package := index.find(name):
                _install(package, destination, settings, index, report)
                return package.label
        except SourceUnavailableError as error:
            reasons.append(error.message)
    unknown = told("No package {names} is known. {remedy}", names=enumerated(names, OR), remedy=index.remedy())
    raise SourceUnavailableError(in_a_row(reasons) if reasons else unknown)


def keep_descriptions(names: Collection[str], destination: Path, settings: Settings) -> None:
    """Where packages come from a mirror, store what it says of ``names`` in ``destination``; apt is asked when they are read.

    Raises:
        SourceUnavailableError: the mirror has no package lists.
    """
    kept = destination / BESIDE
    if settings.deb_mirror and not kept.exists():
        write_descriptions(MirrorIndex(settings.deb_mirror, settings.deb_suite).describe(names), kept)


def why_unread(error: Exception) -> str:
    """Why a package was left out, in a sentence; what an error of looking up says of itself is none."""
    if isinstance(error, LookupError):
        return told("It does not hold what it should ({error!r}).", error=error)
    return str(error)


def package_index(settings: Settings) -> PackageIndex:
    """The mirror where one is named, otherwise apt; raises SourceUnavailableError where there is neither."""
    if settings.deb_mirror:
        return MirrorIndex(settings.deb_mirror, settings.deb_suite)
    if has_apt():
        return AptIndex()
    raise SourceUnavailableError(
        told("This machine has no apt. Set MMREC_DEB_MIRROR to a Debian mirror and run set-up again.")
    )


def _unpacked(names: tuple[str, ...], destination: Path) -> str | None:
    manifest = destination / MANIFEST
    if not manifest.exists():
        return None
    package = json.loads(manifest.read_text(encoding="utf-8"))
    return f"{package['name']}_{package['version']}" if package["name"] in names else None


def _install(package: Package, destination: Path, settings: Settings, index: PackageIndex, report: Report) -> None:
    deb = settings.downloads / package.deb
    settings.downloads.mkdir(parents=True, exist_ok=True)
    if not _is_whole(deb, package):
        index.download(package, deb, report)
        if not _is_whole(deb, package):
            deb.unlink(missing_ok=True)
            raise IntegrityError(
                told(
                    "{file} does not have the SHA-256 of the package index. It was deleted; run set-up again.",
                    file=deb.name,
                )
            )
    report(Progress(told("Unpack {package}", package=package.name), 0, package.size, "bytes"))
    part = destination.with_name(destination.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    unpack_deb(deb, part)
    manifest = {"name": package.name, "version": package.version, "sha256": package.sha256}
    write_atomically(part / MANIFEST, json.dumps(manifest).encode())
    put_in_place(part, destination)
    report(Progress(told("Unpack {package}", package=package.name), package.size, package.size, "bytes"))


def _is_whole(deb: Path, package: Package) -> bool:
    return deb.exists() and deb.stat().st_size == package.size and sha256_of(deb) == package.sha256
