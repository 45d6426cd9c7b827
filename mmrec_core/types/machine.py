"""The machine, the model in use, and long work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mmrec_core.types.media import Modality


@dataclass(frozen=True)
class DeviceInfo:
    """Where the model runs. Memory in GiB."""

    kind: str
    name: str
    precision: str
    memory_used: float
    memory_total: float


@dataclass(frozen=True)
class SetupStep:
    """One step of set-up, as shown to a user."""

    name: str
    title: str
    done: bool
    detail: str = ""


@dataclass(frozen=True)
class Progress:
    """A report from long work: the step's title, how much is done of how much, and the unit."""

    step: str
    done: float
    total: float
    unit: str = ""
    note: str = ""


Report = Callable[[Progress], None]
"""Receives progress. It may raise to cancel: long work must leave a resumable state then."""


class Watched:
    """A report that remembers that it raised, so that a stop is not taken for work that fails."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.stopped = False

    def __call__(self, progress: Progress) -> None:
        """Pass it on."""
        self.stopped = True
        self._report(progress)
        self.stopped = False


def bundle_label(name: str, digest: str) -> str:
    """What a bundle is called wherever its figures are kept: its name, and the beginning of its hash."""
    return f"{name}@{digest[:12]}"


@dataclass(frozen=True)
class BundleInfo:
    """The model in use, as shown to a user: ``encoders`` is name by modality."""

    name: str
    hash: str
    fusion: str
    encoders: Mapping[Modality, str]
