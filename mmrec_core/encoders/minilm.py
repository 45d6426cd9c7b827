"""all-MiniLM-L6-v2 (English sentences): a text -> one token of 384 a word piece."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mmrec_core.encoders import weights
from mmrec_core.encoders.attending import ATTENTION, Attended, private_copy, whole_layers
from mmrec_core.encoders.device import Precision, autocast, choose_device
from mmrec_core.encoders.emoji import write_out
from mmrec_core.encoders.pooling import mean_pool, unit
from mmrec_core.encoders.precision import choose_precision
from mmrec_core.encoders.quiet import quiet_transformers
from mmrec_core.encoders.threads import side_by_side
from mmrec_core.registry import Plugin
from mmrec_core.settings import Settings
from mmrec_core.types import Embeddings, Modality, TextGrid, Tokens

MAX_PIECES = 256
BATCH = 32
_PREPROCESSING = "pieces256-1"
"""Emoji are written out since; no text that bundles were trained on, or that the catalogue holds, has any."""
_PROBES = [
    "A dog barks.",
    "An old lighthouse stands on a rocky island in the sea.",
    "violin",
    "Recipe for a warm apple cake with cinnamon, and what to drink with it.",
]


class MiniLM:
    """The frozen sentence encoder, behind the encoder contract.

    At most 256 word pieces are read, emoji by their names; the grid holds spans of what was read only. [CLS] and [SEP] are real tokens with empty
    spans, because the published sentence embedding is the mean over all of them.
    """

    modality = Modality.TEXT
    dim = 384
    version = f"minilm-l6-v2-{weights.weight_sha(weights.MINILM)}-{_PREPROCESSING}"

    def __init__(self, settings: Settings) -> None:
        from transformers import AutoModel, AutoTokenizer

        self.device = choose_device(settings.device)
        folder = _folder(settings)
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, use_fast=True)
        with quiet_transformers():  # it reports the pooling layer of the file, which the mean over tokens does not need
            model = AutoModel.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, add_pooling_layer=False
            )
        self._model: Any = model.eval().requires_grad_(False).to(self.device)
        self.precision = choose_precision(settings.home, self.device, self.version, self._probe)

    def encode(self, batch: Sequence[str]) -> list[Tokens]:
        """Tokens of each text: [CLS], the word pieces, [SEP]. Texts of like length share a batch, so little is padding."""
        if not batch:
            return []
        return self._encode(list(batch), self.precision)

    def pooled(self, tokens: Tokens) -> np.ndarray:
        """The published sentence embedding: the mean over real tokens, at length one."""
        return unit(mean_pool(tokens))

    def attend(self, medium: str) -> Attended:
        """Encode one text with its attention; the sentence embedding is the mean, so every word piece is read alike."""
        import torch

        model = private_copy(self._model)
        model.set_attn_implementation("eager")  # the quick kernels never hold the weights
        read = self._tokenizer(
            [write_out(medium).text], truncation=True, max_length=MAX_PIECES, return_tensors="pt"
        ).to(self.device)
        with torch.enable_grad():
            words = model.get_input_embeddings()(read["input_ids"]).requires_grad_()
            found = model(inputs_embeds=words, attention_mask=read["attention_mask"], output_attentions=True)
        count = found.last_hidden_state.shape[1]
        even = found.last_hidden_state.new_full((count,), 1 / count)
        places = torch.arange(count, device=self.device)
        return Attended(found.last_hidden_state[0], whole_layers(found.attentions), even, places)

    def _encode(self, texts: list[str], precision: Precision) -> list[Tokens]:
        written = [write_out(text) for text in texts]
        words = [found.text for found in written]
        read = self._tokenizer(words, truncation=True, max_length=MAX_PIECES, return_offsets_mapping=True)
        lengths = [len(ids) for ids in read["input_ids"]]
        order = sorted(range(len(texts)), key=lambda i: lengths[i])
        results: dict[int, Tokens] = {}
        chunks = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]

        def states_of(rows: list[int]) -> np.ndarray:
            return self._states([read["input_ids"][i] for i in rows], precision)

        states = side_by_side(states_of, chunks) if self.device.type == "cpu" else map(states_of, chunks)
        for rows, found in zip(chunks, states, strict=True):
            for row, values in zip(rows, found, strict=True):
                spans = tuple(written[row].span(a, b) for a, b in read["offset_mapping"][row])
                results[row] = Tokens(values[: lengths[row]].copy(), np.ones(lengths[row], dtype=bool), TextGrid(spans))
        return [results[i] for i in range(len(texts))]

    def _states(self, ids: list[list[int]], precision: Precision) -> np.ndarray:
        """Last hidden states of one padded batch, (n, longest, 384)."""
        import torch

        padded = self._tokenizer.pad({"input_ids": ids}, return_tensors="pt").to(self.device)
        with torch.inference_mode(), autocast(self.device, precision):
            return self._model(**padded).last_hidden_state.float().cpu().numpy()

    def _probe(self, precision: Precision) -> Embeddings:
        return np.stack([self.pooled(tokens) for tokens in self._encode(_PROBES, precision)])


def _folder(settings: Settings) -> Path:
    return weights.verified(settings, weights.MINILM)["config.json"].parent


def build(settings: Settings) -> MiniLM:
    """Load the encoder; raises NotSetUpError where its weights are missing."""
    return MiniLM(settings)


PLUGIN = Plugin("minilm", "all-MiniLM-L6-v2 (text)", build, requires=("torch", "transformers"), offers=(ATTENTION,))
