"""Model-level fusion: any subset of modalities, unit vectors, no leak between rows."""

from __future__ import annotations

import copy
import itertools

import pytest
import torch

from mmrec_core.fusion.attention import SlotLayer, lay_out_for_few_rows
from mmrec_core.types import FUSED, Modality
from tests.tiny import tiny_data, tiny_fusion

ROWS = torch.arange(9)
ALL = torch.ones(3, 5, dtype=torch.bool)


@pytest.fixture(scope="module")
def summaries():
    return tiny_fusion().summarise(tiny_data().batch(ROWS, "cpu"))


@pytest.mark.parametrize("kept", list(itertools.product([False, True], repeat=3)))
def test_every_subset_is_a_unit_vector(summaries, kept) -> None:
    embeddings = tiny_fusion().fuse(summaries, torch.tensor([kept]))
    assert torch.isfinite(embeddings).all()
    torch.testing.assert_close(embeddings.norm(dim=1), torch.ones(len(ROWS)))


def test_a_modality_that_is_left_out_has_no_influence() -> None:
    fusion, tokens = tiny_fusion(), tiny_data().batch(ROWS, "cpu")
    without = {m: t for m, t in tokens.items() if m is not Modality.IMAGE}
    keep = torch.tensor([[m is not Modality.IMAGE for m in FUSED]])
    torch.testing.assert_close(fusion.fuse(fusion.summarise(tokens), keep), fusion.fuse(fusion.summarise(without)))


def test_a_batch_equals_its_rows() -> None:
    fusion, data = tiny_fusion(), tiny_data()
    together = fusion.fuse(fusion.summarise(data.batch(ROWS, "cpu")))
    alone = torch.cat([fusion.fuse(fusion.summarise(data.batch(row[None], "cpu"))) for row in ROWS])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)


def test_attention_sums_to_one_where_there_are_tokens(summaries) -> None:
    for modality, weights in summaries.attention.items():
        there = summaries.presence[:, FUSED.index(modality)].float()
        torch.testing.assert_close(weights.sum(dim=1), there)
    alpha = tiny_fusion().alpha(summaries)
    torch.testing.assert_close(alpha.sum(dim=-1), torch.ones(alpha.shape[:2]))


def test_what_older_bundles_added_to_every_slot_of_a_kind_is_kept() -> None:
    fusion, tokens = tiny_fusion(), tiny_data().batch(ROWS, "cpu")
    before, stored = fusion.summarise(tokens), copy.deepcopy(fusion.state_dict())
    kind = torch.randn(1 + len(FUSED), fusion.cls.numel())
    fusion.load_state_dict({**stored, "kind": kind})
    torch.testing.assert_close(fusion.cls, stored["cls"] + kind[0])
    torch.testing.assert_close(fusion.absent, stored["absent"] + kind[1:])
    for row, modality in enumerate(FUSED, start=1):
        after = fusion.summarise(tokens).parts[modality]["slot"]
        there = before.presence[:, row - 1, None]
        torch.testing.assert_close(after, before.parts[modality]["slot"] + kind[row] * there)


def test_masked_tokens_have_no_influence() -> None:
    fusion, tokens = tiny_fusion(), tiny_data().batch(ROWS, "cpu")
    text = tokens[Modality.TEXT]
    text.mask[:, -2:] = False
    before = fusion.fuse(fusion.summarise(tokens))
    text.values[:, -2:] = 1e3
    torch.testing.assert_close(fusion.fuse(fusion.summarise(tokens)), before)


def test_a_slot_layer_gives_the_same_with_and_without_alpha_and_for_the_first_slot_alone():
    layer, slots = random_layer(), torch.randn(3, 5, 16)
    asked, alpha = layer.with_alpha(slots)
    torch.testing.assert_close(layer(slots, ALL), asked)
    torch.testing.assert_close(layer.first(slots, ALL), asked[:, 0])
    torch.testing.assert_close(alpha.sum(dim=-1), torch.ones(3, 5))


def test_a_slot_layer_is_what_its_modules_say_also_after_copying_and_loading():
    layer, slots = copy.deepcopy(SlotLayer(16, 4, 0.0)), torch.randn(3, 5, 16)
    layer.load_state_dict(random_layer().state_dict())
    lay_out_for_few_rows(layer)
    x = layer.norm_attention(slots)
    attended = slots + layer.attention(x, x, x)[0]
    torch.testing.assert_close(layer(slots, ALL), attended + layer.mlp(layer.norm_mlp(attended)))


def test_slots_that_are_masked_have_no_influence_and_one_row_serves_many():
    layer, slots = random_layer(), torch.randn(1, 7, 16)
    mask = torch.tensor([[1, 0, 1, 0, 1, 0, 0], [1, 1, 0, 0, 0, 0, 1]]).bool()
    chosen = torch.stack([slots[0, row] for row in mask])
    kept = layer(slots, mask)[mask].view(2, 3, 16)
    torch.testing.assert_close(kept, layer(chosen, ALL[:2, :3]))
    torch.testing.assert_close(layer.first(slots, mask), layer.first(chosen, ALL[:2, :3]))


def random_layer() -> SlotLayer:
    """Every parameter random, biases and norms too."""
    layer = SlotLayer(16, 4, 0.1).eval()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.3)
    return layer


@pytest.mark.parametrize("of_before", [False, True])
def test_a_modality_alone_is_corrected_only_in_bundles_of_before(of_before: bool) -> None:
    fusion, state = tiny_fusion(), tiny_fusion().state_dict()
    if of_before:
        del state["corrected_alone"]
    fusion.load_state_dict(state)
    summaries = fusion.summarise(tiny_data().batch(ROWS, "cpu"))
    kept = torch.ones(len(ROWS), len(FUSED), dtype=torch.bool)
    kept[:4, 1:] = False
    before = fusion.fuse(summaries, kept)
    with torch.no_grad():
        fusion.correction.bias += 1.0
    moved = (fusion.fuse(summaries, kept) - before).abs().amax(dim=1) > 1e-6
    several = (summaries.presence & kept).sum(dim=1) > 1
    assert several.any() and not several.all()
    assert torch.equal(moved, several | of_before)
