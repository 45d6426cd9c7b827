"""Hydrogen's drum kits: what a sample is, from the words of its file name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.registry import Plugin

MOST_OF_ONE = 6
"""Samples of one drum that are taken from one kit; the others are the same drum struck harder."""
DRUMS: tuple[tuple[str, str], ...] = (
    (r"cow_?bell", "Cowbell"),
    (r"agogo", "Agogo bell"),
    (r"tamb", "Tambourine"),
    (r"triang", "Triangle"),
    (r"bongo", "Bongo"),
    (r"conga", "Conga"),
    (r"shak|cabasa|maraca", "Maracas"),
    (r"clap", "Hand clap"),
    (r"rim|stick", "Drum stick"),
    (r"hi_?hat|h_?hat|(^|_)hat|hihat|(^|[-_])hh", "Hi-hat cymbal"),
    (r"crash", "Crash cymbal"),
    (r"ride", "Ride cymbal"),
    (r"splash|china|cymbal|(^|[-_])cym", "Cymbal"),
    (r"snare|(^|[-_])sn?[-_]|jsnare", "Snare drum"),
    (r"kick|bass_?drum|(^|[-_])bd", "Bass drum"),
    (r"tom", "Tom drum"),
)
"""Pattern in the lower-case file name -> title; the first that fits."""


class Hydrogen:
    """Named single drum sounds."""

    name, title, packages = "hydrogen", "Hydrogen drum kits", ("hydrogen-drumkits",)

    def read(self, folder: Path) -> Iterator[RawItem]:
        """One item a sample, a few of each drum of each kit."""
        taken: Counter[tuple[str, str]] = Counter()
        for path in sorted((folder / "usr/share/hydrogen/data/drumkits").rglob("*")):
            drum = drum_name(path.stem) if path.suffix.lower() in (".wav", ".flac") else ""
            if drum and taken[path.parent.name, drum] < MOST_OF_ONE:
                taken[path.parent.name, drum] += 1
                yield _item(path, drum)


def drum_name(stem: str) -> str:
    """``"HiHatClosed-0"`` -> ``"Hi-hat cymbal"``; empty where the name says nothing."""
    return next((title for pattern, title in DRUMS if re.search(pattern, stem.lower())), "")


def _item(path: Path, drum: str) -> RawItem:
    return RawItem(
        key=f"{path.parent.name}-{path.stem}",
        title=drum,
        text=f"The sound of a {drum.lower()}.",
        tags=("drum", "percussion", "instrument"),
        category="instruments",
        licence="GPL-2.0-or-later",
        credit=f"{path.parent.name}, Hydrogen drum kits",
        audio=path.read_bytes(),
    )


PLUGIN = Plugin("hydrogen", Hydrogen.title, Hydrogen)
