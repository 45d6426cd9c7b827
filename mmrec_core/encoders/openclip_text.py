"""OpenCLIP's text tower: a text -> word-piece tokens in the space it shares with pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mmrec_core.encoders.attending import ATTENTION, Attended, one_place, whole_layers
from mmrec_core.encoders.device import Precision, autocast, choose_device
from mmrec_core.encoders.hub import OPENCLIP, hub_sha, verified_folder
from mmrec_core.encoders.openclip_model import load_openclip, watched_tower
from mmrec_core.encoders.pooling import mean_pool, unit
from mmrec_core.encoders.precision import choose_precision
from mmrec_core.encoders.shared_space import centre_on
from mmrec_core.encoders.word_pieces import Pieces, read_pieces
from mmrec_core.registry import Plugin
from mmrec_core.settings import Settings
from mmrec_core.types import Embeddings, Modality, TextGrid, Tokens, Vector

if TYPE_CHECKING:
    from torch import Tensor

BATCH = 32
_PREPROCESSING = "bpe-centred-1"
_PROBES = ("A dog barks.", "An old lighthouse stands on a rocky island in the sea.")


class OpenClipText:
    """A frozen text transformer behind the encoder contract; it reads as many word pieces as its context holds."""

    modality = Modality.TEXT

    def __init__(self, settings: Settings) -> None:
        from open_clip.tokenizer import SimpleTokenizer

        folder = verified_folder(settings, OPENCLIP)
        self.device = choose_device(settings.device)
        self.version = f"{OPENCLIP.name}-text-{hub_sha(settings, OPENCLIP)}-{_PREPROCESSING}"
        self._tower: Any = load_openclip(folder).text.to(self.device)
        self.dim = int(self._tower.output_dim)
        self._tokenizer = SimpleTokenizer(context_length=self._tower.context_length)
        self.precision = choose_precision(settings.home, self.device, self.version, self._probe)

    def encode(self, batch: Sequence[str]) -> list[Tokens]:
        """Start, word pieces, end (the first and last with empty spans); their mean is the published embedding at length one."""
        return [
            t
            for start in range(0, len(batch), BATCH)
            for t in self._encode(batch[start : start + BATCH], self.precision)
        ]

    def pooled(self, tokens: Tokens) -> Vector:
        """The published embedding, at length one."""
        return unit(mean_pool(tokens))

    def attend(self, medium: str) -> Attended:
        """Encode one text with its attention; the published embedding is read from its end, which alone sees all of it."""
        import torch

        pieces = read_pieces(self._tokenizer, medium, self._tower.context_length)
        tower, kept = watched_tower(self._tower)
        with torch.enable_grad():
            tokens = self._tokens(tower, [pieces])[0]
        places, count = torch.arange(len(tokens), device=self.device), len(pieces.ids)
        read = one_place(len(tokens), count - 1, tokens)
        return Attended(tokens[:count], whole_layers(kept), read.detach(), places.where(places < count, -1))

    def _encode(self, texts: Sequence[str], precision: Precision) -> list[Tokens]:
        pieces = [read_pieces(self._tokenizer, text, self._tower.context_length) for text in texts]
        results = []
        for piece, values in zip(pieces, self._values(pieces, precision), strict=True):
            count = len(piece.ids)
            results.append(Tokens(values[:count].copy(), np.ones(count, dtype=bool), TextGrid(piece.spans)))
        return results

    def _values(self, pieces: Sequence[Pieces], precision: Precision) -> np.ndarray:
        """Tokens (n, context, dim); what lies beyond a text's own pieces is padding."""
        import torch

        with torch.inference_mode(), autocast(self.device, precision):
            return self._tokens(self._tower, pieces).cpu().numpy()

    def _tokens(self, tower: Any, pieces: Sequence[Pieces]) -> Tensor:
        """The same as ``_values``, on the device."""
        import torch

        ids = torch.zeros(len(pieces), tower.context_length, dtype=torch.long)
        mask = torch.zeros(ids.shape, dtype=torch.bool)
        for row, piece in enumerate(pieces):
            ids[row, : len(piece.ids)] = torch.tensor(piece.ids)
            mask[row, : len(piece.ids)] = True
        pooled, states = tower(ids.to(self.device))
        projection = tower.text_projection
        cells = projection(states) if callable(projection) else states @ projection
        return centre_on(pooled.float(), cells.float(), mask.to(self.device))

    def _probe(self, precision: Precision) -> Embeddings:
        return np.stack([self.pooled(tokens) for tokens in self._encode(_PROBES, precision)])


def build(settings: Settings) -> OpenClipText:
    """Load the encoder; raises NotSetUpError where its weights are missing."""
    return OpenClipText(settings)


PLUGIN = Plugin(
    "openclip_text", "OpenCLIP (text)", build, requires=("torch", "open_clip:open-clip-torch"), offers=(ATTENTION,)
)
