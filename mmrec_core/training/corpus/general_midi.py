"""Musical instruments: short seeded phrases played from a General MIDI SoundFont, named by the General MIDI standard."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from mmrec_core.catalogue.base import RawItem
from mmrec_core.registry import Plugin
from mmrec_core.training.corpus.soundfont import SoundFont, Zone, play
from mmrec_core.types import Samples

FONT = "usr/share/sounds/sf2/FluidR3_GM.sf2"
RATE = 44100
PHRASES, STRIKES = 5, 2
SCALE = (0, 2, 4, 5, 7, 9, 11, 12)
DRUM_BANK = 128
PROGRAMS: dict[int, str] = {
    0: "Piano", 1: "Piano", 3: "Honky-tonk piano", 4: "Electric piano", 6: "Harpsichord", 8: "Celesta",
    9: "Glockenspiel", 10: "Music box", 11: "Vibraphone", 12: "Marimba", 13: "Xylophone", 14: "Tubular bells",
    15: "Dulcimer", 16: "Organ", 19: "Church organ", 21: "Accordion", 22: "Harmonica", 23: "Accordion", 24: "Guitar",
    25: "Guitar", 26: "Electric guitar", 27: "Electric guitar", 28: "Electric guitar", 29: "Electric guitar",
    30: "Electric guitar", 32: "Double bass", 33: "Bass guitar", 34: "Bass guitar", 35: "Bass guitar", 40: "Violin",
    41: "Viola", 42: "Cello", 43: "Double bass", 45: "Violin", 46: "Harp", 47: "Timpani", 48: "String orchestra",
    49: "String orchestra", 52: "Choir", 53: "Choir", 56: "Trumpet", 57: "Trombone", 58: "Tuba", 59: "Trumpet",
    60: "Horn", 61: "Brass band", 64: "Saxophone", 65: "Saxophone", 66: "Saxophone", 67: "Saxophone", 68: "Oboe",
    69: "Oboe", 70: "Bassoon", 71: "Clarinet", 72: "Flute", 73: "Flute", 74: "Recorder", 75: "Pan flute",
    77: "Shakuhachi flute", 78: "Whistle", 79: "Ocarina", 104: "Sitar", 105: "Banjo", 106: "Shamisen", 107: "Koto",
    108: "Kalimba", 109: "Bagpipes", 110: "Violin", 111: "Shehnai", 113: "Agogo bell", 114: "Steel drum",
    115: "Wood block", 116: "Taiko drum",
}  # fmt: skip
"""Program number -> title; synthetic pads and effects have no name that a person would search for."""
EFFECTS: dict[int, tuple[str, str, str]] = {
    122: ("Sea", "waves on the sea shore", "nature"),
    123: ("Bird", "a bird singing", "birds"),
    124: ("Telephone", "a telephone ringing", "household"),
    125: ("Helicopter", "a helicopter flying", "aircraft"),
    126: ("Applause", "people applauding", "people"),
    127: ("Gun", "a gun shot", "weapons"),
}
DRUMS: dict[int, str] = {
    35: "Bass drum", 36: "Bass drum", 37: "Drum stick", 38: "Snare drum", 39: "Hand clap", 40: "Snare drum",
    41: "Tom drum", 42: "Hi-hat cymbal", 43: "Tom drum", 45: "Tom drum", 46: "Hi-hat cymbal", 47: "Tom drum",
    49: "Crash cymbal", 51: "Ride cymbal", 52: "Cymbal", 54: "Tambourine", 55: "Splash cymbal", 56: "Cowbell",
    57: "Crash cymbal", 58: "Vibraslap", 59: "Ride cymbal", 60: "Bongo", 61: "Bongo", 62: "Conga", 63: "Conga",
    64: "Conga", 65: "Timbale", 66: "Timbale", 67: "Agogo bell", 68: "Agogo bell", 69: "Maracas", 70: "Maracas",
    71: "Whistle", 72: "Whistle", 73: "Guiro", 74: "Guiro", 75: "Claves", 76: "Wood block", 77: "Wood block",
    78: "Cuica", 79: "Cuica", 80: "Triangle", 81: "Triangle",
}  # fmt: skip
"""Key of the standard drum kit -> title."""


class GeneralMidi:
    """Instruments, drums and a few effects of the Fluid (R3) SoundFont."""

    name, title, packages = "general_midi", "Fluid (R3) General MIDI SoundFont", ("fluid-soundfont-gm",)

    def read(self, folder: Path) -> Iterator[RawItem]:
        """Phrases of each instrument, strokes of each drum, one sound of each effect."""
        font = SoundFont(folder / FONT)
        for program, title in PROGRAMS.items():
            zones = font.zones(0, program)
            for number in range(PHRASES if zones else 0):
                sound = phrase(zones, np.random.default_rng([program, number]))
                yield _item(f"{program}-{number}", title, f"{_one(title)} playing", "instruments", sound)
        drums = font.zones(DRUM_BANK, 0)
        for key, title in DRUMS.items():
            for number in range(STRIKES):
                sound = strokes(drums, key, np.random.default_rng([DRUM_BANK, key, number]))
                yield _item(f"drum-{key}-{number}", title, _one(title), "instruments", sound)
        for program, (title, heard, category) in EFFECTS.items():
            zones = font.zones(0, program)
            if zones:
                yield _item(f"{program}", title, heard, category, play(zones[0], zones[0].root, 4.0, RATE))


def phrase(zones: list[Zone], rng: np.random.Generator) -> Samples:
    """Three to nine notes of a major scale near the roots of the samples, some together, in three to five seconds."""
    base = float(np.clip(round(zones[int(rng.integers(len(zones)))].root), 36, 84))
    line = np.zeros(int(rng.uniform(3.0, 5.0) * RATE), np.float32)
    beat = rng.uniform(0.18, 0.8)
    at = 0.0
    while at * RATE < len(line):
        for _ in range(int(rng.choice([1, 1, 1, 2, 3]))):
            key = base + SCALE[int(rng.integers(len(SCALE)))]
            _add(line, play(_serving(zones, key), key, beat * rng.uniform(0.9, 2.0), RATE), at, rng.uniform(0.5, 1.0))
        at += beat * float(rng.choice([0.5, 1.0, 1.0, 2.0]))
    return _level(line)


def strokes(zones: list[Zone], key: int, rng: np.random.Generator) -> Samples:
    """One to four strokes of a drum."""
    count, beat = int(rng.integers(1, 5)), rng.uniform(0.25, 0.6)
    line = np.zeros(int((count * beat + 1.2) * RATE), np.float32)
    for number in range(count):
        _add(line, play(_serving(zones, key), key, 1.2, RATE), number * beat, rng.uniform(0.5, 1.0))
    return _level(line)


def _serving(zones: list[Zone], key: float) -> Zone:
    """A zone whose keys hold ``key``, otherwise the one whose root is nearest."""
    inside = [zone for zone in zones if zone.low <= key <= zone.high]
    return min(inside or zones, key=lambda zone: abs(zone.root - key))


def _add(line: Samples, note: Samples, at: float, gain: float) -> None:
    start = int(at * RATE)
    room = min(len(note), len(line) - start)
    line[start : start + room] += note[:room] * np.float32(gain)


def _level(line: Samples) -> Samples:
    return (line * np.float32(0.8 / max(float(np.abs(line).max()), 1e-6))).astype(np.float32)


def _one(title: str) -> str:
    return f"{'an' if title[0] in 'AEIOU' else 'a'} {title.lower()}"


def _item(key: str, title: str, heard: str, category: str, sound: Samples) -> RawItem:
    import soundfile

    stored = io.BytesIO()
    soundfile.write(stored, sound, RATE, format="FLAC")
    return RawItem(
        key=key,
        title=title,
        text=f"The sound of {heard}.",
        tags=("instrument", title.lower()) if category == "instruments" else (title.lower(), "sound"),
        category=category,
        licence="MIT",
        credit="Frank Wen, Fluid (R3) SoundFont",
        audio=stored.getvalue(),
    )


PLUGIN = Plugin("general_midi", GeneralMidi.title, GeneralMidi)
