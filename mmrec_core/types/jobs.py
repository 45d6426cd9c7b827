"""Long work in a process of its own, as its starter sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mmrec_core.types.machine import Progress


@dataclass(frozen=True)
class Epoch:
    """What one epoch of training gave: mean losses, validation lines and their mean, seconds. Epoch 0 is the start."""

    number: int
    losses: dict[str, float]
    validation: dict[str, float]
    score: float
    seconds: float


class JobStatus(StrEnum):
    """How a job stands."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    CRASHED = "crashed"


@dataclass(frozen=True)
class Job:
    """One job, read from its folder.

    Args:
        id: name of its folder.
        kind: what it does, e.g. ``train``; title: the same for people.
        arguments: of ``python -m mmrec_core``.
        about: what the page that started it wants to remember, e.g. the name of the bundle.
        status: crashed means that the process ended without saying why; ``problem`` holds its last words then.
        progress: by step, in the order the steps began; of the latest run.
        epochs: of a training, over all runs.
        seconds: from the start of the latest run until now, or to its last word.
    """

    id: str
    kind: str
    title: str
    arguments: tuple[str, ...]
    about: Mapping[str, str]
    status: JobStatus
    started: str
    progress: Mapping[str, Progress] = field(default_factory=dict)
    epochs: tuple[Epoch, ...] = ()
    problem: str | None = None
    seconds: float = 0.0

    @property
    def running(self) -> bool:
        """True while its process lives."""
        return self.status is JobStatus.RUNNING

    @property
    def can_go_on(self) -> bool:
        """True where it ended before it was done."""
        return self.status in (JobStatus.STOPPED, JobStatus.FAILED, JobStatus.CRASHED)
