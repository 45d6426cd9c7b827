"""Log-mel spectrogram as aiSFX was trained on: the same for encoding and for drawing."""

from __future__ import annotations

from functools import lru_cache
from math import gcd
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mmrec_core.types import Audio

RATE = 44_100
N_FFT = 2048
HOP = 1024
BANDS = 96
TOP_HERTZ = 22_050.0
_FRAMES_A_CHUNK = 2048
_MEL_A_DECADE, _MEL_CORNER = 2595.0, 700.0


class LogMel(NamedTuple):
    """A spectrogram and its edges.

    ``matrix`` (n_frames, 96), log10(10000 power + 1); ``seconds`` (n_frames + 1,) on the sound's own time axis;
    ``hertz`` (97,).
    """

    matrix: NDArray[np.float32]
    seconds: NDArray[np.float64]
    hertz: NDArray[np.float64]


def log_mel(audio: Audio) -> LogMel:
    """Power spectrogram (Hann 2048, hop 1024, centred) of the peak-normalised sound in 96 HTK mel bands, each summing to one.

    Any rate is resampled to 44,100 Hz. Works through long sounds in chunks, so memory stays flat. Frame i is centred at
    ``i * 1024 / 44100`` seconds; an empty sound has one silent frame.
    """
    import torch

    samples = normalise_peak(at_rate(audio).samples)
    frames = 1 + len(samples) // HOP
    padded = torch.nn.functional.pad(torch.from_numpy(samples), (N_FFT // 2, N_FFT // 2 + HOP))
    window, bands = torch.hann_window(N_FFT), torch.from_numpy(mel_bands())
    parts = []
    for first in range(0, frames, _FRAMES_A_CHUNK):
        count = min(_FRAMES_A_CHUNK, frames - first)
        piece = padded[first * HOP : (first + count - 1) * HOP + N_FFT]
        spectrum = torch.stft(piece, N_FFT, HOP, window=window, center=False, return_complex=True)
        power = spectrum.real.square() + spectrum.imag.square()
        parts.append(torch.log10(10_000.0 * (bands @ power) + 1.0).T)
    matrix = torch.cat(parts).contiguous().numpy()
    return LogMel(matrix, frame_edges(frames, audio.seconds), band_edges())


def normalise_peak(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sound with its largest magnitude at one; silence stays silence."""
    peak = float(np.max(np.abs(samples), initial=0.0))
    return np.ascontiguousarray(samples / peak if peak > 0 else samples, dtype=np.float32)


def at_rate(audio: Audio, rate: int = RATE) -> Audio:
    """The sound at ``rate`` Hz, by polyphase resampling."""
    if audio.rate == rate:
        return audio
    from scipy.signal import resample_poly

    step = gcd(rate, audio.rate)
    samples = resample_poly(audio.samples, rate // step, audio.rate // step) if len(audio.samples) else audio.samples
    return Audio(np.asarray(samples, dtype=np.float32), rate)


@lru_cache(maxsize=1)
def mel_bands() -> NDArray[np.float32]:
    """Triangular filters (96, 1025) on the HTK mel scale, 0 to 22,050 Hz, each with weights that sum to one."""
    centres = mel_to_hertz(np.arange(BANDS + 2) * (hertz_to_mel(TOP_HERTZ) / (BANDS + 1)))
    bins = np.linspace(0.0, RATE / 2, N_FFT // 2 + 1)
    rising = (bins[None] - centres[:-2, None]) / np.diff(centres)[:-1, None]
    falling = (centres[2:, None] - bins[None]) / np.diff(centres)[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return (triangles / triangles.sum(axis=1, keepdims=True)).astype(np.float32)


def band_edges() -> NDArray[np.float64]:
    """Edges of the bands for drawing, (97,) Hz: half-way in mel between neighbouring centres, and the ends of the range."""
    step = hertz_to_mel(TOP_HERTZ) / (BANDS + 1)
    edges = mel_to_hertz((np.arange(BANDS + 1) + 0.5) * step)
    edges[0], edges[-1] = 0.0, TOP_HERTZ
    return edges


def frame_edges(frames: int, duration: float) -> NDArray[np.float64]:
    """Edges of the frames, (frames + 1,) seconds: half a hop around each centre, clipped to the sound."""
    return np.clip((np.arange(frames + 1) - 0.5) * HOP / RATE, 0.0, duration)


def hertz_to_mel(hertz: float) -> float:
    """O'Shaughnessy's formula, which HTK uses."""
    return float(_MEL_A_DECADE * np.log10(1.0 + hertz / _MEL_CORNER))


def mel_to_hertz(mel: NDArray[np.floating]) -> NDArray[np.float64]:
    """The inverse of ``hertz_to_mel``."""
    return np.asarray(_MEL_CORNER * (10.0 ** (mel / _MEL_A_DECADE) - 1.0), np.float64)
