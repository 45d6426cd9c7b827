"""0 A.D.: the calls of its animals, by file name."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.registry import Plugin
from mmrec_core.training.corpus.named import Named

ARCHIVE = "usr/share/games/0ad/mods/public/public.zip"
CALLS = re.compile(r"audio/(?:actor/fauna/(?:animal|death|movement)|voice/global)/(?:death_|civ_)?([a-z]+)_\w+\.ogg$")
ANIMALS: dict[str, tuple[str, str, str]] = {
    "camel": ("Camel", "a camel bellowing", "animals"),
    "cattle": ("Cow", "a cow mooing", "animals"),
    "chicken": ("Chicken", "a chicken clucking", "birds"),
    "dog": ("Dog", "a dog barking", "animals"),
    "elephant": ("Elephant", "an elephant trumpeting", "animals"),
    "flamingo": ("Flamingo", "a flamingo calling", "birds"),
    "goat": ("Goat", "a goat bleating", "animals"),
    "horse": ("Horse", "a horse neighing", "animals"),
    "lion": ("Lion", "a lion roaring", "animals"),
    "peacock": ("Peacock", "a peacock calling", "birds"),
    "pig": ("Pig", "a pig grunting", "animals"),
    "sheep": ("Sheep", "a sheep bleating", "animals"),
}
"""First word of the file name -> title, what is heard, category."""


class ZeroAD:
    """The animal calls inside 0 A.D.'s archive."""

    name, title, packages = "zero_ad", "0 A.D.", ("0ad-data",)

    def read(self, folder: Path) -> Iterator[RawItem]:
        """One item a call."""
        with zipfile.ZipFile(folder / ARCHIVE) as archive:
            for path in sorted(archive.namelist()):
                found = CALLS.search(path)
                if found and found[1] in ANIMALS:
                    yield _item(path, ANIMALS[found[1]], archive.read(path))


def _item(path: str, animal: tuple[str, str, str], audio: bytes) -> RawItem:
    return RawItem(
        key=Path(path).stem,
        **Named(*animal).fields("animal"),
        licence="CC-BY-SA-3.0",
        credit="Wildfire Games",
        audio=audio,
    )


PLUGIN = Plugin("zero_ad", ZeroAD.title, ZeroAD)
