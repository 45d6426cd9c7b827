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


@dataclass(frozen=True)
class BundleInfo:
    """The model in use, as shown to a user: ``encoders`` is name by modality, ``metrics`` what training measured."""

    name: str
    hash: str
    fusion: str
    encoders: Mapping[Modality, str]
    metrics: Mapping[str, float]
