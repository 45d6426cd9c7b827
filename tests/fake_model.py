"""A tiny fusion, catalogue and encoders for tests of ranking and explaining: seeded, quick, no downloads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmrec_core.fusion.base import Summaries, TokenBatch
from mmrec_core.index.base import Neighbours
from mmrec_core.recommend.encode import Encoded, QueryEncoder
from mmrec_core.types import FUSED, AudioGrid, Concept, ImageGrid, Item, Modality, TextGrid, Tokens
from tests.fake_media import draw_picture, make_items, make_sound, png_bytes, seed_of, wav_bytes

DIM = 16


class FakeFusion:
    """Sums what is there and what is missing, lets the modalities meet in a tanh, and returns a unit vector."""

    name = "fake"
    dim = DIM

    def __init__(self, seed: int = 0) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.absent = torch.randn(len(FUSED), DIM, generator=generator) * 0.3
        self.mix = torch.randn(DIM, DIM, generator=generator)

    def summarise(self, tokens: Mapping[Modality, TokenBatch]) -> Summaries:
        parts, attention, presence = {}, {}, []
        batch = len(next(iter(tokens.values())).mask)
        for modality in FUSED:
            if modality not in tokens:
                presence.append(torch.zeros(batch, dtype=torch.bool))
                continue
            values, mask = tokens[modality].values, tokens[modality].mask
            weights = mask / mask.sum(1, keepdim=True).clamp(min=1)
            attention[modality] = weights
            parts[modality] = {"mean": torch.einsum("bn,bnd->bd", weights, values)}
            presence.append(mask.any(1))
        return Summaries(parts, torch.stack(presence, 1), attention)

    def fuse(self, summaries: Summaries, presence: torch.Tensor | None = None) -> torch.Tensor:
        kept = summaries.presence if presence is None else summaries.presence & presence
        total = torch.zeros(len(kept), DIM)
        for i, modality in enumerate(FUSED):
            part = summaries.parts.get(modality)
            there = part["mean"] if part else torch.zeros(len(kept), DIM)
            total = total + torch.where(kept[:, i, None], there, self.absent[i])
        return torch.nn.functional.normalize(total + torch.tanh(total @ self.mix), dim=-1)

    def alpha(self, summaries: Summaries, presence: torch.Tensor | None = None) -> torch.Tensor:
        return torch.full((len(summaries.presence), 4, 4), 0.25)

    def config(self) -> dict[str, Any]:
        return {}


class FakeBundle:
    """A bundle whose projections do nothing."""

    name = "fake"
    categories = ()
    hash = "0123456789abcdef"
    encoders: Mapping[Modality, str] = {m: f"fake-{m}" for m in FUSED}

    def __init__(self) -> None:
        self.fusion = FakeFusion()

    def project(self, modality: Modality, values: np.ndarray) -> np.ndarray:
        return values

    def concepts(self, modality: Modality, tokens: Tokens, projected: bool = False) -> tuple[Concept, ...]:
        return (Concept("disc", 0.9),) if modality is Modality.IMAGE else ()

    def batch(self, rows: Sequence[Mapping[Modality, Tokens]], projected: bool = False) -> dict[Modality, TokenBatch]:
        return {
            m: TokenBatch(torch.from_numpy(rows[0][m].values)[None], torch.from_numpy(rows[0][m].mask)[None])
            for m in FUSED
            if m in rows[0]
        }


GRIDS = {
    Modality.IMAGE: ImageGrid(2, 2),
    Modality.TEXT: TextGrid(((0, 0), (0, 1), (2, 3), (4, 5))),
    Modality.AUDIO: AudioGrid((0.0, 0.5, 1.0), (0.0, 1000.0, 2000.0)),
}


def random_tokens(*key: object, modality: Modality) -> Tokens:
    """Four tokens that depend on the key alone; the last one is padding."""
    values = np.random.default_rng(seed_of(modality, *key)).normal(size=(4, DIM)).astype(np.float32)
    return Tokens(values, np.array([True, True, True, False]), GRIDS[modality])


class FakeTokens:
    """Tokens of the invented items."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.by_id = {item.id: item for item in items}

    def tokens(self, item_id: str) -> dict[Modality, Tokens]:
        return {m: random_tokens(item_id, modality=m) for m in self.by_id[item_id].modalities}


class FakeEncoder:
    """Tokens from a medium's content."""

    dim = DIM
    version = "1"

    def __init__(self, modality: Modality) -> None:
        self.modality = modality

    def encode(self, batch: Sequence[Any]) -> list[Tokens]:
        return [self._tokens(medium) for medium in batch]

    def _tokens(self, medium: Any) -> Tokens:
        found = random_tokens(np.asarray(getattr(medium, "samples", medium)).tobytes(), modality=self.modality)
        if not isinstance(medium, str):
            return found
        edges = np.linspace(0, len(medium), len(found.mask)).astype(int).tolist()
        return replace(found, grid=TextGrid((*pairwise(edges), (0, 0))))


class FakeCatalogue:
    """Items in the order given; with a folder, their media as files in it."""

    fingerprint = "fake"

    def __init__(self, items: Sequence[Item], folder: Path | None = None) -> None:
        self.items = tuple(items)
        self.rows = {item.id: row for row, item in enumerate(items)}
        self.folder = folder or Path()
        for item in items if folder else ():
            for path, data in (
                (item.image, png_bytes(draw_picture(item.id))),
                (item.audio, wav_bytes(make_sound(item.id))),
            ):
                if path:
                    (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                    (self.folder / path).write_bytes(data)

    def get(self, item_id: str) -> Item:
        return self.items[self.rows[item_id]]

    def find(self, text: str, limit: int) -> list[Item]:
        return [item for item in self.items if text.lower() in item.reading.lower()][:limit]

    def mentions(self, words: Collection[str]) -> bool:
        return any(word in item.reading.lower().split() for item in self.items for word in words)

    def image_path(self, item: Item) -> Path | None:
        return self.folder / item.image if item.image else None

    def audio_path(self, item: Item) -> Path | None:
        return self.folder / item.audio if item.audio else None


class FakeIndex:
    """Exact search over rows of unit vectors, in numpy."""

    def __init__(self, embeddings: np.ndarray) -> None:
        self.embeddings = embeddings

    def search(self, queries: np.ndarray, k: int) -> Neighbours:
        scores = queries @ self.embeddings.T
        rows = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        return Neighbours(rows, np.take_along_axis(scores, rows, axis=1))


def make_encoder(items: Sequence[Item] = make_items()) -> QueryEncoder:
    """A query encoder over the invented items."""
    return QueryEncoder({m: FakeEncoder(m) for m in FUSED}, FakeBundle(), FakeTokens(items))


def embed_items(encoder: QueryEncoder, items: Sequence[Item]) -> np.ndarray:
    """Embeddings (n, DIM) in the order given."""
    encoded: list[Encoded] = [encoder.encode_item(item.id) for item in items]
    return np.concatenate([encoder.bundle.fusion.fuse(e.summaries).numpy() for e in encoded])
