"""Evaluations on disk: one JSON file for each protocol, bundle and catalogue, so that every interface shows the same figures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from mmrec_core.errors import MMRecError
from mmrec_core.files import write_atomically
from mmrec_core.types import Evaluation, told

if TYPE_CHECKING:
    from pydantic import TypeAdapter

HELD_OUT = "held-out"
"""Protocol of the test part of the catalogue: retrieval across modalities, and the category of what is found."""
VERSION = "2"
"""Goes up whenever the same bundle would be measured otherwise: set-up then measures again, and the newest is shown."""
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class EvaluationStore:
    """The folder of evaluations; a newer one of the same protocol, bundle and catalogue takes the place of the older."""

    folder: Path

    def save(self, evaluation: Evaluation) -> Path:
        """Write the evaluation; returns its file."""
        path = self._path(evaluation.protocol, evaluation.bundle, evaluation.catalogue)
        write_atomically(path, to_json(evaluation))
        return path

    def find(self, protocol: str, bundle: str, catalogue: str) -> Evaluation | None:
        """The evaluation of exactly this, or None."""
        path = self._path(protocol, bundle, catalogue)
        return from_json(path) if path.exists() else None

    def has(self, protocol: str, bundle: str, catalogue: str) -> bool:
        """Whether there is an evaluation of exactly this; a look at the folder only."""
        return self._path(protocol, bundle, catalogue).exists()

    def all(self, protocol: str | None = None) -> list[Evaluation]:
        """Every evaluation, newest first; of one protocol where it is named."""
        found = [from_json(path) for path in self.folder.glob("*.json")]
        chosen = [e for e in found if protocol in (None, e.protocol)]
        return sorted(chosen, key=lambda e: e.date, reverse=True)

    def _path(self, protocol: str, bundle: str, catalogue: str) -> Path:
        words = re.sub(r"[^a-z0-9]+", "-", protocol.lower()).strip("-")
        digest = hashlib.sha256("\n".join((VERSION, protocol, bundle, catalogue)).encode()).hexdigest()
        return self.folder / f"{words}-{digest[:16]}.json"


def newest_by(evaluations: Sequence[Evaluation], key: Callable[[Evaluation], Key]) -> dict[Key, Evaluation]:
    """The newest evaluation for each key, newest first; ``evaluations`` are newest first, as ``EvaluationStore.all`` gives them."""
    found: dict[Key, Evaluation] = {}
    for evaluation in evaluations:
        found.setdefault(key(evaluation), evaluation)
    return found


def to_json(evaluation: Evaluation) -> bytes:
    """The evaluation as JSON; ``from_json`` gives it back as it was."""
    return _adapter().dump_json(evaluation)


def from_json(path: Path) -> Evaluation:
    """Read an evaluation; raises MMRecError where the file is not one."""
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(path.read_bytes())
    except ValidationError as error:
        raise MMRecError(
            told(
                "{path} is not an evaluation ({problems} problems). Delete it and measure again.",
                path=path,
                problems=error.error_count(),
            )
        ) from error


def _adapter() -> TypeAdapter[Evaluation]:
    from pydantic import TypeAdapter

    return TypeAdapter(Evaluation)
