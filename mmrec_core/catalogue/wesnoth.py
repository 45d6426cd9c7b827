"""The Battle for Wesnoth: creatures with a portrait, prose and a cry or a weapon's sound, and its sound effects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.catalogue.prose import plain, slug, title_case, unique
from mmrec_core.catalogue.sprites import enlarge
from mmrec_core.catalogue.wesnoth_sounds import describe_sound
from mmrec_core.catalogue.wesnoth_voice import unit_sounds
from mmrec_core.catalogue.wml import Tag, definitions, expand, parse
from mmrec_core.registry import Plugin

_LICENCE = "GPL-2.0-or-later"
_CREDIT = "The Battle for Wesnoth contributors"
_LEVELS = ("minor", "basic", "veteran", "elite", "legendary", "legendary")
_RACES = {"mechanical": "boat", "lizard": "saurian", "bats": "bat", "merman": "merfolk"}
_REAL: dict[str, str] = {
    **dict.fromkeys(("Boat", "Galleon", "Pirate Galleon", "Transport Galleon"), "boats"),
    **dict.fromkeys(("Falcon", "Elder Falcon"), "birds"),
    **dict.fromkeys(("Wolf", "Great Wolf", "Direwolf", "Vampire Bat", "Blood Bat", "Dread Bat"), "animals"),
    **dict.fromkeys(("Bay Horse", "White Horse", "Dark Horse", "Black Horse", "Great Horse"), "animals"),
    **dict.fromkeys(("Cave Bear", "Woodland Boar", "Piglet", "Swamp Lizard", "Cuttle Fish", "Frost Stoat"), "animals"),
    **dict.fromkeys(
        ("Giant Ant", "Fire Ant", "Giant Rat", "Giant Scorpion", "Giant Spider", "Horned Scarab"), "animals"
    ),
    **dict.fromkeys(("Rock Scorpion", "Giant Scorpling", "Seahorse", "Water Serpent"), "animals"),
}
"""Units that are real creatures or things; every other one is a fantasy unit."""


@dataclass(frozen=True)
class Unit:
    """One unit type as read: ``portrait`` and ``sprite`` are paths below the images folder, or empty."""

    id: str
    name: str
    text: str
    tags: tuple[str, ...]
    portrait: str
    sprite: str
    sounds: tuple[str, ...]


class Wesnoth:
    """Units of the game's core, and its sounds."""

    name = "wesnoth"
    title = "The Battle for Wesnoth"
    packages = ("wesnoth-1.16-data", "wesnoth-1.18-data", "wesnoth-1.14-data")

    def read(self, folder: Path) -> Iterator[RawItem]:
        """Units first, in the order of the files, then sounds by name."""
        for core in sorted(folder.glob("usr/share/games/wesnoth/*/data/core")):
            yield from _unit_items(core)
            yield from _sound_items(core / "sounds")


def read_units(core: Path) -> list[Unit]:
    """Every unit type with a name and prose, and its women where the game draws them with a portrait of their own."""
    texts = {path: path.read_text("utf-8") for path in sorted(core.rglob("*.cfg")) if _holds_units(path, core)}
    shared: dict[str, str] = {}
    for text in texts.values():
        shared |= definitions(text)
    tags = [
        (tag, shared | definitions(text))  # a file's own macros win over those of the same name elsewhere
        for path, text in texts.items()
        if core / "units" in path.parents
        for tag in parse(text).all("unit_type")
    ]
    by_id = {tag.attributes.get("id", ""): tag for tag, _ in tags}
    units: list[Unit] = []
    for tag, macros in tags:
        if any(macro.startswith("DEPRECATED_UNIT") for macro in tag.macros):
            continue
        for base in tag.all("base_unit"):
            tag = _inherit(by_id.get(base.attributes.get("id", ""), Tag("unit_type")), tag)
        units += [_unit(tag, macros), *_women(tag, macros)]
    return [unit for unit in units if unit.name and unit.text]


def _holds_units(path: Path, core: Path) -> bool:
    return path.relative_to(core).parts[0] in ("macros", "units")


def _inherit(base: Tag, own: Tag) -> Tag:
    return Tag(own.name, {**base.attributes, **own.attributes}, base.children + own.children, base.macros + own.macros)


def _women(tag: Tag, macros: dict[str, str]) -> list[Unit]:
    """The ``[female]`` part of a unit as a unit of its own, where it has its own portrait."""
    man = _unit(tag, macros)
    women = []
    for part in tag.all("female"):
        if part.attributes.get("profile", "") in ("", tag.attributes.get("profile", "")):
            continue
        attacks = Tag("", {}, tag.all("attack"))
        woman = _unit(_inherit(Tag("unit_type", tag.attributes, attacks.children), part), macros)
        name = woman.name if woman.name != man.name else f"{woman.name} (woman)"
        women.append(replace(woman, id=f"{man.id} female", name=name, tags=(*woman.tags, "woman")))
    return women


def _unit(tag: Tag, macros: dict[str, str]) -> Unit:
    def value(key: str) -> str:
        return expand(tag.attributes.get(key, ""), macros)

    level = value("level")
    race = value("race")
    attacks = [attack.attributes for attack in tag.all("attack")]
    weapons = [_after_context(expand(a.get("description", "") or a.get("name", ""), macros)) for a in attacks]
    words = [
        _RACES.get(race, race),
        _LEVELS[min(int(level), 5)] if level.isdigit() else "",
        value("alignment"),
        *weapons,
        *(a.get("type", "") for a in attacks),
        *(a.get("range", "") for a in attacks),
    ]
    return Unit(
        id=value("id"),
        name=title_case(_after_context(value("name"))),
        text=plain(_after_context(value("description"))),
        tags=unique(word for word in words if "{" not in word),
        portrait=_picture(value("profile")),
        sprite=_picture(value("image")),
        sounds=tuple(unit_sounds(tag, macros)),
    )


def _after_context(text: str) -> str:
    """``"female^Mage"`` is ``"Mage"``: what stands before the mark is for translators."""
    head, mark, tail = text.partition("^")
    return tail if mark and " " not in head else text


def _picture(path: str) -> str:
    """The file of an image path; empty where image functions change its colours, for it would show something else."""
    file, _, functions = path.partition("~")
    return "" if any(change in functions for change in ("CHAN(", "CS(", "GS(")) else file


def _unit_items(core: Path) -> Iterator[RawItem]:
    units = read_units(core)
    owners = _portrait_owners(units)
    uses: dict[str, int] = defaultdict(int)
    for unit in units:
        yield RawItem(
            key=f"unit-{slug(unit.id)}",
            title=unit.name,
            text=unit.text,
            tags=unit.tags,
            category=_REAL.get(unit.id.removesuffix(" female"), "fantasy"),
            licence=_LICENCE,
            credit=_CREDIT,
            image=_image_of(unit, core, owners),
            audio=_sound_of(unit, core / "sounds", uses),
        )


def _portrait_owners(units: list[Unit]) -> dict[str, str]:
    """Which unit shows a portrait that several share: the one that the file is named after, else the one with most prose."""

    def fitness(unit: Unit) -> tuple[bool, int]:
        stem = Path(unit.portrait).stem.replace("+female", "")
        return slug(unit.name.removesuffix(" (woman)")).endswith(slug(stem)), len(unit.text)

    owners: dict[str, Unit] = {}
    for unit in units:
        if unit.portrait not in owners or fitness(unit) > fitness(owners[unit.portrait]):
            owners[unit.portrait] = unit
    return {portrait: unit.id for portrait, unit in owners.items()}


def _image_of(unit: Unit, core: Path, owners: dict[str, str]) -> bytes | None:
    """The portrait where it is this unit's, else the enlarged sprite."""
    portrait = core / "images" / unit.portrait
    if owners[unit.portrait] == unit.id and portrait.is_file():
        return portrait.read_bytes()
    sprite = core / "images" / unit.sprite
    return enlarge(sprite.read_bytes()) if sprite.is_file() else None


def _sound_of(unit: Unit, sounds: Path, uses: dict[str, int]) -> bytes | None:
    """The least used of the sounds that tell most, so that units of one kind do not all sound the same."""
    there = [name for name in unit.sounds if (sounds / name).is_file()]
    if not there:
        return None
    chosen = min(there, key=lambda name: uses[name])
    uses[chosen] += 1
    return (sounds / chosen).read_bytes()


def _sound_items(folder: Path) -> Iterator[RawItem]:
    titles: set[str] = set()
    for path in sorted(folder.rglob("*")):
        sound = describe_sound(path.relative_to(folder).as_posix())
        if sound is None or sound.title in titles:
            continue
        titles.add(sound.title)
        yield RawItem(
            key=f"sound-{slug(path.stem)}",
            title=sound.title,
            text=f"Sound effect: {sound.title[:1].lower()}{sound.title[1:]}.",
            tags=sound.tags,
            category=sound.category,
            licence=_LICENCE,
            credit=_CREDIT,
            audio=path.read_bytes(),
        )


PLUGIN = Plugin("wesnoth", Wesnoth.title, Wesnoth)
