"""Every fusion, whatever it is: any subset is a unit vector, rows do not leak, what is left out has no say, bundles come back."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from mmrec_core.features.projection import Projection
from mmrec_core.fusion.base import FUSIONS, Summaries, TokenBatch
from mmrec_core.fusion.bundle import ModelBundle
from mmrec_core.fusion.masked import masked_parts
from mmrec_core.types import FUSED, Modality
from tests.tiny import DIMS, random_fusion, tiny_data

ROWS = torch.arange(9)
EVERY = pytest.mark.parametrize("name", FUSIONS.names())
SUBSETS = list(itertools.product([False, True], repeat=len(FUSED)))


def test_the_three_levels_are_there() -> None:
    assert FUSIONS.names() == ["decision_level", "feature_level", "model_level"]


@EVERY
@pytest.mark.parametrize("kept", SUBSETS)
def test_every_subset_is_a_unit_vector_the_empty_one_too(name, kept) -> None:
    fusion = random_fusion(name)
    embeddings = fusion.fuse(fusion.summarise(tiny_data().batch(ROWS, "cpu")), torch.tensor([kept]))
    assert embeddings.shape == (len(ROWS), fusion.dim)
    assert torch.isfinite(embeddings).all()
    torch.testing.assert_close(embeddings.norm(dim=1), torch.ones(len(ROWS)))


@EVERY
@pytest.mark.parametrize("kept", SUBSETS)
def test_gradients_of_every_subset_are_finite(name, kept) -> None:
    fusion = random_fusion(name).requires_grad_()
    embedded = fusion.fuse(fusion.summarise(tiny_data().batch(ROWS, "cpu")), torch.tensor([kept]))
    (embedded @ torch.ones(fusion.dim)).sum().backward()
    found = [p.grad for p in fusion.parameters() if p.grad is not None]
    assert found
    assert all(torch.isfinite(g).all() for g in found)


@EVERY
def test_the_empty_coalition_knows_nothing_of_the_row(name) -> None:
    fusion = random_fusion(name)
    none = fusion.fuse(fusion.summarise(tiny_data().batch(ROWS, "cpu")), torch.zeros(1, 3, dtype=torch.bool))
    torch.testing.assert_close(none, none[:1].expand_as(none))


@EVERY
@pytest.mark.parametrize("gone", FUSED)
def test_a_modality_that_is_left_out_has_no_influence(name, gone) -> None:
    fusion, tokens = random_fusion(name), tiny_data().batch(ROWS, "cpu")
    keep = torch.tensor([[m is not gone for m in FUSED]])
    without = {m: t for m, t in tokens.items() if m is not gone}
    torch.testing.assert_close(fusion.fuse(fusion.summarise(tokens), keep), fusion.fuse(fusion.summarise(without)))


@EVERY
def test_a_modality_that_is_kept_has_influence(name) -> None:
    fusion, summaries = random_fusion(name), random_fusion(name).summarise(tiny_data().batch(ROWS, "cpu"))
    whole = fusion.fuse(summaries)
    for column in range(len(FUSED)):
        keep = torch.ones(1, len(FUSED), dtype=torch.bool)
        keep[0, column] = False
        there = summaries.presence[:, column]
        assert ((fusion.fuse(summaries, keep) - whole).abs().amax(dim=1) > 1e-4)[there].all()


@EVERY
def test_a_batch_equals_its_rows(name) -> None:
    fusion, data = random_fusion(name), tiny_data()
    together = fusion.fuse(fusion.summarise(data.batch(ROWS, "cpu")))
    alone = torch.cat([fusion.fuse(fusion.summarise(data.batch(row[None], "cpu"))) for row in ROWS])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)


@EVERY
def test_summaries_of_one_row_serve_every_coalition(name) -> None:
    fusion, coalitions = random_fusion(name), torch.tensor(SUBSETS)
    row = torch.zeros(1, dtype=torch.long)
    one = fusion.fuse(fusion.summarise(tiny_data().batch(row, "cpu")), coalitions)
    many = fusion.fuse(fusion.summarise(tiny_data().batch(row.expand(len(SUBSETS)), "cpu")), coalitions)
    torch.testing.assert_close(one, many, atol=1e-6, rtol=0)


@EVERY
def test_no_rows_are_no_embeddings(name) -> None:
    fusion = random_fusion(name)
    some = fusion.summarise(tiny_data().batch(ROWS, "cpu"))
    parts = {m: {part: values[:0] for part, values in named.items()} for m, named in some.parts.items()}
    assert fusion.fuse(Summaries(parts, some.presence[:0], {})).shape == (0, fusion.dim)


@EVERY
def test_padding_has_no_influence(name) -> None:
    fusion, tokens = random_fusion(name), tiny_data().batch(ROWS, "cpu")
    text = tokens[Modality.TEXT]
    text.mask[:, -2:] = False
    before = fusion.fuse(fusion.summarise(tokens))
    text.values[:, -2:] = 1e3
    torch.testing.assert_close(fusion.fuse(fusion.summarise(tokens)), before)


@EVERY
@pytest.mark.parametrize("modality", FUSED)
def test_many_masks_of_one_medium_are_what_summarise_gives(name, modality) -> None:
    fusion, batch = random_fusion(name), tiny_data().batch(torch.tensor([0]), "cpu")[modality]
    keep = torch.rand((20, batch.mask.shape[1]), generator=torch.Generator().manual_seed(0)) < 0.6
    keep[:, 0] = True
    quick = masked_parts(fusion, modality, batch, keep)
    tokens = TokenBatch(batch.values.expand(20, -1, -1), batch.mask & keep)
    slow = fusion.summarise({modality: tokens}).parts[modality]
    assert quick.keys() == slow.keys()
    for part in slow:
        torch.testing.assert_close(quick[part], slow[part], atol=1e-5, rtol=1e-4)


@EVERY
def test_attention_is_none_or_sums_to_one(name) -> None:
    fusion = random_fusion(name)
    summaries = fusion.summarise(tiny_data().batch(ROWS, "cpu"))
    alpha = fusion.alpha(summaries)
    if alpha is not None:
        torch.testing.assert_close(alpha.sum(dim=-1), torch.ones(alpha.shape[:2]))
    for modality, weights in summaries.attention.items():
        torch.testing.assert_close(weights.sum(dim=1), summaries.presence[:, FUSED.index(modality)].float())


@EVERY
def test_a_bundle_comes_back_as_it_was_saved(name, tmp_path) -> None:
    fusion = random_fusion(name).half().float()  # what is saved is half precision
    projections = {m: Projection(np.zeros(d, np.float32), np.eye(d, dtype=np.float32), 1.0) for m, d in DIMS.items()}
    encoders = dict.fromkeys(FUSED, "fake")
    bundle = ModelBundle("kept", fusion, projections, encoders, encoders, {})
    bundle.save(tmp_path / "kept")
    back = ModelBundle.load(tmp_path / "kept")
    tokens = tiny_data().batch(ROWS, "cpu")
    assert back.hash == bundle.hash
    assert back.token_version == bundle.token_version
    torch.testing.assert_close(back.fusion.fuse(back.fusion.summarise(tokens)), fusion.fuse(fusion.summarise(tokens)))
