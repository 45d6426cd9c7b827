"""SoundFont 2 files (E-mu, 1998), as much of them as playing single notes takes: presets, their samples, loops and roots.

A file is RIFF chunks; ``pdta`` holds tables of presets -> zones -> instruments -> zones -> samples, ``smpl`` 16-bit audio.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types import Samples

KEYS, INSTRUMENT, COARSE, FINE, SAMPLE, MODES, ROOT = 43, 41, 51, 52, 53, 54, 58
"""Generators (SoundFont 2.04, section 8.1) that are read here."""
WHOLE_RANGE = 0x7F00
FADE = 0.08


@dataclass(frozen=True)
class Zone:
    """One sample of an instrument and the keys it serves; ``loop`` in samples, empty where it is played once."""

    low: int
    high: int
    root: float
    data: NDArray[np.int16]
    loop: tuple[int, int]
    rate: int


class SoundFont:
    """A file opened for playing.

    Args:
        path: of the ``.sf2`` file.
    """

    def __init__(self, path: Path) -> None:
        chunks = dict(_chunks(path.read_bytes()))
        self.audio = np.frombuffer(chunks["smpl"], "<i2")
        self.presets = [_preset(row) for row in _records(chunks["phdr"], "20sHHHIII")]
        self.preset_bags = _records(chunks["pbag"], "HH")
        self.preset_generators = _records(chunks["pgen"], "HH")
        self.instruments = [row[1] for row in _records(chunks["inst"], "20sH")]
        self.bags = _records(chunks["ibag"], "HH")
        self.generators = _records(chunks["igen"], "HH")
        self.samples = _records(chunks["shdr"], "20sIIIIIBbHH")

    def zones(self, bank: int, program: int) -> list[Zone]:
        """All zones of a preset, stereo ones by their first channel; empty where the file has no such preset."""
        found: list[Zone] = []
        for number, (preset_bank, preset_program, bag) in enumerate(self.presets[:-1]):
            if (preset_bank, preset_program) == (bank, program):
                for generators in self._zone_generators(bag, self.presets[number + 1][2], preset=True):
                    if INSTRUMENT in generators:
                        found += self._instrument_zones(generators[INSTRUMENT])
        return found

    def _instrument_zones(self, instrument: int) -> Iterator[Zone]:
        common: dict[int, int] = {}
        for generators in self._zone_generators(self.instruments[instrument], self.instruments[instrument + 1]):
            if SAMPLE not in generators:
                common = generators
                continue
            zone = self._zone({**common, **generators})
            if zone is not None:
                yield zone

    def _zone_generators(self, first: int, last: int, preset: bool = False) -> Iterator[dict[int, int]]:
        bags, table = (self.preset_bags, self.preset_generators) if preset else (self.bags, self.generators)
        for bag in range(first, last):
            yield dict(table[bags[bag][0] : bags[bag + 1][0]])

    def _zone(self, generators: dict[int, int]) -> Zone | None:
        _, start, end, loop_start, loop_end, rate, root, cents, _, kind = self.samples[generators[SAMPLE]]
        if kind & 0x8000 or end <= start or rate == 0:
            return None
        keys = generators.get(KEYS, WHOLE_RANGE)
        tuned = generators.get(ROOT, root) - cents / 100
        tuned -= _signed(generators.get(COARSE, 0)) + _signed(generators.get(FINE, 0)) / 100
        loops = generators.get(MODES, 0) in (1, 3) and loop_end - loop_start > 8
        loop = (loop_start - start, loop_end - start) if loops else (0, 0)
        return Zone(keys & 0xFF, keys >> 8, tuned, self.audio[start:end], loop, rate)


def play(zone: Zone, key: float, seconds: float, rate: int) -> Samples:
    """One note: the sample resampled linearly to ``key``, looped as long as it lasts, faded at the end."""
    step = 2 ** ((key - zone.root) / 12) * zone.rate / rate
    place = np.arange(int(seconds * rate)) * step
    start, end = zone.loop
    if end:
        place = np.where(place < end, place, start + (place - start) % (end - start))
    else:
        place = place[place < len(zone.data) - 1]
    left = np.minimum(place.astype(np.int64), len(zone.data) - 2)
    share = (place - left).astype(np.float32)
    note = (zone.data[left] * (1 - share) + zone.data[left + 1] * share) / np.float32(32768)
    fade = min(len(note), int(FADE * rate))
    if fade:
        note[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return note.astype(np.float32)


def _chunks(data: bytes, start: int = 12, end: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Leaf chunks by name, lists opened."""
    end = len(data) if end is None else end
    while start + 8 <= end:
        name, size = data[start : start + 4].decode("latin-1"), struct.unpack_from("<I", data, start + 4)[0]
        if name == "LIST":
            yield from _chunks(data, start + 12, start + 8 + size)
        else:
            yield name, data[start + 8 : start + 8 + size]
        start += 8 + size + size % 2


def _records(chunk: bytes, layout: str) -> list[tuple]:
    return list(struct.iter_unpack("<" + layout, chunk))


def _preset(row: tuple) -> tuple[int, int, int]:
    """(bank, program, first zone)."""
    return row[2], row[1], row[3]


def _signed(value: int) -> int:
    return value - 65536 if value >= 32768 else value
