"""Catalogue sounds: kept as they are where a browser plays them, after a look that they can be decoded and heard."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from mmrec_core.errors import UnreadableError

SUFFIXES = {"WAV": "wav", "WAVEX": "wav", "OGG": "ogg", "FLAC": "flac", "MP3": "mp3", "MPEG": "mp3"}
SHORTEST_SECONDS = 0.05
SILENT_PEAK = 1e-3


@dataclass(frozen=True)
class Sound:
    """A sound ready to be stored: the file's bytes and its suffix."""

    data: bytes
    suffix: str


def prepare_sound(data: bytes) -> Sound:
    """Check one sound by decoding all of it.

    Raises:
        UnreadableError: not a WAV, OGG, FLAC or MP3; shorter than 0.05 s; or no sample above -60 dB.
    """
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as stream:
            suffix, rate = SUFFIXES.get(stream.format), stream.samplerate
            samples = stream.read(dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, ValueError, OverflowError) as error:
        raise UnreadableError("sound unreadable") from error
    if suffix is None:
        raise UnreadableError("sound of another format")
    if len(samples) <= SHORTEST_SECONDS * rate:
        raise UnreadableError("sound too short")
    if not np.isfinite(samples).all() or np.abs(samples).max() < SILENT_PEAK:
        raise UnreadableError("sound silent")
    return Sound(data, suffix)
