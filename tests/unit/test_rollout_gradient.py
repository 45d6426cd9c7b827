"""Rollout, gradients and the randomisation check on small fusions: by hand, by finite differences, and on planted truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from mmrec_core.explain.agreement import on_parts
from mmrec_core.explain.attention import Attention
from mmrec_core.explain.base import EXPLAINERS, Explanation, Pair, SideFindings
from mmrec_core.explain.faithfulness import judge
from mmrec_core.explain.gradient import attention_gradients, masking_relevance
from mmrec_core.explain.randomisation import (
    WHOLE,
    randomisation_check,
    randomised_fusion,
    stage_names,
    verdict_on,
    why_not_randomisable,
)
from mmrec_core.explain.rollout import rollout, slot_attention
from mmrec_core.explain.scorer import TokenScorer
from mmrec_core.fusion.base import FUSIONS, TokenBatch
from mmrec_core.recommend.encode import Encoded
from mmrec_core.recommend.profile import History
from mmrec_core.recommend.score import score
from mmrec_core.types import FUSED, Modality, TextGrid, TokenMap, Tokens
from tests.fake_model import DIM, FakeFusion
from tests.tiny import DIMS, SPECS, tiny_fusion

N = 24


def encoded(fusion, values):
    """One row; the last token of each modality is padding."""
    tokens, batch = {}, {}
    for modality, value in values.items():
        mask = np.arange(len(value)) < len(value) - 2
        tokens[modality] = Tokens(value.astype(np.float32), mask, TextGrid(((0, 0),) * len(value)))
        like = next(fusion.parameters()) if hasattr(fusion, "parameters") else torch.zeros(1)
        batch[modality] = TokenBatch(torch.from_numpy(value).to(like.dtype)[None], torch.from_numpy(mask)[None])
    with torch.no_grad():
        return Encoded(tokens, batch, fusion.summarise(batch))


def noise(seed, modalities=FUSED, dims=DIMS):
    rng = np.random.default_rng(seed)
    return {m: rng.normal(size=(N, dims[m])) for m in modalities}


@pytest.fixture(scope="module")
def pair():
    fusion = tiny_fusion().double().requires_grad_(False)
    return Pair(fusion, encoded(fusion, noise(1)), encoded(fusion, noise(2, (Modality.IMAGE, Modality.TEXT))))


def value_of(pair, summaries):
    return float(score(pair.fusion.fuse(summaries)[0], pair.fusion.fuse(pair.item.summaries)[0]))


def test_rollout_by_hand():
    one, two = np.array([[0.5, 0.5], [0.0, 1.0]]), np.array([[1.0, 0.0], [1.0, 0.0]])
    expected = np.array([[1.0, 0.0], [0.5, 0.5]]) @ np.array([[0.75, 0.25], [0.0, 1.0]])
    np.testing.assert_allclose(rollout(np.stack([one, two])), expected)
    np.testing.assert_allclose(rollout(np.stack([one] * 5)).sum(axis=1), 1)


def test_layers_of_alpha_average_to_alpha(pair):
    layers = slot_attention(pair.fusion, pair.query)
    assert layers.shape == (2, 4, 4)
    np.testing.assert_allclose(layers.mean(axis=0), pair.fusion.alpha(pair.query.summaries)[0].numpy())


def test_rollout_shares_what_reaches_the_fused_slot(pair):
    found, seen = EXPLAINERS.build("rollout").explain(pair), EXPLAINERS.build("attention").explain(pair)
    total = sum(shown.weights.sum() for shown in found.query.maps.values())
    assert total == pytest.approx(found.query.alpha.matrix[0, 1:].sum())
    assert 0 < total < 1
    for modality, shown in found.query.maps.items():
        share = found.query.alpha.matrix[0, 1 + FUSED.index(modality)]
        np.testing.assert_allclose(shown.weights, share * seen.query.maps[modality].weights)
    assert found.item.alpha.slots == ("fused", "image", "text", "no audio")
    assert set(found.item.maps) == {Modality.IMAGE, Modality.TEXT}


def test_attention_from_outside_changes_nothing_when_it_is_the_same(pair):
    weights = pair.fusion.attend(pair.query.batch)
    again = pair.fusion.summarise(pair.query.batch, weights)
    torch.testing.assert_close(pair.fusion.fuse(again), pair.fusion.fuse(pair.query.summaries))


def test_masking_gradient_is_the_slope_of_the_score_in_the_logits(pair):
    """Raising a token's logit a little for every query moves the score by its relevance."""
    weights, gradients = attention_gradients(pair, "query")
    relevance = masking_relevance(weights[Modality.TEXT], gradients[Modality.TEXT])
    assert float(relevance.sum()) == pytest.approx(0, abs=1e-9)
    given, step = pair.fusion.attend(pair.query.batch), 1e-5
    for token in (0, 5, 11):
        logits = given[Modality.TEXT].clamp(min=1e-300).log()
        values = []
        for sign in (1, -1):
            moved = logits.clone()
            moved[:, :, token] += sign * step
            weights = {**given, Modality.TEXT: torch.softmax(moved, dim=-1)}
            values.append(value_of(pair, pair.fusion.summarise(pair.query.batch, weights)))
        assert (values[0] - values[1]) / (2 * step) == pytest.approx(float(relevance[token]), rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("side", ["query", "item"])
def test_gradient_x_input_is_the_slope_of_the_score_in_the_size_of_a_token(pair, side):
    found = EXPLAINERS.build("gradient", kind="input").explain(pair)
    shown = (found.query if side == "query" else found.item).maps[Modality.IMAGE]
    own, step = pair.query if side == "query" else pair.item, 1e-5
    other = pair.fusion.fuse((pair.item if side == "query" else pair.query).summaries)[0]
    for token in (0, 7):
        values = []
        for sign in (1, -1):
            moved = own.batch[Modality.IMAGE].values.clone()
            moved[0, token] *= 1 + sign * step
            batch = {**own.batch, Modality.IMAGE: TokenBatch(moved, own.batch[Modality.IMAGE].mask)}
            values.append(float(pair.fusion.fuse(pair.fusion.summarise(batch))[0] @ other))
        assert (values[0] - values[1]) / (2 * step) == pytest.approx(shown.weights[token], rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("kind", ["masking", "attention", "input"])
def test_gradients_leave_the_shared_model_as_it_was(pair, kind):
    found = EXPLAINERS.build("gradient", kind=kind).explain(pair)
    assert set(found.query.maps) == set(FUSED)
    for shown in found.query.maps.values():
        assert shown.weights.shape == (N,)
        assert (shown.weights[-2:] == 0).all()
        assert np.ptp(shown.weights) > 0
        assert (shown.weights >= 0).all() or kind != "attention"
    for module in pair.fusion.modules():
        assert not module._forward_hooks
        assert not module._backward_hooks
    assert all(p.grad is None and not p.requires_grad for p in pair.fusion.parameters())
    assert all(b.values.grad is None and not b.values.requires_grad for b in pair.query.batch.values())


def test_a_profile_enters_the_gradient(pair):
    shown = EXPLAINERS.build("gradient", kind="input").explain(pair).query.maps[Modality.TEXT]
    liked = replace(pair, history=History(("like:a",), np.eye(1, pair.fusion.dim, dtype=np.float32), 0.25))
    halved = EXPLAINERS.build("gradient", kind="input").explain(liked).query.maps[Modality.TEXT]
    np.testing.assert_allclose(halved.weights, 0.75 * shown.weights, atol=1e-12)


def test_a_fusion_that_takes_no_attention_says_so():
    fusion = FakeFusion()
    side = encoded(fusion, {Modality.TEXT: np.ones((4, DIM), np.float32)})
    assert "kind 'input'" in EXPLAINERS.build("gradient", kind="masking").why_incompatible(Pair(fusion, side, side))
    assert EXPLAINERS.build("gradient", kind="input").why_incompatible(Pair(fusion, side, side)) is None


@pytest.mark.parametrize("modality", FUSED, ids=["one patch", "one second", "one word"])
def test_gradients_find_the_one_part_that_decides(modality):
    """One token carries what the item is; the others carry next to nothing."""
    fusion, rng = FakeFusion(), np.random.default_rng(3)
    values = {modality: 0.01 * rng.normal(size=(N, DIM)).astype(np.float32)}
    values[modality][9] = 20 * rng.normal(size=DIM)
    target = encoded(fusion, {modality: np.tile(values[modality][9], (4, 1))})
    planted = Pair(fusion, encoded(fusion, values), target)
    found = EXPLAINERS.build("gradient", kind="input").explain(planted).query.maps[modality]
    assert np.abs(found.weights).argmax() == 9
    scorer = TokenScorer(planted, "query", modality)
    oracle = (np.arange(N) == 9).astype(float)
    assert judge(scorer, on_parts(scorer.parts, oracle), "oracle").better
    assert not judge(scorer, on_parts(scorer.parts, -oracle), "opposite").better


class TokenSize:
    """A map that looks at the input alone."""

    name = "size"

    def why_incompatible(self, pair):
        return None

    def explain(self, pair):
        maps = {
            m: TokenMap(m, t.grid, np.linalg.norm(t.values, axis=1).astype(float), "size")
            for m, t in pair.query.tokens.items()
        }
        return Explanation("size", SideFindings(maps=maps), SideFindings())


def test_a_map_of_the_input_alone_fails_the_randomisation_check(pair):
    check = randomisation_check(TokenSize(), pair, "query", seeds=2)[Modality.IMAGE]
    assert not check.sensitive
    np.testing.assert_allclose(check.correlations, 1)


def test_attention_passes_the_randomisation_check_and_the_model_is_untouched(pair):
    before = {name: p.clone() for name, p in pair.fusion.named_parameters()}
    checks = randomisation_check(Attention(), pair, "query", seeds=6)
    assert set(checks) == set(FUSED)
    assert checks[Modality.IMAGE].sensitive
    assert checks[Modality.IMAGE].correlations.shape == (6, 1)
    assert all(torch.equal(p, before[name]) for name, p in pair.fusion.named_parameters())


def test_cascading_starts_at_the_output(pair):
    stages = stage_names(pair.fusion)
    assert stages.index("correction") < stages.index("layers") < stages.index("pools")
    check = randomisation_check(Attention(), pair, "query", seeds=1, cascade=True)[Modality.TEXT]
    assert check.stages == stages
    np.testing.assert_allclose(check.correlations[0, stages.index("layers")], 1)
    assert check.correlations[0, -1] < 1


def test_randomising_keeps_each_tensors_values_and_moves_them(pair):
    shuffled = randomised_fusion(pair.fusion, ("pools",), 0)
    for (name, own), (_, other) in zip(pair.fusion.named_parameters(), shuffled.named_parameters(), strict=True):
        torch.testing.assert_close(own.flatten().sort().values, other.flatten().sort().values)
        assert torch.equal(own, other) == (not name.startswith("pools") or own.unique().numel() == 1)


def test_what_cannot_be_randomised_is_named():
    fusion = FakeFusion()
    side = encoded(fusion, {Modality.TEXT: np.ones((4, DIM), np.float32)})
    assert "no learned parameters" in why_not_randomisable(fusion)
    with pytest.raises(ValueError, match="no learned parameters"):
        randomisation_check(Attention(), Pair(fusion, side, side), "query")


def test_few_parts_give_no_verdict_on_randomised_models():
    near, far = np.array([[0.9]]), np.array([[0.1]])
    assert verdict_on("x", Modality.TEXT, ("whole fusion",), near, 8).sensitive is False
    assert verdict_on("x", Modality.TEXT, ("whole fusion",), far, 8).sensitive is True
    few = verdict_on("x", Modality.TEXT, ("whole fusion",), far, 7)
    assert few.sensitive is None
    assert "chance decides" in few.rule


def test_the_classifier_of_an_encoder_is_not_shuffled() -> None:
    specs = {**SPECS, "image": {**SPECS["image"], "concept_sizes": [SPECS["image"]["dim"], 7]}}
    torch.manual_seed(0)
    fusion = FUSIONS.build("model_level", specs)
    shuffled = randomised_fusion(fusion, (WHOLE,), 0)
    own, new = fusion.anchors["image"], shuffled.anchors["image"]
    assert torch.equal(own.concept.layers[0].weight, new.concept.layers[0].weight)
    assert not torch.equal(own.linear.weight, new.linear.weight)
