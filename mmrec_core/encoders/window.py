"""Which part of a long sound an encoder listens to: the window where most happens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types import Samples

FRAME = 1024
_FRAMES_A_CHUNK = 256
"""Their spectra take 3 MB."""


def telling_window(samples: Samples, length: int) -> int:
    """First sample of the most telling ``length`` samples; 0 where the sound is not longer than that.

    Each frame of 1024 samples is worth its loudness (RMS) times its novelty (spectral flux: the sum of the rises of the
    magnitude spectrum since the frame before), so that neither a steady hum nor a faint rustle wins. The window with the
    largest total starts on a frame; the earliest of equal ones is taken. Deterministic.
    """
    if len(samples) <= length:
        return 0
    worth = frame_worth(samples)
    width = max(1, length // FRAME)
    totals = np.convolve(worth, np.ones(width), mode="valid") if len(worth) >= width else worth[:1]
    first = int(np.argmax(totals)) * FRAME
    return min(first, len(samples) - length)


def frame_worth(samples: Samples) -> NDArray[np.float64]:
    """RMS times spectral flux of each whole frame, shape (n // 1024,)."""
    count = len(samples) // FRAME
    frames = samples[: count * FRAME].reshape(count, FRAME)
    worth, before = np.zeros(count), np.zeros(FRAME // 2 + 1, dtype=np.float32)
    for first in range(0, count, _FRAMES_A_CHUNK):
        chunk = frames[first : first + _FRAMES_A_CHUNK]
        magnitude = np.abs(np.fft.rfft(chunk * np.hanning(FRAME).astype(np.float32), axis=1)).astype(np.float32)
        rises = np.maximum(0.0, np.diff(np.vstack([before, magnitude]), axis=0)).sum(axis=1)
        loudness = np.sqrt(np.mean(np.square(chunk, dtype=np.float64), axis=1))
        worth[first : first + len(chunk)] = loudness * rises
        before = magnitude[-1]
    return worth
