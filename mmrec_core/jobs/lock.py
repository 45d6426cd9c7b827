"""The lock that lets one job run at a time: held by the job's own process, so that it falls when the process does.

Beside it, turns for what starts and stops jobs.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ATTEMPTS, PAUSE_SECONDS = 10, 0.02
"""A look at the lock holds it for a moment, which must not make a start fail."""


class JobLock:
    """A file whose lock a job inherits at its start, and that names the job.

    Args:
        path: of the file; its folder is made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def take(self, holder: str) -> int | None:
        """Lock in the name of ``holder``; returns the descriptor to hand to its process, or None where another holds it."""
        descriptor = _open(self.path)
        for _ in range(ATTEMPTS):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(PAUSE_SECONDS)
                continue
            os.ftruncate(descriptor, 0)
            os.write(descriptor, holder.encode())
            return descriptor
        os.close(descriptor)
        return None

    def holder(self) -> str | None:
        """Who holds the lock now, or None."""
        if not self.path.exists():
            return None
        descriptor = _open(self.path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return self.path.read_text() or None
        finally:
            os.close(descriptor)
        return None


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Run the block while no other, of any thread or process, runs in a turn at the same file; wait for it where one does."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
