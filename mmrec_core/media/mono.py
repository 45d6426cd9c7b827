"""Decoded frames of any layout -> chunks of mono samples at one rate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mmrec_core.media.limits import LIMITS
from mmrec_core.types import Samples

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler

_LOUDEST = 2.0**31
"""Float samples beyond this are no sound: even 32-bit integers written as floats stay below."""


_DTYPES = {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}
"""Of FFmpeg's sample formats; a planar one has a p behind."""


class MonoMixer:
    """Takes the mean of the channels and resamples (libswresample) where the rates differ.

    Samples that are no numbers count as zero: one would spoil a whole filter length. ``seen`` and ``bad`` count samples
    of all channels.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.seen = 0
        self.bad = 0
        self._resampler: AudioResampler | None = None
        self._source_rate = rate

    def mix(self, frame: AudioFrame) -> Iterator[Samples]:
        """The samples that are ready after ``frame``; ValueError for a rate beyond the limits."""
        from av.audio.resampler import AudioResampler

        if not LIMITS.min_sample_rate <= frame.sample_rate <= LIMITS.max_sample_rate:
            # One frame of 65,535 samples at 1 Hz would become 18 hours.
            raise ValueError(f"its sample rate changes to {frame.sample_rate:,} Hz")
        if frame.sample_rate != self._source_rate:  # the first frame, or a stream that changes on its way
            yield from self.rest()
            self._source_rate = frame.sample_rate
            if self._source_rate != self.rate:
                self._resampler = AudioResampler(format="flt", layout="mono", rate=self.rate)
        mono = self._finite(to_unit(channels_of(frame))).mean(axis=1, dtype=np.float32)
        yield from self._resampled(mono) if self._resampler else (mono,)

    def rest(self) -> Iterator[Samples]:
        """What the resampler still holds; call it once at the end."""
        if self._resampler is not None:
            yield from (_flat(out) for out in self._resampler.resample(None))
        self._resampler = None

    def _resampled(self, mono: Samples) -> Iterator[Samples]:
        from av.audio.frame import AudioFrame

        assert self._resampler is not None  # noqa: S101  (the caller looked)
        frame = AudioFrame.from_ndarray(mono[None, :], "flt", "mono")
        frame.sample_rate = self._source_rate
        yield from (_flat(out) for out in self._resampler.resample(frame))

    def _finite(self, values: Samples) -> Samples:
        self.seen += values.size
        usable = np.abs(values) <= _LOUDEST  # False for NaN
        if usable.all():
            return values
        self.bad += int(values.size - np.count_nonzero(usable))
        return np.where(usable, values, np.float32(0.0))


def _flat(frame: AudioFrame) -> Samples:
    return frame.to_ndarray().reshape(-1).astype(np.float32, copy=False)


def to_unit(values: NDArray[np.generic]) -> Samples:
    """Samples of any type as float32, integers scaled so that full scale is 1. Unsigned ones rest at half of their range."""
    if values.dtype.kind == "f":
        with np.errstate(over="ignore"):  # doubles beyond float32 become infinite, and are counted as no numbers
            return values.astype(np.float32, copy=False)
    half = 2.0 ** (8 * values.dtype.itemsize - 1)
    rest = half if values.dtype.kind == "u" else 0.0
    return ((values.astype(np.float64) - rest) / half).astype(np.float32)


def channels_of(frame: AudioFrame) -> NDArray[np.generic]:
    """The samples of a frame as they are, shape (n, channels).

    (PyAV's own ``to_ndarray`` counts the planes of a planar frame by looking for a null behind them. From eight channels on
    there is none, and it reads memory that is not its own: version 18 ends with a segmentation fault.)
    """
    from av.audio.plane import AudioPlane

    channels = frame.layout.nb_channels
    dtype = np.dtype(_DTYPES[frame.format.name.removesuffix("p")])
    if frame.format.is_planar:
        planes = [np.frombuffer(AudioPlane(frame, i), dtype, frame.samples) for i in range(channels)]
        return np.stack(planes, axis=1)
    return np.frombuffer(AudioPlane(frame, 0), dtype, frame.samples * channels).reshape(-1, channels)
