"""Endless Sky: worlds with landscape photographs, spacecraft, and outfits with the sound of the weapon or engine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.catalogue.dep5 import Grant, Licences, read_licences, together
from mmrec_core.catalogue.prose import plain, shorten, slug, title_case, unique
from mmrec_core.catalogue.sky_data import Node, read_nodes
from mmrec_core.registry import Plugin

_DEFAULT = Grant("GPL-3.0-or-later", "Michael Zahniser and the Endless Sky contributors")
_SHORTEST_SOUND = 12_000
"""Bytes: a WAV below this is a click of a seventh of a second."""
_MOST_WORDS = 220
_OUTFIT_CATEGORIES = {
    **dict.fromkeys(("Guns", "Turrets", "Secondary Weapons", "Missiles", "Ammunition", "Hand to Hand"), "weapons"),
    "Engines": "spacecraft",
    "Systems": "electronics",
    "Power": "tools",
}
_SILENT_TRAITS = frozenset(
    [
        "cost",
        "mass",
        "plural",
        "category",
        "thumbnail",
        "weapon",
        "description",
        "installable",
        "atrocity",
        "illegal",
        "index",
        "series",
        "licenses",
        "map",
        "display name",
        "unplunderable",
        "minable",
        "scan strength",
    ]
)
_SOUNDS: dict[str, tuple[str, str]] = {
    "alarm": ("Spaceship alarm", "spacecraft"),
    "explosion huge": ("Huge explosion", "weapons"),
    "explosion large": ("Large explosion", "weapons"),
    "explosion medium": ("Medium explosion", "weapons"),
    "explosion small": ("Small explosion", "weapons"),
    "explosion nuke": ("Nuclear explosion", "weapons"),
    "final explosion large": ("Large spaceship blowing up", "spacecraft"),
    "final explosion medium": ("Spaceship blowing up", "spacecraft"),
    "final explosion small": ("Small spaceship blowing up", "spacecraft"),
    "heavy rocket hit": ("Heavy rocket hitting", "weapons"),
    "hyperdrive": ("Hyperdrive jump", "spacecraft"),
    "hyperdrive in": ("Spaceship arriving by hyperdrive", "spacecraft"),
    "hyperdrive out": ("Spaceship leaving by hyperdrive", "spacecraft"),
    "ion impact": ("Ion bolt hitting", "weapons"),
    "jump drive": ("Jump drive", "spacecraft"),
    "jump in": ("Spaceship jumping in", "spacecraft"),
    "jump out": ("Spaceship jumping out", "spacecraft"),
    "landing": ("Spaceship landing", "spacecraft"),
    "mine deploy": ("Space mine being laid", "weapons"),
    "scan": ("Scanner sweep", "electronics"),
    "takeoff": ("Spaceship taking off", "spacecraft"),
    "ambient/machinery": ("Machinery humming in a space station", "tools"),
}


@dataclass(frozen=True)
class Draft:
    """An item before its picture is settled: the files it would show, and what the richest claim is worth."""

    key: str
    title: str
    text: str
    tags: tuple[str, ...]
    category: str
    pictures: tuple[str, ...] = ()
    sound: str = ""


class Media:
    """Pictures and sounds of the game by the name that the data use, without file endings and frame marks."""

    def __init__(self, root: Path, licences: Licences) -> None:
        self._root = root
        self._licences = licences
        self._images = _by_stem(root, "images", r"(?:[-~+=]0*)?(?:@2x)?\.(?:png|jpe?g|webp)")
        self._sounds = _by_stem(root, "sounds", r"~?\.(?:wav|mp3|ogg|flac)")

    def has_image(self, name: str) -> bool:
        """Whether a picture of that name is there."""
        return name in self._images

    def item(self, draft: Draft, picture: str) -> RawItem:
        """The finished item; its licence covers its text, its picture and its sound."""
        grants = [self._licences.of("data/map.txt")]
        image = self._read(self._images.get(picture), grants)
        sound = self._read(self._sounds.get(draft.sound), grants, _SHORTEST_SOUND)
        grant = together(*grants)
        return RawItem(
            draft.key, draft.title, draft.text, draft.tags, draft.category, grant.licence, grant.credit, image, sound
        )

    def _read(self, path: Path | None, grants: list[Grant], least: int = 0) -> bytes | None:
        if path is None or path.stat().st_size < least:
            return None
        grants.append(self._licences.of(path.relative_to(self._root).as_posix()))
        return path.read_bytes()


class EndlessSky:
    """Planets, ships, outfits and sounds of the game."""

    name = "endless-sky"
    title = "Endless Sky"
    packages = ("endless-sky-data",)

    def read(self, folder: Path) -> Iterator[RawItem]:
        """Planets, ships and outfits in the order of the files, then sounds."""
        root = folder / "usr/share/games/endless-sky"
        media = Media(root, read_licences(folder, "endless-sky-data", _DEFAULT))
        nodes = list(read_nodes(root / "data"))
        drafts = [*planets(nodes), *ships(nodes), *outfits(nodes)]
        pictures = settle_pictures(drafts, media)
        for draft in drafts:
            item = media.item(draft, pictures.get(draft.key, ""))
            shown = item.image or item.audio
            yield item if shown else replace(item, left_out="a richer item shows its picture")
        for name, (title, category) in _SOUNDS.items():
            text = f"Sound effect: {title[:1].lower()}{title[1:]}."
            item = media.item(Draft(f"sound-{slug(name)}", title, text, (), category, (), name), "")
            if item.audio:
                yield item


def settle_pictures(drafts: Iterable[Draft], media: Media) -> dict[str, str]:
    """Picture by item key: each picture goes to the item with most prose among those that want it.

    An item that loses its first picture takes its next one if that is free.
    """
    settled: dict[str, str] = {}
    taken: set[str] = set()
    for draft in sorted(drafts, key=lambda d: -len(d.text)):
        for picture in draft.pictures:
            if media.has_image(picture) and picture not in taken:
                settled[draft.key] = picture
                taken.add(picture)
                break
    return settled


def planets(nodes: Iterable[Node]) -> list[Draft]:
    """Worlds with a description; the photograph of the ground first, the globe seen from space second."""
    nodes = list(nodes)
    globes = dict(_globes(nodes))
    drafts: dict[str, Draft] = {}
    for node in _named(nodes, "planet"):
        text = _prose(node, "description", "spaceport")
        if text:
            name = node.words[1]
            traits = [trait for trait in node.values("attributes") if ":" not in trait]
            pictures = (node.value("landscape"), globes.get(name, ""))
            key = f"planet-{slug(name)}"
            tags = unique(["planet", *traits]) if "station" not in traits else unique(["space station", *traits])
            drafts[key] = Draft(key, _title(node), text, tags, "planets", pictures)
    return list(drafts.values())


def _globes(nodes: Iterable[Node]) -> Iterator[tuple[str, str]]:
    """(planet, sprite) for every object of every star system, moons included."""
    for node in nodes:
        if node.key == "object" and len(node.words) > 1:
            yield node.words[1], node.value("sprite")
        if node.key in ("system", "object"):
            yield from _globes(node.children)


def ships(nodes: Iterable[Node]) -> list[Draft]:
    """Ship models and those variants that look different from their model."""
    models: dict[str, Node] = {}
    drafts: dict[str, Draft] = {}
    for node in _named(nodes, "ship"):
        model = models.setdefault(node.words[1], node)
        text = _prose(node, "description") or _prose(model, "description")
        picture = node.value("thumbnail") or node.value("sprite")
        attributes = (node.all("attributes") or model.all("attributes") or [Node([""])])[0]
        if text and picture:
            name = node.words[-1]
            key = f"ship-{slug(name)}"
            tags = unique(["spaceship", attributes.value("category").lower(), *_licences_needed(attributes)])
            title = _title(node) if len(node.words) == 2 else title_case(name)
            drafts[key] = Draft(key, title, text, tags, "spacecraft", (node.value("thumbnail"), node.value("sprite")))
    return list(drafts.values())


def _licences_needed(attributes: Node) -> list[str]:
    return [child.key.lower() for licence in attributes.all("licenses") for child in licence.children]


def outfits(nodes: Iterable[Node]) -> list[Draft]:
    """Things that ships are fitted with; ammunition sounds like the weapon that fires it."""
    nodes = list(_named(nodes, "outfit"))
    fired = {weapon.value("ammo"): weapon.value("sound") for node in nodes for weapon in node.all("weapon")}
    drafts: dict[str, Draft] = {}
    for node in nodes:
        text = _prose(node, "description")
        if text:
            name = node.words[1]
            key = f"outfit-{slug(name)}"
            drafts[key] = Draft(
                key, _title(node), text, _traits(node), _outfit_category(node), (node.value("thumbnail"),),
                _outfit_sound(node, fired),
            )  # fmt: skip
    return list(drafts.values())


def _outfit_category(node: Node) -> str:
    if "harvested" in node.value("thumbnail"):
        return "nature"  # ores and minerals
    return _OUTFIT_CATEGORIES.get(node.value("category"), "tools")


def _outfit_sound(node: Node, fired: Mapping[str, str]) -> str:
    weapons = [weapon.value("sound") for weapon in node.all("weapon") if weapon.value("sound")]
    candidates = [*weapons, node.value("flare sound"), fired.get(node.words[1], ""), node.value("afterburner effect")]
    return next((candidate for candidate in candidates if candidate), "")


def _traits(node: Node) -> tuple[str, ...]:
    """The category, and what the outfit does, from the names of its attributes."""
    does = [child.key for child in node.children if child.key not in _SILENT_TRAITS and "sprite" not in child.key]
    useful = [trait for trait in does if not trait.endswith((" space", " capacity", " sound", " effect"))]
    return unique([node.value("category").lower(), *useful[:5]])


def _named(nodes: Iterable[Node], key: str) -> Iterator[Node]:
    return (node for node in nodes if node.key == key and len(node.words) > 1)


def _title(node: Node) -> str:
    return node.value("display name") or title_case(node.words[1])


def _prose(node: Node, *keys: str) -> str:
    return shorten(plain(" ".join(text for key in keys for text in node.values(key))), _MOST_WORDS)


def _by_stem(root: Path, folder: str, ending: str) -> dict[str, Path]:
    """Path by the name that the data use, e.g. ``land/beach0``; the first of several frames."""
    pattern = re.compile(rf"^(.*?){ending}$")
    found: dict[str, Path] = {}
    for path in sorted((root / folder).rglob("*")):
        if match := pattern.match(path.relative_to(root / folder).as_posix()):
            found.setdefault(match[1], path)
    return found


PLUGIN = Plugin("endless-sky", EndlessSky.title, EndlessSky)
