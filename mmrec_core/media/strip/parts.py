"""What stripping gives, and the guard against files of endless parts."""

from __future__ import annotations

from dataclasses import dataclass

from mmrec_core.media.limits import LIMITS
from mmrec_core.types import told


class BadPartsError(ValueError):
    """The parts of a picture file do not fit together, or are too many. The message is one clause without a full stop."""


@dataclass(frozen=True)
class Stripped:
    """``data`` holds one picture and no metadata; ``orientation`` is the EXIF value, 1 (upright) to 8."""

    data: bytes
    orientation: int = 1


def check_parts(count: int, limit: int = LIMITS.max_image_parts, what: str = "parts") -> None:
    """Raise BadPartsError above ``limit``."""
    if count > limit:
        raise BadPartsError(told("it is made of more than {limit:,} {parts}", limit=limit, parts=told(what)))
