"""Which sounds of a Wesnoth unit tell most about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mmrec_core.catalogue.wml import Tag, expand

_FILE = re.compile(r"[\w./\[\]~,*-]+\.(?:ogg|wav|opus)")
_RANGE = re.compile(r"\[(\d+)~(\d+)\]")
_HIT_MACRO = re.compile(r"SOUND:HIT(?:_AND_MISS)?\s+(\{[^{}]*\}|\S+)")
_VOICES = ("growl", "shriek", "canter", "hiss", "wail", "laugh", "groan", "zombie-attack", "wose-attack")
_GENERIC_CRIES = ("human-", "elf-")
"""Cries that dozens of units share; such a unit's weapon tells more."""
_DULL = re.compile(r"^(miss|throw)-|-miss(-\d+)?\.")


def unit_sounds(unit: Tag, macros: Mapping[str, str]) -> list[str]:
    """The group of interchangeable files that tells most: its voice, its own cry, its weapon, any cry."""
    cries = _files(unit.attributes.get("die_sound", ""), macros) + _defence_sounds(unit, macros)
    attacks = [sound for attack in _by_range(unit) for sound in _attack_sounds(unit, attack, macros)]
    spoken = [sound for tag in _itself(unit) for sound in _files(tag.attributes.get("sound", ""), macros)]
    every = spoken + cries
    own_cries = [cry for cry in cries if not cry.startswith(_GENERIC_CRIES)]
    if unit.attributes.get("race") != "bats":
        own_cries = [cry for cry in own_cries if cry != "bat-flapping.wav"] or own_cries
    for voice in _VOICES:
        if group := [sound for sound in every if voice in sound]:
            return _once(group)
    for group in (own_cries, attacks, every):
        if group:
            return _once(_same_kind(group))
    return []


def _itself(unit: Tag) -> list[Tag]:
    """The unit's own tags: a variation or a woman sounds like something else."""
    others = [tag for part in ("variation", "male", "female") for tag in unit.all(part)]
    return [tag for child in unit.children if child not in others for tag in child.walk()]


def _by_range(unit: Tag) -> list[str]:
    """Names of the attacks, ranged ones first: a bow or a spell tells more than the dagger beside it."""
    attacks = [attack.attributes for attack in unit.all("attack")]
    return [a.get("name", "") for a in sorted(attacks, key=lambda a: a.get("range") != "ranged")]


def _attack_sounds(unit: Tag, attack: str, macros: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    for animation in unit.all("attack_anim"):
        filters = animation.all("filter_attack")
        if any(f.attributes.get("name", attack) == attack for f in filters):
            for tag in animation.walk():
                found += _files(tag.attributes.get("sound", ""), macros)
                for macro in tag.macros:
                    found += [file for argument in _HIT_MACRO.findall(macro) for file in _files(argument, macros)]
    return found


def _defence_sounds(unit: Tag, macros: Mapping[str, str]) -> list[str]:
    return [file for macro in unit.macros if macro.startswith("DEFENSE_ANIM") for file in _files(macro, macros)]


def _files(value: str, macros: Mapping[str, str]) -> list[str]:
    """Sound files that ``value`` names, ``[1~3]`` spelt out, without misses and throws."""
    files: list[str] = []
    for name in _FILE.findall(expand(value, macros).replace(",", " ")):
        files += _spell_out(name)
    return [file for file in files if not _DULL.search(file)]


def _spell_out(name: str) -> list[str]:
    match = _RANGE.search(name)
    if match is None:
        return [name]
    numbers = range(int(match[1]), int(match[2]) + 1)
    return [name.replace(match[0], str(number)) for number in numbers]


def _same_kind(files: list[str]) -> list[str]:
    """The files that differ from the first only in their number."""

    def kind(file: str) -> str:
        return re.sub(r"-?\d+", "", file)

    return [file for file in files if kind(file) == kind(files[0])]


def _once(files: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(files))
