"""Run a program that fetches files, watching how they grow."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_POLL_SECONDS = 0.2
_MB = 1e6


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit status and the last line it printed."""

    status: int
    last_line: str


def run_watched(
    command: Sequence[str], folder: Path, advance: Callable[[float], None], environment: Mapping[str, str]
) -> Ended:
    """Run ``command``, calling ``advance`` with the MB below ``folder`` five times a second.

    The program is stopped if ``advance`` raises, which is how long work is cancelled. ``environment`` is added to our own.
    """
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **environment})  # noqa: S603 (no shell)
        try:
            while process.poll() is None:
                advance(megabytes(folder))
                time.sleep(_POLL_SECONDS)
        finally:
            process.kill()
            process.wait()
        log.seek(0)
        lines = log.read().decode(errors="replace").strip().splitlines()
    return Ended(process.returncode, lines[-1].strip() if lines else "nothing")


def megabytes(folder: Path) -> float:
    """Size of everything below ``folder``; files and folders that vanish meanwhile count as nothing."""
    total = 0
    for place, _, names in os.walk(folder):  # unlike rglob, it passes over a folder that has vanished
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += (Path(place) / name).stat().st_size
    return total / _MB
