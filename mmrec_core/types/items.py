"""What there is to recommend, and what a person brings and says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mmrec_core.types.media import FUSED, Audio, ImageArray, Modality


@dataclass(frozen=True)
class Item:
    """One thing of the catalogue. ``image`` and ``audio`` are paths below the catalogue folder, or None.

    ``text`` is what a person would read; ``licence`` and ``credit`` are shown wherever the item is.
    """

    id: str
    title: str
    text: str
    tags: tuple[str, ...]
    category: str
    source: str
    licence: str
    credit: str
    image: str | None = None
    audio: str | None = None

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """Which of ``FUSED`` the item holds; every item has text, since it has a title."""
        held = {Modality.IMAGE: bool(self.image), Modality.TEXT: True, Modality.AUDIO: bool(self.audio)}
        return tuple(m for m in FUSED if held[m])

    @property
    def reading(self) -> str:
        """The text the encoder reads: the title, then the text, then the tags."""
        parts = [self.title, self.text if self.text != self.title else "", ", ".join(self.tags)]
        return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


@dataclass(frozen=True)
class Query:
    """What the person brought; every part is optional. With ``item_id`` that item's own media fill what was not brought.

    ``language`` is the ISO 639-1 code of the text's language; None lets it be detected.
    """

    image: ImageArray | None = None
    text: str | None = None
    audio: Audio | None = None
    item_id: str | None = None
    language: str | None = None

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to search with."""
        return self.image is None and not (self.text or "").strip() and self.audio is None and not self.item_id


@dataclass(frozen=True)
class Example:
    """A one-click query: a text and, where given, the catalogue item whose picture or sound goes with it."""

    title: str
    text: str | None = None
    image_of: str | None = None
    audio_of: str | None = None
    media: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CatalogueSummary:
    """How many items there are, and by what; ``fingerprint`` tells this catalogue from any other."""

    items: int
    by_modality: Mapping[str, int]
    by_category: Mapping[str, int]
    by_source: Mapping[str, int]
    fingerprint: str


class Verdict(StrEnum):
    """What a person said about a recommended item."""

    LIKE = "like"
    DISLIKE = "dislike"


@dataclass(frozen=True)
class FeedbackEntry:
    """One verdict as stored. ``query_kind`` names what was brought (e.g. ``"image+text"``), never the media; ``time`` is UTC, ISO 8601."""

    id: int
    session: str
    profile: str
    item_id: str
    verdict: Verdict
    query_kind: str
    rank: int | None
    bundle: str
    time: str
