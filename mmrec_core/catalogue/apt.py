"""Packages through apt: what its lists know, and a download whose progress is the size of the growing file."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from mmrec_core.catalogue.debian import Package, parse_index
from mmrec_core.errors import SourceUnavailableError
from mmrec_core.types import Progress, Report, told

POLL_SECONDS = 0.25


def has_apt() -> bool:
    """Whether this machine has apt."""
    return bool(shutil.which("apt-get") and shutil.which("apt-cache"))


class AptIndex:
    """The package lists of this machine."""

    def find(self, name: str) -> Package | None:
        """The candidate version of ``name``; where apt does not know it, root refreshes the lists once a process."""
        return self._look_up(name) or (self._look_up(name) if _refresh_lists() else None)

    def _look_up(self, name: str) -> Package | None:
        command = ["apt-cache", "show", "--no-all-versions", name]
        shown = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed program, no shell
        return next(parse_index(shown.stdout.splitlines()), None)

    def download(self, package: Package, target: Path, report: Report) -> None:
        """Fetch ``package`` to ``target``; apt itself goes on from what an interrupted run left in the folder."""
        folder = target.parent
        step = told("Download {package}", package=package.name)
        command = ["apt-get", "-q", "download", f"{package.name}={package.version}"]
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # noqa: S603 - fixed program, no shell
        try:
            while True:
                report(Progress(step, _size(target), package.size, "bytes"))
                try:
                    _, said = process.communicate(timeout=POLL_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    continue
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        if process.returncode:
            reason = (said.strip().splitlines() or ["no reason given"])[-1]
            raise SourceUnavailableError(
                told(
                    "apt-get cannot download {package}: {reason} Try `apt-get update`.",
                    package=package.name,
                    reason=reason,
                )
            )

    def remedy(self) -> str:
        """What a user can do where no name is known."""
        return told("Run `apt-get update` as root, or set MMREC_DEB_MIRROR to a Debian mirror.")


def _size(target: Path) -> int:
    """Bytes of the download so far: apt writes to the final name."""
    try:
        return target.stat().st_size
    except FileNotFoundError:  # not begun yet, or just being renamed
        return 0


@cache
def _refresh_lists() -> bool:
    """``apt-get update`` where that is allowed; True where it worked. At most once a process."""
    if os.geteuid() != 0:
        return False
    command = ["apt-get", "-q", "update"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - fixed program, no shell
