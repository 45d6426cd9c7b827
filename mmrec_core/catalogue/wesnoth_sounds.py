"""What the sound files of The Battle for Wesnoth are, as plain data: names for people and categories."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CREATURES: dict[str, tuple[str, str]] = {
    "bat": ("Bat", "animals"),
    "drake": ("Drake", "fantasy"),
    "dwarf": ("Dwarf", "fantasy"),
    "elf": ("Elf", "fantasy"),
    "ghoul": ("Ghoul", "fantasy"),
    "goblin": ("Goblin", "fantasy"),
    "gryphon": ("Gryphon", "fantasy"),
    "hiss": ("Serpent", "animals"),
    "horse": ("Horse", "animals"),
    "horse-elf": ("Elven horse", "animals"),
    "human": ("Man", "people"),
    "human-female": ("Woman", "people"),
    "human-old": ("Old man", "people"),
    "lich": ("Lich", "fantasy"),
    "mermaid": ("Mermaid", "fantasy"),
    "mermen": ("Merman", "fantasy"),
    "naga": ("Naga", "fantasy"),
    "ogre": ("Ogre", "fantasy"),
    "orc": ("Orc", "fantasy"),
    "orc-small": ("Small orc", "fantasy"),
    "skeleton": ("Skeleton", "fantasy"),
    "skeleton-big": ("Giant skeleton", "fantasy"),
    "squishy": ("Slimy creature", "fantasy"),
    "troll": ("Troll", "fantasy"),
    "tusker": ("Wild boar", "animals"),
    "wolf": ("Wolf", "animals"),
    "wose": ("Tree giant", "fantasy"),
    "yeti": ("Yeti", "fantasy"),
    "zombie": ("Zombie", "fantasy"),
}
_ACTIONS: dict[str, str] = {
    "": "hiss",
    "attack": "attack",
    "big": "loud hiss",
    "canter": "cantering",
    "charge": "charge",
    "die": "dying",
    "flapping": "flapping its wings",
    "growl": "growl",
    "hit": "crying out when hurt",
    "laugh": "laugh",
    "shriek": "shriek",
    "strike": "strike",
}
_OTHERS: dict[str, tuple[str, str]] = {
    "ambient/birds": ("Birds singing", "birds"),
    "ambient/campfire": ("Campfire crackling", "nature"),
    "ambient/morning": ("Morning birdsong and crickets", "nature"),
    "ambient/night": ("Night with crickets", "nature"),
    "ambient/ship": ("Creaking wooden ship at sea", "boats"),
    "ambient/wardrums": ("War drums", "instruments"),
    "horn-signals/horn": ("Horn signal", "instruments"),
    "axe": ("Axe blow", "weapons"),
    "bite": ("Animal bite", "animals"),
    "bite-small": ("Small animal bite", "animals"),
    "bow": ("Bow and arrow shot", "weapons"),
    "bow-puny": ("Short bow shot", "weapons"),
    "bow-puny-fire": ("Burning arrow shot", "weapons"),
    "cave-in": ("Cave collapsing", "nature"),
    "claws": ("Claws slashing", "animals"),
    "club": ("Club blow", "weapons"),
    "crossbow": ("Crossbow shot", "weapons"),
    "crossbow-fire": ("Crossbow shot with a burning bolt", "weapons"),
    "dagger-swish": ("Dagger swish", "weapons"),
    "dart": ("Blowpipe dart", "weapons"),
    "dragonstick": ("Fire lance shot", "weapons"),
    "entangle": ("Roots and branches entangling", "plants"),
    "explosion": ("Explosion", "weapons"),
    "fanfare-short": ("Short brass fanfare", "instruments"),
    "fire": ("Burst of fire", "nature"),
    "fist": ("Punch", "weapons"),
    "flail": ("Flail blow", "weapons"),
    "flame-big": ("Big flame roaring", "nature"),
    "fuse": ("Burning fuse", "weapons"),
    "gold": ("Gold coins clinking", "household"),
    "groan": ("Groan", "people"),
    "gunshot": ("Gunshot", "weapons"),
    "hatchet": ("Hatchet throw", "weapons"),
    "heal": ("Healing magic", "fantasy"),
    "knife": ("Knife stab", "weapons"),
    "lightning": ("Lightning strike and thunder", "nature"),
    "mace": ("Mace blow", "weapons"),
    "magic-dark": ("Dark magic", "fantasy"),
    "magic-dark-big": ("Great dark magic", "fantasy"),
    "magic-faeriefire": ("Faerie fire magic", "fantasy"),
    "magic-holy": ("Holy light magic", "fantasy"),
    "magic-missile": ("Magic missile", "fantasy"),
    "magic-thorns": ("Magic thorns", "fantasy"),
    "magicmissile": ("Magic missile volley", "fantasy"),
    "melee-fire": ("Burning blow", "weapons"),
    "mud-fist": ("Mud fist", "fantasy"),
    "mud-glob": ("Mud glob", "fantasy"),
    "net": ("Throwing net", "weapons"),
    "open-chest": ("Treasure chest opening", "household"),
    "petrified": ("Turning to stone", "fantasy"),
    "pincers": ("Pincers snapping", "animals"),
    "poison": ("Poison", "fantasy"),
    "potion": ("Drinking a potion", "food"),
    "rumble": ("Earth rumbling", "nature"),
    "sling": ("Sling shot", "weapons"),
    "sling-big": ("Rock hurled with a sling", "weapons"),
    "spear": ("Spear thrust", "weapons"),
    "staff": ("Staff blow", "weapons"),
    "sword": ("Sword clash", "weapons"),
    "tail": ("Tail lash", "animals"),
    "throwing-knife": ("Throwing knife", "weapons"),
    "thunderstick": ("Musket shot", "weapons"),
    "torch": ("Torch swing", "weapons"),
    "wail": ("Ghostly wail", "fantasy"),
    "wail-long": ("Long ghostly wail", "fantasy"),
    "wail-sml": ("Short ghostly wail", "fantasy"),
    "water-blast": ("Blast of water", "nature"),
}
_PATTERN = re.compile(r"^(?P<stem>.*?)(?:-?(?P<number>\d+))?\.(?:ogg|wav|opus)$")


@dataclass(frozen=True)
class SoundName:
    """A sound file in words."""

    title: str
    category: str
    tags: tuple[str, ...]


def describe_sound(path: str) -> SoundName | None:
    """What ``path`` (below the sounds folder) is, or None where it is a miss, a duplicate or unknown."""
    match = _PATTERN.match(path)
    stem, number = (match["stem"], match["number"]) if match else ("", None)
    if not stem or stem.endswith("miss"):
        return None
    known = _OTHERS.get(stem) or _creature_sound(stem)
    if known is None:
        return None
    phrase, category = known
    title = phrase if number in (None, "1") else f"{phrase} {number}"
    return SoundName(title, category, tuple(stem.split("/")[-1].split("-")))


def _creature_sound(stem: str) -> tuple[str, str] | None:
    """A creature and what it does: the longest creature name that begins the stem and leaves a known action."""
    for creature in sorted(_CREATURES, key=len, reverse=True):
        action = stem.removeprefix(creature).removeprefix("-")
        if stem.startswith(creature) and action in _ACTIONS:
            name, category = _CREATURES[creature]
            return f"{name} {_ACTIONS[action]}", category
    return None
