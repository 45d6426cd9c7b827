"""What a laptop's microphone in a room makes of a sound: 16 kHz, noise at 10 dB, three seconds."""

from __future__ import annotations

import numpy as np
from scipy.signal import resample_poly

from mmrec_core.types import Audio, Samples

RATE = 16_000
DECIBELS = 10.0
SECONDS = 3.0


def through_microphone(audio: Audio, seed: int) -> Audio:
    """The loudest three seconds, resampled to 16 kHz, with pink noise 10 dB below the sound.

    Pink noise (power falling with frequency) is closer to a room than white noise.
    """
    up, down = RATE // np.gcd(RATE, audio.rate), audio.rate // np.gcd(RATE, audio.rate)
    samples = _loudest(resample_poly(audio.samples, up, down).astype(np.float32), int(SECONDS * RATE))
    noise = pink_noise(len(samples), np.random.default_rng(seed))
    gain = np.sqrt(np.mean(samples**2) / max(float(np.mean(noise**2)), 1e-12)) / 10 ** (DECIBELS / 20)
    mixed = samples + noise * np.float32(gain)
    return Audio((mixed / max(1.0, float(np.abs(mixed).max()))).astype(np.float32), RATE)


def pink_noise(count: int, rng: np.random.Generator) -> Samples:
    """Noise whose power is proportional to 1/f."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    return np.fft.irfft(spectrum, count).astype(np.float32)


def _loudest(samples: Samples, count: int) -> Samples:
    if len(samples) <= count:
        return samples
    energy = np.concatenate([[0.0], np.cumsum(samples.astype(np.float64) ** 2)])
    start = int(np.argmax(energy[count:] - energy[:-count]))
    return samples[start : start + count]
