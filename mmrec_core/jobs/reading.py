"""A job's folder -> what it says: description, journal and log, read without ever disturbing the job."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mmrec_core.jobs.journal import EVENTS
from mmrec_core.types import Epoch, Job, JobStatus, Progress, told
from mmrec_core.types.sentence import unpacked

DESCRIPTION = "job.json"
LOG = "log.txt"
STOP = "stop"
"""There from the moment somebody asked the job to end."""
SILENT = told("The process ended without a word: the system may have stopped it, for instance because memory ran out.")


def read_job(folder: Path, alive: bool) -> Job:
    """The job of a folder.

    Args:
        alive: whether its process lives; a process that is gone without an end in its journal has crashed.
    """
    about = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    events = list(_events(folder / EVENTS))
    latest = _latest_run(events)
    end = next((e for e in latest if e["event"] == "end"), None)
    status = _status(folder, alive, end)
    return Job(
        id=folder.name,
        kind=about["kind"],
        title=unpacked(about["title"]),
        arguments=tuple(about["arguments"]),
        about=about["about"],
        status=status,
        started=about["started"],
        progress={p.step: p for p in map(_progress, latest) if p},
        epochs=_epochs(events),
        problem=last_words(folder) if status is JobStatus.CRASHED else unpacked(end["problem"]) if end else None,
        seconds=(time.time() if alive else latest[-1]["at"]) - latest[0]["at"] if latest else 0.0,
    )


def _status(folder: Path, alive: bool, end: dict[str, Any] | None) -> JobStatus:
    if alive:
        return JobStatus.RUNNING
    if end:
        return JobStatus(end["status"])
    return JobStatus.STOPPED if (folder / STOP).exists() else JobStatus.CRASHED


def last_words(folder: Path) -> str:
    """The last line of the log: of a traceback, the error itself."""
    log = folder / LOG
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    said = [line.strip() for line in lines if line.strip()]
    return said[-1] if said and "Error" in said[-1] else SILENT


def _events(path: Path) -> Iterator[dict[str, Any]]:
    """Whole lines only: the last one may be half written at this moment, and one before it may have broken off for good."""
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    return filter(None, map(_event, lines))


def _event(line: bytes) -> dict[str, Any] | None:
    """What a line says; None where the disk was full before it was written whole."""
    try:
        return json.loads(line)
    except ValueError:  # JSON that breaks off, or UTF-8 that does
        return None


def _latest_run(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    starts = [n for n, event in enumerate(events) if event["event"] == "begin"]
    return events[starts[-1] :] if starts else events


def _epochs(events: list[dict[str, Any]]) -> tuple[Epoch, ...]:
    """Epochs of all runs; one that is told again (a run that had to begin anew) drops itself and all after it."""
    epochs: list[Epoch] = []
    for event in events:
        if event["event"] == "epoch":
            epoch = Epoch(**{name: event[name] for name in Epoch.__dataclass_fields__ if name in event})
            epochs = [e for e in epochs if e.number < epoch.number] + [epoch]
    return tuple(epochs)


def _progress(event: dict[str, Any]) -> Progress | None:
    if event["event"] != "progress":
        return None
    return Progress(**{name: unpacked(event[name]) for name in Progress.__dataclass_fields__ if name in event})
