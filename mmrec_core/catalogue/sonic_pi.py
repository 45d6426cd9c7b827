"""Sonic Pi's samples: short sounds of drums, synths and rooms, named by a prefix and a word. CC0; authors by the package's copyright file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.catalogue.dep5 import Grant, Licences, read_licences
from mmrec_core.registry import Plugin


@dataclass(frozen=True)
class Family:
    """What a prefix of the sample names stands for. ``words`` go before the rest of the name in the title."""

    words: str
    sentence: str
    tags: tuple[str, ...]
    category: str


FAMILIES: dict[str, Family] = {
    "ambi": Family("Ambient", "An ambient sound", ("ambient", "atmosphere"), "beats"),
    "bass": Family("Bass", "A synthesised bass note", ("bass", "synth"), "beats"),
    "bd": Family("Bass drum", "A bass drum hit", ("bass drum", "kick", "drum"), "beats"),
    "drum": Family("Drum kit", "A hit on an acoustic drum kit", ("drum", "percussion"), "instruments"),
    "elec": Family("Electronic", "An electronic sound effect", ("electronic", "synth"), "beats"),
    "glitch": Family("Glitch", "A glitchy digital sound", ("glitch", "digital"), "beats"),
    "guit": Family("Guitar", "A guitar", ("guitar", "strings"), "instruments"),
    "loop": Family("Loop", "A loop of music", ("loop", "rhythm"), "beats"),
    "mehackit": Family("Hacked", "A sound made from a hacked device", ("electronic", "sampled"), "electronics"),
    "misc": Family("", "A sound effect", ("sound effect",), "misc"),
    "perc": Family("Percussion", "A percussive sound", ("percussion",), "instruments"),
    "sn": Family("Snare drum", "A snare drum hit", ("snare", "drum"), "beats"),
    "tabla": Family(
        "Tabla", "A stroke on the tabla, a pair of Indian hand drums", ("tabla", "drum", "India"), "instruments"
    ),
    "vinyl": Family("Vinyl", "The sound of a vinyl record", ("vinyl", "record player", "turntable"), "electronics"),
}

WORDS: dict[str, str] = {
    "c": "in C", "f": "in F", "g": "in G", "dnb": "drum and bass", "filt": "filtered", "hi": "high", "lo": "low",
    "tek": "techno", "haus": "house", "klub": "club", "em9": "E minor 9 chord", "e": "E", "amen": "Amen break", "voxy": "voice-like",
    "perc": "percussion", "drone": "drone", "ne": "ne", "o": "open", "s": "short", "m": "muted", "cineboom": "cinema boom",
    "backspin": "backspin", "compus": "Compus", "3d": "3D", "na": "na", "plip": "plip", "ada": "Ada", "mika": "Mika",
    "mehackit": "hacked", "woosh": "whoosh",
}  # fmt: skip
"""Word of a sample name -> how it is said in a title."""

TITLES: dict[str, str] = {
    "ambi_dark_woosh": "Dark ambient whoosh",
    "ambi_drone": "Ambient drone",
    "ambi_glass_hum": "Humming glass",
    "ambi_glass_rub": "Rubbed glass",
    "ambi_haunted_hum": "Haunted hum",
    "ambi_lunar_land": "Lunar landing ambience",
    "ambi_piano": "Ambient piano",
    "ambi_sauna": "Sauna steam",
    "ambi_soft_buzz": "Soft ambient buzz",
    "drum_cowbell": "Cowbell",
    "drum_roll": "Drum roll",
    "guit_e_fifths": "Guitar fifths in E",
    "guit_e_slide": "Guitar slide in E",
    "guit_em9": "Guitar chord E minor 9",
    "guit_harmonics": "Guitar harmonics",
    "loop_3d_printer": "Loop of a 3D printer",
    "loop_drone_g_97": "Drone loop in G at 97 bpm",
    "loop_amen": "Amen break loop",
    "loop_amen_full": "Amen break loop, full",
    "misc_burp": "Burp",
    "misc_cineboom": "Cinematic boom",
    "misc_crow": "Crow cawing",
    "perc_bell": "Bell",
    "perc_bell2": "Bell 2",
    "perc_door": "Slamming door",
    "perc_snap": "Finger snap",
    "perc_snap2": "Finger snap 2",
    "perc_till": "Cash till",
}
"""Samples that are something one can name, and what it is."""

CATEGORIES_BY_SAMPLE: dict[str, str] = {
    "ambi_glass_hum": "household",
    "ambi_glass_rub": "household",
    "ambi_lunar_land": "planets",
    "ambi_piano": "instruments",
    "ambi_sauna": "nature",
    "elec_bell": "instruments",
    "elec_triangle": "instruments",
    "glitch_robot1": "electronics",
    "glitch_robot2": "electronics",
    "loop_3d_printer": "electronics",
    "loop_industrial": "tools",
    "loop_tabla": "instruments",
    "misc_burp": "people",
    "misc_crow": "birds",
    "perc_door": "household",
    "perc_snap": "people",
    "perc_snap2": "people",
    "perc_till": "tools",
}
"""Samples that belong elsewhere than their family."""


class SonicPi:
    """The samples that come with Sonic Pi."""

    name = "sonic_pi"
    title = "Sonic Pi samples"
    packages = ("sonic-pi-samples",)

    def read(self, folder: Path) -> Iterator[RawItem]:
        """One audio-only item a sample, in name order."""
        licences = read_licences(folder, self.packages[0], Grant("CC0-1.0", "Sonic Pi contributors"))
        for path in sorted((folder / "usr/share/sonic-pi/samples").glob("*.flac")):
            family = FAMILIES.get(path.stem.partition("_")[0])
            if family:
                yield _item(path, family, licences)


def _item(path: Path, family: Family, licences: Licences) -> RawItem:
    title = sample_title(path.stem)
    grant = licences.of(f"etc/samples/{path.name}")
    return RawItem(
        key=path.stem,
        title=title,
        text=f"{family.sentence}: {title[:1].lower()}{title[1:]}.",
        tags=tuple(dict.fromkeys((*family.tags, *_tags(title)))),
        category=CATEGORIES_BY_SAMPLE.get(path.stem, family.category),
        licence=grant.licence,
        credit=f"{grant.credit}, Sonic Pi samples",
        audio=path.read_bytes(),
    )


def sample_title(stem: str) -> str:
    """``"bd_808"`` -> ``"Bass drum 808"``; ``"tabla_ke1"`` -> ``"Tabla ke 1"``."""
    if stem in TITLES:
        return TITLES[stem]
    prefix, _, rest = stem.partition("_")
    rest = re.sub(r"(?<=[a-z])(?=\d+$)", "_", rest)
    said = [WORDS.get(word, word) for word in rest.split("_")]
    title = " ".join([FAMILIES[prefix].words, *said]).strip()
    return title[:1].upper() + title[1:]


def _tags(title: str) -> list[str]:
    """Words of the title that can be searched for."""
    return [word for word in title.lower().split() if len(word) > 3 and word.isalpha()]


PLUGIN = Plugin("sonic_pi", SonicPi.title, SonicPi)
