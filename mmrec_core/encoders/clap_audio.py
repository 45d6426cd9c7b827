"""CLAP's sound tower (through transformers): a sound -> time x band tokens in the space it shares with text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.encoders import htsat
from mmrec_core.encoders.attending import ATTENTION, Attended, private_copy
from mmrec_core.encoders.device import Precision, autocast, choose_device
from mmrec_core.encoders.hub import CLAP, hub_sha, verified_folder
from mmrec_core.encoders.logmel import at_rate
from mmrec_core.encoders.pooling import mean_pool, unit
from mmrec_core.encoders.precision import choose_precision
from mmrec_core.encoders.quiet import quiet_transformers
from mmrec_core.encoders.shared_space import centre_on
from mmrec_core.encoders.window import telling_window
from mmrec_core.registry import Plugin
from mmrec_core.settings import Settings
from mmrec_core.types import Audio, AudioGrid, Embeddings, Modality, Samples, Tokens, Vector

if TYPE_CHECKING:
    from torch import Tensor

BATCH = 4
_PREPROCESSING = "clap10s-centred-1"
_LEAST_SECONDS = 0.1


class ClapAudio:
    """A frozen HTSAT behind the encoder contract.

    It hears 10 s: the most telling ones of a longer sound, and a shorter sound repeated, as it was trained. Cells beyond a
    sound's end are such repeats and are masked.
    """

    modality = Modality.AUDIO

    def __init__(self, settings: Settings) -> None:
        from transformers import ClapAudioModelWithProjection, ClapFeatureExtractor

        folder = verified_folder(settings, CLAP)
        self.device = choose_device(settings.device)
        self.version = f"{CLAP.name}-{hub_sha(settings, CLAP)}-{_PREPROCESSING}"
        self._features: Any = ClapFeatureExtractor.from_pretrained(folder, local_files_only=True)
        with quiet_transformers():  # it reports the text tower of the file, which is not needed here
            model = ClapAudioModelWithProjection.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        self._model: Any = model.eval().requires_grad_(False).to(self.device)
        self.dim = int(model.config.projection_dim)
        self._seconds = float(self._features.max_length_s)
        self.precision = choose_precision(settings.home, self.device, self.version, self._probe)

    def encode(self, batch: Sequence[Audio]) -> list[Tokens]:
        """Tokens of each sound, time by time; the mean of the real ones is the published embedding at length one."""
        return [
            t
            for start in range(0, len(batch), BATCH)
            for t in self._encode(batch[start : start + BATCH], self.precision)
        ]

    def pooled(self, tokens: Tokens) -> Vector:
        """The published embedding, at length one."""
        return unit(mean_pool(tokens))

    def attend(self, medium: Audio) -> Attended:
        """Encode one sound with its attention; the published embedding is the mean, so every cell is read alike."""
        import torch

        samples, _, seconds = self._cut(medium)
        model = private_copy(self._model)
        encoder = model.audio_model.audio_encoder
        kept, encoder.config.output_attentions = htsat.watch(encoder), True
        with torch.enable_grad():
            values, _, shape = self._tokens(model, self._mel([samples]).requires_grad_(), [seconds])
        token_of = htsat.token_of_place(encoder, shape).to(self.device)
        read = values.new_full((len(token_of),), 1 / len(token_of))
        return Attended(values[0], htsat.attention_layers(encoder, kept), read, token_of)

    def _encode(self, sounds: Sequence[Audio], precision: Precision) -> list[Tokens]:
        import torch

        heard = [self._cut(sound) for sound in sounds]
        features = self._mel([samples for samples, _, _ in heard])
        with torch.inference_mode(), autocast(self.device, precision):
            values, masks, (times, bands) = self._tokens(self._model, features, [seconds for _, _, seconds in heard])
        grids = [self._grid(times, bands, offset, seconds) for _, offset, seconds in heard]
        return [Tokens(v, m, g) for v, m, g in zip(values.cpu().numpy(), masks, grids, strict=True)]

    def _mel(self, waves: list[Samples]) -> Tensor:
        """What the network takes of each sound."""
        rate = int(self._features.sampling_rate)
        return self._features(waves, sampling_rate=rate, return_tensors="pt")["input_features"].float().to(self.device)

    def _tokens(
        self, model: Any, features: Tensor, seconds: list[float]
    ) -> tuple[Tensor, NDArray[np.bool_], tuple[int, int]]:
        """Tokens (n, times x bands, dim), which of them are real, and how many times and bands there are."""
        import torch

        output = model.audio_model(features, is_longer=torch.zeros(len(features), 1, dtype=torch.bool))
        pooled = model.audio_projection(output.pooler_output).float()
        cells = output.last_hidden_state.permute(0, 3, 2, 1)  # batch, time, band, channel
        count, times, bands, _ = cells.shape
        projected = model.audio_projection(cells.reshape(count, times * bands, -1)).float()
        masks = np.stack([self._mask(length, times, bands) for length in seconds])
        return centre_on(pooled, projected, torch.from_numpy(masks).to(self.device)), masks, (times, bands)

    def _cut(self, sound: Audio) -> tuple[Samples, float, float]:
        """The samples to hear, where they begin and how long they are in seconds of the original."""
        rate = int(self._features.sampling_rate)
        samples = at_rate(sound, rate).samples
        length = int(self._seconds * rate)
        first = telling_window(samples, length)
        part = samples[first : first + length]
        seconds = len(part) / rate
        least = int(_LEAST_SECONDS * rate)
        return np.pad(part, (0, max(0, least - len(part)))), first / rate, seconds

    def _mask(self, seconds: float, times: int, bands: int) -> np.ndarray:
        real = np.arange(times) * self._seconds / times < seconds
        real[0] = True
        return np.repeat(real, bands)

    def _grid(self, times: int, bands: int, offset: float, seconds: float) -> AudioGrid:
        edges = offset + np.minimum(np.arange(times + 1) * self._seconds / times, seconds)
        return AudioGrid(tuple(float(e) for e in edges), self._band_edges(bands))

    def _band_edges(self, bands: int) -> tuple[float, ...]:
        from transformers.audio_utils import hertz_to_mel, mel_to_hertz

        scale = "htk" if self._features.truncation == "fusion" else "slaney"
        low, high = (hertz_to_mel(f, scale) for f in (self._features.frequency_min, self._features.frequency_max))
        return tuple(float(mel_to_hertz(mel, scale)) for mel in np.linspace(low, high, bands + 1))

    def _probe(self, precision: Precision) -> Embeddings:
        noise = np.random.default_rng(0).normal(size=int(self._features.sampling_rate)).astype(np.float32)
        sounds = [Audio(noise, int(self._features.sampling_rate))]
        return np.stack([self.pooled(tokens) for tokens in self._encode(sounds, precision)])


def build(settings: Settings) -> ClapAudio:
    """Load the encoder; raises NotSetUpError where its weights are missing."""
    return ClapAudio(settings)


PLUGIN = Plugin("clap_audio", "CLAP (audio)", build, requires=("torch", "transformers"), offers=(ATTENTION,))
