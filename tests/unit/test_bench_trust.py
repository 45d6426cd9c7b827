"""The trust bench on a tiny fusion and invented items: what it reports, and that it tells a uniform attention."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from mmrec_core.errors import NotSetUpError
from mmrec_core.evaluate import bench_trust
from mmrec_core.fusion.base import TokenBatch
from mmrec_core.recommend.encode import Encoded
from mmrec_core.types import FUSED, TextGrid, Tokens
from tests.tiny import DIMS, tiny_fusion, tiny_items

N = 8


class TinyService:
    """Twelve items of eight tokens a modality; the ranking returns the first ten others."""

    def __init__(self, fusion):
        self.fusion, self.all = fusion, tiny_items(12)
        self.encoder = SimpleNamespace(encode_item=self._encode)
        self.engine = SimpleNamespace(fusion=fusion, embed=lambda query: None, rank=self._rank)

    def items(self):
        return self.all

    def _encode(self, item_id):
        item = next(item for item in self.all if item.id == item_id)
        rng = np.random.default_rng(self.all.index(item))
        values = {m: rng.normal(size=(N, DIMS[m])).astype(np.float32) for m in item.modalities}
        tokens = {m: Tokens(v, np.ones(N, bool), TextGrid(((0, 0),) * N)) for m, v in values.items()}
        batch = {
            m: TokenBatch(torch.from_numpy(v)[None], torch.ones(1, N, dtype=torch.bool)) for m, v in values.items()
        }
        with torch.no_grad():
            return Encoded(tokens, batch, self.fusion.summarise(batch))

    def _rank(self, vector, k, exclude):
        return [row for row, item in enumerate(self.all) if item.id != exclude][:k], None


@pytest.fixture(autouse=True)
def without_sampled_methods(monkeypatch):
    """They have tests of their own, and importing them takes seconds."""
    monkeypatch.setattr(bench_trust, "SAMPLED", {})


def test_every_method_is_judged_on_every_medium():
    found = bench_trust.measure(TinyService(tiny_fusion().requires_grad_(False)), lambda progress: None, pairs=2)
    assert (found["pairs"], found["maps"]) == (2, 6)
    assert set(found["methods"]) == {*bench_trust.MAPS, bench_trust.CONTROL}
    assert set(found["by_modality"]) == {str(m) for m in FUSED}
    assert found["uniform_attention"] == 0
    assert set(found["randomisation"]) == set(bench_trust.MAPS)
    # within one modality, rollout only rescales attention
    assert found["agreement"]["attention"]["rollout"] == pytest.approx(1)
    assert found["methods"]["attention"]["gain"] == found["methods"]["rollout"]["gain"]
    best = found["methods"][found["most_faithful"]]["gain"]["mean"]
    assert best == max(m["gain"]["mean"] for m in found["methods"].values())
    assert found["most_faithful"].startswith("gradient")
    assert all(lead["mean"] >= 0 for lead in found["ahead_of"].values())
    assert found["ahead_of"][bench_trust.CONTROL]["mean"] > 0


def test_attention_before_training_is_told_to_be_uniform():
    fusion = tiny_fusion().requires_grad_(False)
    for pool in fusion.pools.values():
        pool.queries.zero_()
    found = bench_trust.measure(TinyService(fusion), lambda progress: None, pairs=1)
    assert found["uniform_attention"] == 1


def test_a_catalogue_without_whole_items_is_named():
    service = TinyService(tiny_fusion())
    service.all = tuple(item for item in service.all if item.audio is None)
    with pytest.raises(NotSetUpError, match="setup"):
        bench_trust.measure(service, lambda progress: None)
