"""What the readers of GCompris' activities hand over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Draft:
    """An item before its media are read.

    Args:
        kind: what it is in a word, put behind the title where another item has the same title.
        picture, sound: paths below the activities; the ending of a sound may be ``$CA``.
        drawn: the picture itself, where it was put together from pieces; then ``origin`` is a file whose licence holds.
    """

    key: str
    title: str
    text: str
    tags: tuple[str, ...]
    category: str
    kind: str
    picture: str = ""
    sound: str = ""
    drawn: bytes | None = None
    origin: str = ""
