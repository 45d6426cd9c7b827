"""aiSFX (Ma and Lerch, ISMIR 2022; sound effects): a sound -> time x band tokens of 512."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.encoders import aisfx_network, weights
from mmrec_core.encoders.device import Precision, autocast, choose_device
from mmrec_core.encoders.logmel import BANDS, HOP, RATE, at_rate, log_mel
from mmrec_core.encoders.pooling import band_mean_time_max, unit
from mmrec_core.encoders.precision import choose_precision
from mmrec_core.encoders.window import telling_window
from mmrec_core.registry import Plugin
from mmrec_core.settings import Settings
from mmrec_core.types import Audio, AudioGrid, Embeddings, Modality, Tokens, Vector

STRIDE = 8
"""Frames (and mel bands) that one cell of the network's map covers."""
CELL_BANDS = 6
MAX_FRAMES = 432
MIN_FRAMES = 104
"""The network was trained on 100 frames; shorter sounds are padded to the next whole cell."""
BATCH = 4
_SCALE = 9.457798957824707
_PREPROCESSING = "logmel96-10s-1"
_WINDOW = (MAX_FRAMES - 1) * HOP


@dataclass(frozen=True)
class _Heard:
    """One sound, ready for the network: ``spectrogram`` (frames, 96), and the grid and mask of its tokens."""

    spectrogram: NDArray[np.float32]
    mask: NDArray[np.bool_]
    grid: AudioGrid


class AiSFX:
    """The frozen sound encoder, behind the encoder contract.

    Of a sound longer than 10 s the most telling 10 s are heard (``window.telling_window``). The network's 12 band cells are
    averaged in pairs, which leaves the mean over bands as it was: up to 54 time steps x 6 bands. Cells that hold nothing
    but padding are masked.
    """

    modality = Modality.AUDIO
    dim = 512
    bands = CELL_BANDS

    def __init__(self, settings: Settings) -> None:
        self.device = choose_device(settings.device)
        self.version = f"aisfx-{weights.weight_sha(weights.AISFX)}-{_PREPROCESSING}"
        self._model: Any = aisfx_network.load(weights.verified(settings, weights.AISFX)["checkpoint.pth"]).to(
            self.device
        )
        self.precision = choose_precision(settings.home, self.device, self.version, self._probe)

    def encode(self, batch: Sequence[Audio]) -> list[Tokens]:
        """Tokens of each sound, time by time. Sounds of equal length (in cells) share a batch, so padding changes nothing."""
        return self._encode([prepare(audio) for audio in batch], self.precision)

    def pooled(self, tokens: Tokens) -> Vector:
        """The published embedding: mean over bands, then maximum over time; here at length one."""
        return unit(band_mean_time_max(tokens))

    def _encode(self, sounds: list[_Heard], precision: Precision) -> list[Tokens]:
        groups: dict[int, list[int]] = defaultdict(list)
        for row, sound in enumerate(sounds):
            groups[len(sound.spectrogram)].append(row)
        results: dict[int, Tokens] = {}
        for rows in groups.values():
            for start in range(0, len(rows), BATCH):
                chunk = rows[start : start + BATCH]
                maps = self._maps(np.stack([sounds[i].spectrogram for i in chunk]), precision)
                results |= {
                    i: Tokens(values, sounds[i].mask, sounds[i].grid) for i, values in zip(chunk, maps, strict=True)
                }
        return [results[i] for i in range(len(sounds))]

    def _maps(self, spectrograms: NDArray[np.float32], precision: Precision) -> NDArray[np.float32]:
        """Tokens (n, time x 6, 512) of spectrograms (n, frames, 96)."""
        import torch

        with torch.inference_mode(), autocast(self.device, precision):
            maps = self._model(torch.from_numpy(spectrograms).to(self.device)).float()
            count, dim, times, bands = maps.shape
            pairs = maps.reshape(count, dim, times, CELL_BANDS, bands // CELL_BANDS).mean(dim=4)
            return pairs.permute(0, 2, 3, 1).reshape(count, times * CELL_BANDS, dim).cpu().numpy()

    def _probe(self, precision: Precision) -> Embeddings:
        """Pooled embeddings of two fixed sounds: a rising tone, and bursts of noise."""
        time = np.arange(2 * RATE) / RATE
        noise = np.random.default_rng(0).normal(size=len(time)) * (np.sin(8 * time) > 0)
        sounds = [Audio(wave.astype(np.float32), RATE) for wave in (np.sin(2e3 * time**2), noise)]
        return np.stack([self.pooled(t) for t in self._encode([prepare(sound) for sound in sounds], precision)])


def prepare(audio: Audio) -> _Heard:
    """Cut the telling window, take its log-mel, pad to whole cells."""
    sound = at_rate(audio)
    first = telling_window(sound.samples, _WINDOW)
    heard = Audio(sound.samples[first : first + _WINDOW], RATE)
    matrix = log_mel(heard).matrix / np.float32(_SCALE)
    frames = max(MIN_FRAMES, -(-len(matrix) // STRIDE) * STRIDE)
    padded = np.zeros((frames, BANDS), dtype=np.float32)
    padded[: len(matrix)] = matrix
    real = np.arange(frames // STRIDE) * STRIDE < len(matrix)
    return _Heard(padded, np.repeat(real, CELL_BANDS), _grid(frames // STRIDE, first / RATE, heard.seconds))


def _grid(times: int, offset: float, duration: float) -> AudioGrid:
    """Edges of the cells on the original sound: the cell t holds the frames 8t to 8t+7."""
    from mmrec_core.encoders.logmel import band_edges

    seconds = offset + np.clip((np.arange(times + 1) * STRIDE - 0.5) * HOP / RATE, 0.0, duration)
    hertz = band_edges()[:: BANDS // CELL_BANDS]
    return AudioGrid(tuple(float(s) for s in seconds), tuple(float(h) for h in hertz))


def build(settings: Settings) -> AiSFX:
    """Load the encoder; raises NotSetUpError where its weights are missing."""
    return AiSFX(settings)


PLUGIN = Plugin("aisfx", "aiSFX (audio)", build, requires=("torch", "scipy"))
