"""Widelands: animals, birds and crafts, by file name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.registry import Plugin
from mmrec_core.training.corpus.named import Named

ROOT = Path("usr/share/games/widelands/data")
SOUNDS: dict[str, tuple[str, str, str]] = {
    "beerbubble": ("Bubbling", "beer bubbling", "nature"),
    "benchsaw": ("Saw", "a saw cutting wood", "tools"),
    "biginn": ("Tavern", "people talking in a tavern", "people"),
    "bird": ("Bird", "a bird singing", "birds"),
    "boar": ("Wild boar", "a wild boar grunting", "animals"),
    "coyote": ("Coyote", "a coyote howling", "animals"),
    "crickets": ("Crickets", "crickets chirping", "animals"),
    "donkey": ("Donkey", "a donkey braying", "animals"),
    "duck": ("Duck", "a duck quacking", "birds"),
    "falling_tools": ("Tools falling", "tools falling down", "tools"),
    "fast_woodcutting": ("Axe", "an axe chopping wood", "tools"),
    "frog": ("Frog", "a frog croaking", "animals"),
    "furnace": ("Furnace", "a furnace burning", "tools"),
    "geologist_hammer": ("Hammer", "a hammer on stone", "tools"),
    "hammering": ("Hammer", "a hammer at work", "tools"),
    "horse": ("Horse", "a horse neighing", "animals"),
    "inn": ("Tavern", "people talking in a tavern", "people"),
    "ironping": ("Anvil", "a hammer on an anvil", "tools"),
    "mill_turning": ("Mill", "a mill turning", "tools"),
    "moose": ("Moose", "a moose calling", "animals"),
    "ox": ("Ox", "an ox lowing", "animals"),
    "sawing": ("Saw", "a saw cutting wood", "tools"),
    "sawmill": ("Saw", "a sawmill at work", "tools"),
    "scythe": ("Scythe", "a scythe cutting grass", "tools"),
    "sharpening": ("Sharpening", "a blade being sharpened", "tools"),
    "sheep": ("Sheep", "a sheep bleating", "animals"),
    "smith": ("Smith", "a smith hammering on an anvil", "tools"),
    "stag": ("Deer", "a stag calling", "animals"),
    "stonecutter": ("Stonecutter", "a chisel on stone", "tools"),
    "stonemason": ("Stonemason", "a chisel on stone", "tools"),
    "tavern": ("Tavern", "people talking in a tavern", "people"),
    "toolsmith": ("Smith", "a smith hammering", "tools"),
    "tree_falling": ("Falling tree", "a tree falling down", "nature"),
    "winebubble": ("Bubbling", "wine bubbling", "nature"),
    "wolf": ("Wolf", "a wolf howling", "animals"),
    "woodcutting": ("Axe", "an axe chopping wood", "tools"),
}
"""File name without its numbers -> title, what is heard, category."""


class Widelands:
    """The named sounds of the game's animals and workshops."""

    name, title, packages = "widelands", "Widelands", ("widelands-data",)

    def read(self, folder: Path) -> Iterator[RawItem]:
        """One item a sound."""
        for path in sorted((folder / ROOT).rglob("*.ogg")):
            known = SOUNDS.get(re.sub(r"\d*(_\d+)?$", "", path.stem))
            if known:
                yield _item(path, known)


def _item(path: Path, known: tuple[str, str, str]) -> RawItem:
    return RawItem(
        key=f"{path.parent.name}-{path.stem}",
        **Named(*known).fields(),
        licence="GPL-2.0-or-later",
        credit="The Widelands Development Team",
        audio=path.read_bytes(),
    )


PLUGIN = Plugin("widelands", Widelands.title, Widelands)
