"""The canvas on which what was heard is drawn: the encoder's own log-mel bands, in decibels, of the whole sound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types import Audio, Spectrogram

FLOOR_DECIBELS = -80.0
MAX_FRAMES = 900
"""More columns than a screen shows are merged, loudest wins, so that a click stays visible in a long sound."""


def spectrogram(audio: Audio) -> Spectrogram:
    """The sound in the bands that the encoder hears, 0 dB at the loudest cell, nothing below -80 dB."""
    from mmrec_core.encoders.logmel import log_mel

    heard = log_mel(audio)
    # log_mel gives log10(10000 p + 1); p is taken back out of it
    power = np.expm1(heard.matrix.astype(np.float64) * np.log(10.0))
    power, edges = merge_frames(power, heard.seconds)
    loudest = max(float(power.max()), np.finfo(np.float64).tiny)
    decibels = 10.0 * np.log10(np.maximum(power / loudest, 10.0 ** (FLOOR_DECIBELS / 10.0)))
    return Spectrogram(decibels.T.astype(np.float32), tuple(edges.tolist()), tuple(heard.hertz.tolist()))


def merge_frames(
    frames: NDArray[np.float64], edges: NDArray[np.float64], most: int = MAX_FRAMES
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """At most ``most`` frames (n, bands), each the maximum of neighbours, and their edges (n + 1,)."""
    step = -(-len(frames) // most)
    if step == 1:
        return frames, edges
    starts = np.arange(0, len(frames), step)
    return np.maximum.reduceat(frames, starts, axis=0), np.append(edges[starts], edges[-1])
