"""The built catalogue, opened for reading: items, where their media lie, and a search in their titles and tags."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mmrec_core.catalogue.build import BUILD, ITEMS
from mmrec_core.catalogue.report import BuildReport
from mmrec_core.errors import IntegrityError, NotSetUpError, UnknownItemError
from mmrec_core.types import Item, told

REMEDY = told("Run `python -m mmrec_core setup`.")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Catalogue:
    """Immutable. ``fingerprint`` is the SHA-256 of ``items.jsonl``, whose media paths are hashes themselves."""

    folder: Path
    items: tuple[Item, ...]
    fingerprint: str
    build: BuildReport

    @classmethod
    def open(cls, folder: Path) -> Catalogue:
        """Read the catalogue in ``folder``.

        Raises:
            NotSetUpError: there is none.
            IntegrityError: what is there cannot be read, or names a file outside the folder.
        """
        try:
            data = (folder / ITEMS).read_bytes()
            build = (folder / BUILD).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise NotSetUpError(
                told("There is no catalogue in {folder}. {remedy}", folder=folder, remedy=REMEDY)
            ) from error
        try:
            items = tuple(_read_item(line) for line in data.decode("utf-8").split("\n") if line)
            report = BuildReport.from_json(build)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise IntegrityError(
                told(
                    "The catalogue in {folder} cannot be read: {error}. Delete the folder. {remedy}",
                    folder=folder,
                    error=error,
                    remedy=REMEDY,
                )
            ) from error
        return cls(folder, items, hashlib.sha256(data).hexdigest(), report)

    @cached_property
    def rows(self) -> dict[str, int]:
        """Position in ``items`` by id."""
        return {item.id: row for row, item in enumerate(self.items)}

    def get(self, item_id: str) -> Item:
        """The item called ``item_id``; raises UnknownItemError."""
        if item_id not in self.rows:
            raise UnknownItemError(item_id, {})
        return self.items[self.rows[item_id]]

    def image_path(self, item: Item) -> Path | None:
        """Where the item's picture lies, or None where it has none."""
        return self.folder / item.image if item.image else None

    def audio_path(self, item: Item) -> Path | None:
        """Where the item's sound lies, or None where it has none."""
        return self.folder / item.audio if item.audio else None

    def find(self, text: str, limit: int = 20) -> list[Item]:
        """Items whose title or tags hold ``text``, whatever its case.

        Order: the title begins with it, a word of the title does, a tag does, the title holds it, a tag holds it;
        then the shorter title, then the order of the catalogue.
        """
        sought = " ".join(text.casefold().split())
        if not sought:
            return []
        ranked = [
            (rank, len(item.title), row)
            for row, item in enumerate(self.items)
            if (rank := match_rank(item, sought)) is not None
        ]
        return [self.items[row] for _, _, row in sorted(ranked)[:limit]]

    def mentions(self, words: Collection[str]) -> bool:
        """Whether one of the lower-case ``words`` stands in the title, the text or the tags of any item."""
        return not self._words.isdisjoint(words)

    @cached_property
    def _words(self) -> frozenset[str]:
        """What stands between characters that are no letters."""
        return frozenset(_LETTERS.findall("\n".join(item.reading for item in self.items).lower()))


def match_rank(item: Item, sought: str) -> int | None:
    """How well an item matches the case-folded ``sought``: 0 is best, None is not at all."""
    title = item.title.casefold()
    tags = [tag.casefold() for tag in item.tags]
    grades = (
        title.startswith(sought),
        any(title.startswith(sought, start.start()) for start in re.finditer(r"\b\w", title)),
        any(tag.startswith(sought) for tag in tags),
        sought in title,
        any(sought in tag for tag in tags),
    )
    return next((grade for grade, holds in enumerate(grades) if holds), None)


def _read_item(line: str) -> Item:
    values = json.loads(line)
    item = Item(**{**values, "tags": tuple(values["tags"])})
    for path in (item.image, item.audio):
        if path is not None and not is_inside(path):
            raise ValueError(f"item {item.id!r} names the file {path!r} outside the catalogue")
    return item


def is_inside(path: str) -> bool:
    """Whether a stored path stays below the catalogue folder: relative, forward slashes, no step upwards."""
    parts = path.split("/")
    return (
        len(parts) > 1 and not any(part in ("", ".", "..") for part in parts) and "\\" not in path and ":" not in path
    )
