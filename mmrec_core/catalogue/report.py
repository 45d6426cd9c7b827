"""What a build of the catalogue found, kept and left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class SourceReport:
    """One source of a build.

    Args:
        title: of the source, for people.
        package: name and version of the Debian package it was read from.
        kept: number of items in the catalogue.
        left_out: number of items left out, by reason.
        media_left_off: number of pictures and sounds that kept items do without, by reason.
    """

    title: str
    package: str
    kept: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    media_left_off: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class BuildReport:
    """What a build did. ``unavailable`` is by source: why nothing of it is in the catalogue.

    ``recipe`` is by source a hash of what made its items (package, code), so that a build is repeated only where it changed.
    """

    version: int
    sources: Mapping[str, SourceReport]
    unavailable: Mapping[str, str]
    recipe: Mapping[str, str]
    misc_share: float

    @property
    def kept(self) -> int:
        """Number of items in the catalogue."""
        return sum(source.kept for source in self.sources.values())

    def to_json(self) -> str:
        """As it stands in ``build.json``."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> BuildReport:
        """Read ``build.json``; raises ValueError or TypeError where it is not one."""
        values: dict[str, Any] = json.loads(text)
        sources = {name: SourceReport(**source) for name, source in values.pop("sources").items()}
        return cls(sources=sources, **values)
