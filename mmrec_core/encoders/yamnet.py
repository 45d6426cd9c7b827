"""YAMNet (Plakal and Ellis, 2020; AudioSet): which of 521 named sounds are heard, step by step."""

from __future__ import annotations

import csv
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.encoders import weights, yamnet_network
from mmrec_core.encoders.device import choose_device
from mmrec_core.encoders.logmel import at_rate, hertz_to_mel, normalise_peak
from mmrec_core.encoders.yamnet_readings import READINGS
from mmrec_core.settings import Settings
from mmrec_core.types import Audio

RATE = 16_000
PATCH, HOP = 96, 48
"""Frames of one patch, and from one patch to the next: 0.96 and 0.48 seconds."""
FRAME_SECONDS = 0.01
_TOGETHER = 4
"""Patches run together: the weights are kept in an order for each number of them, and a sound may have many."""
_WINDOW, _STEP, _FFT = 400, 160, 512
_BANDS, _LOWEST, _HIGHEST = 64, 125.0, 7500.0
_OFFSET = 0.001
_PREPROCESSING = "yamnet64-1"
ARCHIVE, CLASS_MAP = "YamNet_float.onnx.zip", "yamnet_class_map.csv"


class YAMNet:
    """A frozen classifier of everyday sounds. Sounds below half a patch are padded with silence."""

    version = f"yamnet-{weights.weight_sha(weights.YAMNET)}-{_PREPROCESSING}"

    def __init__(self, settings: Settings) -> None:
        self.device = choose_device(settings.device)
        self._files = weights.verified(settings, weights.YAMNET)
        layers, classifier = yamnet_network.load(self._files[ARCHIVE])
        self._trunk, self._classifier = yamnet_network.trunk(layers, self.device), classifier.to(self.device)

    def probabilities(self, audio: Audio, seconds: NDArray[np.float64]) -> NDArray[np.float32]:
        """How probable each class is at each of the moments ``seconds`` (n,): (n, 521).

        A moment takes the mean of the patches that hold it, or the nearest patch.
        """
        patches = log_mel_patches(audio)
        heard = self._classify(patches)
        starts = np.arange(len(patches)) * HOP * FRAME_SECONDS
        inside = (seconds[:, None] >= starts) & (seconds[:, None] < starts + PATCH * FRAME_SECONDS)
        nearest = np.abs(seconds[:, None] - starts - PATCH * FRAME_SECONDS / 2).argmin(axis=1)
        inside[np.arange(len(seconds)), nearest] = True
        return (inside @ heard / inside.sum(axis=1, keepdims=True)).astype(np.float32)

    @cached_property
    def class_names(self) -> list[str]:
        """AudioSet's names of the classes, in the order of the classifier."""
        return read_class_names(self._files[CLASS_MAP])

    def readings(self) -> list[str]:
        """What a text encoder reads for each class: who makes the sound, where the name says only how it sounds."""
        return [READINGS.get(name, name) for name in self.class_names]

    def _classify(self, patches: NDArray[np.float32]) -> NDArray[np.float32]:
        import torch

        with torch.inference_mode():
            chunks = torch.from_numpy(patches)[:, None].to(self.device).split(_TOGETHER)
            means = torch.cat([self._trunk(chunk).mean(dim=(2, 3)) for chunk in chunks])
            found: Any = torch.sigmoid(self._classifier(means))
            return found.float().cpu().numpy()


def read_class_names(path: Path) -> list[str]:
    """The column ``display_name`` of the class map."""
    with path.open(newline="", encoding="utf-8") as file:
        return [row["display_name"] for row in csv.DictReader(file)]


def log_mel_patches(audio: Audio) -> NDArray[np.float32]:
    """Patches (n, 96, 64) of ``log(mel + 0.001)``: magnitudes (Hann 25 ms, hop 10 ms) in 64 HTK mel bands of 125 to 7500 Hz.

    The last patch is filled up with silence; at least one is made.
    """
    import torch

    samples = torch.from_numpy(normalise_peak(at_rate(audio, RATE).samples))
    padded = torch.nn.functional.pad(samples, (0, max(0, _WINDOW - len(samples))))
    frames = padded.unfold(0, _WINDOW, _STEP) * torch.hann_window(_WINDOW)
    matrix = torch.log(torch.fft.rfft(frames, _FFT).abs() @ torch.from_numpy(mel_bands()) + _OFFSET)
    count = max(1, -(-(len(matrix) - PATCH) // HOP) + 1)
    missing = (count - 1) * HOP + PATCH - len(matrix)
    filled = torch.nn.functional.pad(matrix, (0, 0, 0, missing), value=float(np.log(_OFFSET)))
    return filled.unfold(0, PATCH, HOP).transpose(1, 2).contiguous().numpy()


@lru_cache(maxsize=1)
def mel_bands() -> NDArray[np.float32]:
    """Triangles (257, 64) of height one on the HTK mel scale; the constant component counts nowhere."""
    mels = np.array([hertz_to_mel(hertz) for hertz in np.linspace(0.0, RATE / 2, _FFT // 2 + 1)])[:, None]
    edges = np.linspace(hertz_to_mel(_LOWEST), hertz_to_mel(_HIGHEST), _BANDS + 2)
    rising = (mels - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - mels) / np.diff(edges)[1:]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    triangles[0] = 0.0
    return triangles.astype(np.float32)
