"""aiSFX and YAMNet side by side: how a sound sounds, and what makes it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmrec_core.encoders.aisfx import CELL_BANDS, AiSFX
from mmrec_core.encoders.threads import side_by_side
from mmrec_core.encoders.yamnet import YAMNet
from mmrec_core.registry import Plugin
from mmrec_core.settings import Settings
from mmrec_core.types import Audio, AudioGrid, Modality, Tokens


class NamedSounds:
    """The tokens of aiSFX, each followed by how probable YAMNet's classes are at its time; the encoder contract.

    All bands of a time step share the probabilities, which say when a thing is heard and not in which band.
    """

    modality = Modality.AUDIO
    names = 521
    dim = AiSFX.dim + names
    bands = CELL_BANDS

    def __init__(self, settings: Settings) -> None:
        self._sound, self._namer = AiSFX(settings), YAMNet(settings)
        self.device, self.precision = self._sound.device, self._sound.precision
        self.version = f"{self._sound.version}+{self._namer.version}"

    def encode(self, batch: Sequence[Audio]) -> list[Tokens]:
        """Tokens of each sound, time by time; on a processor several sounds are heard side by side."""
        parts = [[audio] for audio in batch] if self.device.type == "cpu" else [batch]
        return [tokens for part in side_by_side(self._encode, parts) for tokens in part]

    def class_names(self) -> list[str]:
        """AudioSet's names, in the order of the probabilities."""
        return self._namer.class_names

    def class_definitions(self) -> list[str]:
        """What a text encoder reads for each class."""
        return self._namer.readings()

    def _encode(self, sounds: Sequence[Audio]) -> list[Tokens]:
        return [self._named(audio, tokens) for audio, tokens in zip(sounds, self._sound.encode(sounds), strict=True)]

    def _named(self, audio: Audio, tokens: Tokens) -> Tokens:
        assert isinstance(tokens.grid, AudioGrid)  # noqa: S101 - tells the type checker what aiSFX gives
        edges = np.asarray(tokens.grid.seconds)
        heard = audio.samples[round(edges[0] * audio.rate) : round(edges[-1] * audio.rate)]
        found = self._namer.probabilities(Audio(heard, audio.rate), (edges[:-1] + edges[1:]) / 2 - edges[0])
        values = np.concatenate([tokens.values, np.repeat(found, CELL_BANDS, axis=0)], axis=1)
        return Tokens(values, tokens.mask, tokens.grid)


def build(settings: Settings) -> NamedSounds:
    """Load both encoders; raises NotSetUpError where weights are missing."""
    return NamedSounds(settings)


PLUGIN = Plugin("aisfx_yamnet", "aiSFX and YAMNet (audio)", build, requires=("torch", "scipy", "onnx"))
