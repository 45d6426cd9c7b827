"""Emoji, drawn by four teams: a thousand things in four styles each, with Unicode's names and keywords.

The catalogue shows most things once, so what a map of pictures learns of an owl it learns of one owl. Names and keywords come from
CLDR, groups from Unicode's own list, drawings from npm.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mmrec_core.catalogue.base import RawItem
from mmrec_core.encoders.language import ENGLISH
from mmrec_core.encoders.lexicon.base import one_file
from mmrec_core.encoders.lexicon.cldr import Annotation, plain, read_annotations
from mmrec_core.errors import SourceUnavailableError
from mmrec_core.registry import Plugin
from mmrec_core.settings import Settings
from mmrec_core.training.corpus.archives import Archives
from mmrec_core.training.corpus.npm import NpmPackage
from mmrec_core.types import Report

SETS: dict[str, NpmPackage] = {
    "noto": NpmPackage("@iconify-json/noto", "1.2.9", "3e918d88fc945c0bb3d468dbace6f88caef67f01c9f0e7bcae0915a042e8f1ad", "Apache-2.0"),
    "fluent": NpmPackage("@iconify-json/fluent-emoji", "1.2.7", "8044210dbf11e016d4de85f15d01a243423bd832457e7e2491df1b751c0e272b", "MIT"),
    "openmoji": NpmPackage("@iconify-json/openmoji", "1.2.29", "03181e2c156cab35cf4a62f1f7886bd971d59212e75ac3f189d5a4cae3930fc5", "CC-BY-SA-4.0"),
    "twemoji": NpmPackage("@iconify-json/twemoji", "1.2.5", "19046dff7d8707ce96212ec86468b36ac5f8e60409629dd13f809265c6d0ebb7", "CC-BY-4.0"),
}  # fmt: skip
"""Who drew them; the first names every emoji, and all use its names."""
CREDITS = {"noto": "Google", "fluent": "Microsoft", "openmoji": "OpenMoji", "twemoji": "Twitter"}
ARCHIVES = Archives(("unicode-data", "unicode-cldr-core"), tuple(SETS.values()))
ICONS, NAMES, LIST = "package/icons.json", "package/chars.json", "emoji/emoji-test.txt"
SIDE = 16
"""Side of a drawing where its set states none."""

CATEGORY_OF: dict[str, str] = {
    "animal-mammal": "animals",
    "animal-bird": "birds",
    "animal-amphibian": "animals",
    "animal-reptile": "animals",
    "animal-marine": "animals",
    "animal-bug": "animals",
    "plant-flower": "plants",
    "plant-other": "plants",
    "food-fruit": "food",
    "food-vegetable": "food",
    "food-prepared": "food",
    "food-asian": "food",
    "food-marine": "animals",
    "food-sweet": "food",
    "drink": "food",
    "dishware": "household",
    "place-map": "flags",
    "place-geographic": "nature",
    "place-building": "places",
    "place-religious": "places",
    "place-other": "places",
    "transport-ground": "vehicles",
    "transport-water": "boats",
    "transport-air": "aircraft",
    "hotel": "household",
    "sky & weather": "nature",
    "event": "holidays",
    "award-medal": "sports",
    "sport": "sports",
    "game": "games",
    "arts & crafts": "sports",
    "clothing": "clothing",
    "music": "electronics",
    "musical-instrument": "instruments",
    "phone": "electronics",
    "computer": "electronics",
    "light & video": "electronics",
    "book-paper": "office",
    "money": "office",
    "mail": "office",
    "writing": "office",
    "office": "office",
    "lock": "household",
    "tool": "tools",
    "science": "science",
    "medical": "science",
    "household": "household",
    "person": "people",
    "person-role": "people",
    "person-activity": "people",
    "person-sport": "people",
    "person-fantasy": "fantasy",
    "face-costume": "fantasy",
    "body-parts": "science",
    "religion": "symbols",
    "zodiac": "symbols",
    "warning": "symbols",
    "transport-sign": "symbols",
}
"""Unicode's group -> category. Faces, hands, hearts, letters, arrows, clock faces and flags are left: they name no thing."""
OTHERWISE: dict[str, str] = {
    "anchor": "boats",
    "axe": "weapons",
    "beverage box": "food",
    "bomb": "weapons",
    "boomerang": "weapons",
    "bow and arrow": "weapons",
    "candle": "household",
    "comet": "planets",
    "crescent moon": "planets",
    "crossed swords": "weapons",
    "dagger": "weapons",
    "diya lamp": "household",
    "elevator": "household",
    "first quarter moon": "planets",
    "flying saucer": "spacecraft",
    "fuel pump": "places",
    "full moon": "planets",
    "globe showing americas": "planets",
    "globe showing asia-australia": "planets",
    "globe showing europe-africa": "planets",
    "glowing star": "planets",
    "ice skate": "sports",
    "light bulb": "household",
    "milky way": "planets",
    "new moon": "planets",
    "parachute": "sports",
    "pistol": "weapons",
    "bus stop": "places",
    "railway track": "places",
    "red paper lantern": "holidays",
    "ringed planet": "planets",
    "rocket": "spacecraft",
    "satellite": "spacecraft",
    "seat": "household",
    "shield": "weapons",
    "shooting star": "planets",
    "sled": "sports",
    "star": "planets",
    "sun": "planets",
    "teapot": "household",
    "water pistol": "weapons",
}
"""Name -> category, where its group's is not the right one."""


@dataclass(frozen=True)
class Drawings:
    """One set: SVG fragments by name, as its ``icons.json`` holds them."""

    held: Mapping[str, Any]

    def svg(self, name: str) -> bytes | None:
        """The drawing of that name, None where the set lacks it."""
        found = self.held["icons"].get(name)
        if found is None:
            return None
        width, height = (found.get(side, self.held.get(side, SIDE)) for side in ("width", "height"))
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        )
        return f"{head}{found['body']}</svg>".encode()


@dataclass(frozen=True)
class Thing:
    """One emoji that shows a thing: its characters, Unicode's group, and what CLDR says of it."""

    characters: str
    group: str
    said: Annotation

    @cached_property
    def title(self) -> str:
        """Its name without what stands in brackets or after a colon."""
        return plain(self.said.name)

    @property
    def category(self) -> str:
        """Of the catalogue's taxonomy."""
        return OTHERWISE.get(self.title, CATEGORY_OF[self.group])


class Emoji:
    """Drawings of things."""

    name, title = "emoji", "Emoji of Noto, Fluent, OpenMoji and Twemoji"
    packages = (*ARCHIVES.debian, *(package.name for package in SETS.values()))

    def fetch(self, folder: Path, settings: Settings, report: Report) -> str:
        """Bring every package into ``folder``."""
        return ARCHIVES.fetch(folder, settings, report)

    def read(self, folder: Path) -> Iterator[RawItem]:
        """One item for each thing and set that draws it.

        Raises:
            SourceUnavailableError: where a package lacks a file.
        """
        files = ARCHIVES.read(folder, [(package.name, path) for package in SETS.values() for path in (ICONS, NAMES)])
        names = json.loads(_of(files, SETS["noto"], NAMES))
        sets = {key: Drawings(json.loads(_of(files, package, ICONS))) for key, package in SETS.items()}
        annotations = read_annotations(folder / "unicode-cldr-core", ENGLISH)
        listed = one_file(folder / "unicode-data", LIST).read_text(encoding="utf-8")
        for thing in things(listed, annotations):
            called = names.get(f"{ord(thing.characters):x}")
            for key, drawings in sets.items():
                if called and (image := drawings.svg(called)):
                    yield _item(thing, key, image)


def _of(files: Mapping[tuple[str, str], bytes], package: NpmPackage, path: str) -> bytes:
    data = files.get((package.name, path))
    if data is None:
        raise SourceUnavailableError(f"{package.name} {package.version} holds no {path}.")
    return data


def things(listed: str, annotations: Mapping[str, Annotation]) -> Iterator[Thing]:
    """Emoji of one character whose group is in ``CATEGORY_OF``, in Unicode's order.

    Args:
        listed: Unicode's ``emoji-test.txt``; sequences (skin tones, families, flags) are left.
        annotations: those of CLDR; what it does not name is left.
    """
    group = ""
    for line in listed.splitlines():
        if line.startswith("# subgroup:"):
            group = line.partition(":")[2].strip()
        elif group in CATEGORY_OF and "; fully-qualified" in line:
            points = [point for point in line.partition(";")[0].split() if point != "FE0F"]
            characters = "".join(chr(int(point, 16)) for point in points)
            if len(characters) == 1 and characters in annotations:
                yield Thing(characters, group, annotations[characters])


def _item(thing: Thing, key: str, image: bytes) -> RawItem:
    title = thing.title[0].upper() + thing.title[1:]
    return RawItem(
        key=f"{key}/{ord(thing.characters):x}",
        title=title,
        text=f"{title}.",
        tags=tuple(word for word in thing.said.keywords if word != thing.title),
        category=thing.category,
        licence=SETS[key].licence,
        credit=CREDITS[key],
        image=image,
    )


PLUGIN = Plugin(Emoji.name, Emoji.title, Emoji)
