"""Packages from a Debian mirror over HTTP, for machines without apt: its index, and downloads that resume."""

from __future__ import annotations

import io
import lzma
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import requests

from mmrec_core.catalogue.debian import Package, parse_index
from mmrec_core.catalogue.debian_descriptions import Description, parse_descriptions
from mmrec_core.errors import SourceUnavailableError
from mmrec_core.types import Progress, Report, told

ARCHITECTURES = ("all", "amd64")
CHUNK = 1 << 18
TIMEOUT = (10.0, 60.0)


@dataclass(frozen=True)
class MirrorIndex:
    """The ``main`` component of ``suite`` on the mirror at ``url``."""

    url: str
    suite: str

    def find(self, name: str) -> Package | None:
        """The package called ``name``, or None; raises SourceUnavailableError where the mirror has no index."""
        return next((package for package in parse_index(self._packages()) if package.name == name), None)

    def describe(self, names: Collection[str]) -> dict[str, Description]:
        """Descriptions by package name, with the long English texts where the mirror has them."""
        translations = _index(self._address(f"dists/{self.suite}/main/i18n/Translation-en.xz"))
        known = parse_descriptions(self._packages(), _lines(translations) if translations else ())
        return {name: known[name] for name in names if name in known}

    def download(self, package: Package, target: Path, report: Report) -> None:
        """Stream ``package`` to ``target``; a ``.part`` file is gone on with."""
        part = target.with_name(target.name + ".part")
        if part.exists() and part.stat().st_size > package.size:
            part.unlink()
        try:
            if not part.exists() or part.stat().st_size < package.size:
                self._fetch(package, part, report)
        except requests.RequestException as error:
            raise SourceUnavailableError(
                told(
                    "The mirror {url!r} does not give {package}: {error}",
                    url=self.url,
                    package=package.name,
                    error=error,
                )
            ) from error
        part.replace(target)

    def _fetch(self, package: Package, part: Path, report: Report) -> None:
        have = part.stat().st_size if part.exists() else 0
        headers = {"Range": f"bytes={have}-"} if have else {}
        with requests.get(self._address(package.filename), headers=headers, stream=True, timeout=TIMEOUT) as answer:
            answer.raise_for_status()
            resumed = answer.status_code == requests.codes.partial_content
            done = have if resumed else 0
            with part.open("ab" if resumed else "wb") as stream:
                for chunk in answer.iter_content(CHUNK):
                    stream.write(chunk)
                    done += len(chunk)
                    report(Progress(told("Download {package}", package=package.name), done, package.size, "bytes"))

    def _packages(self) -> Iterator[str]:
        """Lines of the package lists; raises SourceUnavailableError where the mirror has none."""
        lists = [self._address(f"dists/{self.suite}/main/binary-{a}/Packages.xz") for a in ARCHITECTURES]
        packed = [index for address in lists if (index := _index(address))]
        if not packed:
            raise SourceUnavailableError(
                told(
                    "The mirror {url!r} has no package index for suite {suite!r}. Check MMREC_DEB_MIRROR and "
                    "MMREC_DEB_SUITE.",
                    url=self.url,
                    suite=self.suite,
                )
            )
        for index in packed:
            yield from _lines(index)
            yield ""

    def remedy(self) -> str:
        """What a user can do where no name is known."""
        text = "The suite {suite!r} on {url!r} does not have it; set MMREC_DEB_SUITE to another suite."
        return told(text, suite=self.suite, url=self.url)

    def _address(self, path: str) -> str:
        return f"{self.url.rstrip('/')}/{path}"


@lru_cache(maxsize=4)
def _index(address: str) -> bytes | None:
    """A packed index, kept for the process; None where the mirror does not have it."""
    try:
        answer = requests.get(address, timeout=TIMEOUT)
    except requests.RequestException as error:
        raise SourceUnavailableError(
            told("No package index from {address}: {error}. Check MMREC_DEB_MIRROR.", address=address, error=error)
        ) from error
    return answer.content if answer.ok else None


def _lines(packed: bytes) -> Iterator[str]:
    """Lines of an xz-packed index; raises SourceUnavailableError where it is cut off or no such file."""
    try:
        with lzma.open(io.BytesIO(packed)) as stream:
            for line in stream:
                yield line.decode("utf-8", "replace")
    except (lzma.LZMAError, EOFError) as error:
        _index.cache_clear()  # so that it is fetched anew
        raise SourceUnavailableError(
            told("The mirror's package index is damaged: {error}. Check MMREC_DEB_MIRROR, or try later.", error=error)
        ) from error
