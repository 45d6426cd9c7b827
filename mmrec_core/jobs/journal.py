"""What a job writes about itself: one JSON object a line, in its folder; a run outside a job writes nothing."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from mmrec_core.errors import MMRecError
from mmrec_core.types import Epoch, JobStatus, Progress
from mmrec_core.types.sentence import packed

FOLDER = "MMREC_JOB"
"""The environment variable that names the job's folder."""
EVENTS = "events.jsonl"
SECONDS_BETWEEN = 0.3
"""Progress of one step is written at most this often; a new step, and an end, at once."""
NICENESS = 5
"""A job gives way to the page that people look at."""


class Journal:
    """Appends to the folder's events; with no folder it swallows them.

    Args:
        folder: of the job, or None outside one.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._last = ("", 0.0)

    def progress(self, progress: Progress) -> None:
        """How far a step is."""
        step, at = self._last
        if progress.step != step or progress.done >= progress.total or time.monotonic() - at > SECONDS_BETWEEN:
            self._last = (progress.step, time.monotonic())
            self._write("progress", {name: packed(value) for name, value in vars(progress).items()})

    def epoch(self, epoch: Epoch) -> None:
        """An epoch of training is over."""
        self._write("epoch", asdict(epoch))

    def begin(self) -> None:
        """A run begins: the first, or one that goes on."""
        self._write("begin", {})

    def end(self, status: JobStatus, problem: str | None = None) -> None:
        """The run ends in a way that it can still tell."""
        self._write("end", {"status": status, "problem": packed(problem)})

    def _write(self, event: str, data: dict[str, Any]) -> None:
        if self.folder is None:
            return
        line = json.dumps({"event": event, "at": round(time.time(), 2), **data}, ensure_ascii=False)
        with (self.folder / EVENTS).open("ab+") as file:
            file.write(_break_before(file) + line.encode() + b"\n")


def _break_before(file: BinaryIO) -> bytes:
    """A line break where the last line broke off, e.g. on a full disk, so that the next one is not lost with it."""
    if file.seek(0, os.SEEK_END) == 0:
        return b""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


@cache
def journal() -> Journal:
    """The journal of this process."""
    named = os.environ.get(FOLDER)
    return Journal(Path(named) if named else None)


@contextmanager
def journalled() -> Iterator[None]:
    """Write how the block ends, and let a polite stop (SIGTERM) end it like Ctrl-C. Outside a job it does nothing.

    An error that is not made for users is not written: its traceback is in the log, and the missing end says crash.
    """
    if journal().folder is None:
        yield
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.nice(NICENESS)
    try:
        yield
    except KeyboardInterrupt:
        journal().end(JobStatus.STOPPED)
        raise
    except MMRecError as error:
        journal().end(JobStatus.FAILED, error.message)
        raise
    journal().end(JobStatus.FINISHED)
