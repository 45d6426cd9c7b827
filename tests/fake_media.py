"""An invented catalogue, drawn pictures and synthetic sounds."""

from __future__ import annotations

import io
import zlib

import numpy as np
from PIL import Image, ImageDraw

from mmrec_core.types import Audio, ImageArray, Item

RATE = 22_050
NAMES = (
    ("robin", "birds", "A small bird that sings in the forest at dawn."),
    ("owl", "birds", "A night bird with a deep call."),
    ("dog", "animals", "A loyal animal that barks at strangers."),
    ("apple", "food", "A crisp red fruit from the orchard."),
    ("bread", "food", "A loaf with a dark crust, baked this morning."),
    ("violin", "instruments", "Four strings and a bow, bright and singing."),
    ("drum", "instruments", "A deep drum that keeps the beat."),
    ("steam train", "vehicles", "An engine that whistles and puffs."),
    ("rowing boat", "boats", "A wooden boat on a quiet lake."),
    ("red planet", "planets", "A dry world of dust and canyons."),
    ("castle", "places", "Old stone walls above the river."),
    ("thunder", "nature", "A storm rolls over the hills."),
)
SILENT = {"apple", "bread", "castle", "red planet"}
BLIND = {"thunder"}


def make_items() -> tuple[Item, ...]:
    """Twelve invented items: most with a picture and a sound, some without one of them."""
    return tuple(
        Item(
            id=f"fake/{name.replace(' ', '-')}",
            title=name.capitalize(),
            text=text,
            tags=(category, name.split()[-1]),
            category=category,
            source="fake-a" if number % 2 else "fake-b",
            licence="CC0-1.0",
            credit="Made by the tests",
            image=None if name in BLIND else f"images/{name}.png",
            audio=None if name in SILENT else f"sounds/{name}.wav",
        )
        for number, (name, category, text) in enumerate(NAMES)
    )


def seed_of(*parts: object) -> int:
    """A number that depends on nothing but the parts."""
    return zlib.crc32("|".join(map(str, parts)).encode())


def draw_picture(name: str, size: int = 96) -> ImageArray:
    """A disc of the name's own colour on a pale ground."""
    colour = tuple(int(c) for c in np.random.default_rng(seed_of(name)).integers(0, 255, 3))
    picture = Image.new("RGB", (size, size), (236, 236, 228))
    ImageDraw.Draw(picture).ellipse((size // 6, size // 6, size * 5 // 6, size * 5 // 6), fill=colour)
    return np.asarray(picture)


def make_sound(name: str, seconds: float = 1.0) -> Audio:
    """A fading tone of the name's own pitch."""
    time = np.arange(int(RATE * seconds)) / RATE
    hertz = 220 + seed_of(name) % 1200
    return Audio((0.4 * np.sin(2 * np.pi * hertz * time) * np.exp(-2 * time)).astype(np.float32), RATE)


def png_bytes(picture: ImageArray) -> bytes:
    """The picture as a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


def wav_bytes(audio: Audio) -> bytes:
    """The sound as a 16-bit WAV file."""
    import soundfile

    buffer = io.BytesIO()
    soundfile.write(buffer, audio.samples, audio.rate, format="WAV")
    return buffer.getvalue()


def word_spans(text: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of each word."""
    spans, start = [], 0
    for word in text.split():
        start = text.index(word, start)
        spans.append((start, start + len(word)))
        start += len(word)
    return tuple(spans)
