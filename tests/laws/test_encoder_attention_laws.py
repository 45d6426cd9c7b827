"""Attention inside encoders: the walk through windows is the product of matrices, and a planted place is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from mmrec_core.encoders import htsat
from mmrec_core.encoders.attending import Attended, AttentionLayer
from mmrec_core.explain import looking
from mmrec_core.explain.base import Pair
from mmrec_core.explain.encoder_attention import LAST, RELEVANCE, ROLLOUT, EncoderAttention, attention_gradients
from mmrec_core.explain.gradient import differentiable_score
from mmrec_core.types import Modality
from tests.contracts.test_explainers import side
from tests.planted_attention import PlantedInside, with_inside
from tests.tiny import tiny_fusion
from tests.unit.test_rollout_gradient import encoded, noise

FINE, COARSE = (4, 4), (2, 2)


def layer(places: torch.Tensor, seed: int, merged: torch.Tensor | None = None) -> AttentionLayer:
    windows, n = places.shape
    generator = torch.Generator().manual_seed(seed)
    weights = torch.rand(windows, 3, n, n, generator=generator, dtype=torch.float64).softmax(dim=-1)
    return AttentionLayer(weights, places, merged)


@pytest.fixture
def windowed() -> Attended:
    """Two layers of windows of 2 x 2, the second shifted, then a merge to 2 x 2, then one layer that sees all."""
    merged = htsat.merged_places(FINE)
    layers = (
        layer(htsat.window_places(FINE, 2, 0), 1),
        layer(htsat.window_places(FINE, 2, 1), 2, merged),
        layer(htsat.window_places(COARSE, 2, 0), 3),
    )
    read = torch.tensor([0.4, 0.3, 0.2, 0.1], dtype=torch.float64)
    return Attended(torch.zeros(3, 5), layers, read, torch.tensor([2, -1, 0, 1]))


def dense(one: AttentionLayer, weights: torch.Tensor) -> torch.Tensor:
    """The same layer as one matrix of all positions."""
    matrix = torch.zeros(one.places.numel(), one.places.numel(), dtype=weights.dtype)
    for places, window in zip(one.places, weights, strict=True):
        matrix[places[:, None], places[None, :]] = window
    return matrix


def matrices(one: Attended, weights: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """Dense matrices (two fine ones, one coarse), and what merging is as a matrix (coarse, fine)."""
    found = [dense(layer, w) for layer, w in zip(one.layers, weights, strict=True)]
    merge = torch.nn.functional.one_hot(one.layers[1].merged).T.double()
    return found, merge


def on_tokens(held: torch.Tensor) -> torch.Tensor:
    return held[[2, 3, 0]]


def test_rollout_through_windows_is_the_product_of_whole_matrices(windowed):
    (first, second, third), merge = matrices(windowed, [layer.weights.mean(dim=1) for layer in windowed.layers])
    fine, coarse = torch.eye(16).double(), torch.eye(4).double()
    down = windowed.read @ (coarse + third) / 2 @ (merge / 4) @ (fine + second) / 2 @ (fine + first) / 2
    torch.testing.assert_close(looking.rollout(windowed), on_tokens(merge @ down))


def test_relevance_through_windows_is_the_product_of_whole_matrices(windowed):
    generator = torch.Generator().manual_seed(9)
    gradients = [torch.randn(layer.weights.shape, generator=generator).double() for layer in windowed.layers]
    useful = [(w.weights * g).clamp(min=0).mean(dim=1) for w, g in zip(windowed.layers, gradients, strict=True)]
    (first, second, third), merge = matrices(windowed, useful)
    fine, coarse = torch.eye(16).double(), torch.eye(4).double()
    down = windowed.read @ (coarse + third) @ (merge / 4) @ (fine + second) @ (fine + first)
    expected = on_tokens(merge @ down - windowed.read)
    torch.testing.assert_close(looking.relevance(windowed, gradients), expected)
    assert (expected > 0).all()


def test_the_last_layer_alone_is_its_own_mean(windowed):
    expected = windowed.read @ dense(windowed.layers[2], windowed.layers[2].weights.mean(dim=1))
    torch.testing.assert_close(looking.last(windowed), on_tokens(expected))


def test_attention_hands_on_all_that_it_holds(windowed):
    everything = replace(windowed, tokens=torch.zeros(4, 5), token_of=torch.arange(4))
    for found in (looking.rollout(everything), looking.last(everything)):
        assert float(found.sum()) == pytest.approx(1)
        assert (found >= 0).all()


@pytest.fixture(scope="module")
def pair() -> Pair:
    fusion = tiny_fusion().requires_grad_(False)
    return with_inside(Pair(fusion, side(fusion, 1), side(fusion, 2)))


def words(pair: Pair, kind: str, telling: tuple[int, ...] | None = None, sign: float = 1.0) -> np.ndarray:
    """The map of the query's words where only the ``telling`` places hold anything."""
    planted = replace(pair, inside=PlantedInside(pair, telling, sign))
    return EncoderAttention(kind).explain_medium(planted, "query", Modality.TEXT).maps[Modality.TEXT].weights


@pytest.mark.parametrize("place", [0, 2, 4])
def test_relevance_finds_the_one_place_that_tells(pair, place):
    told = [words(pair, RELEVANCE, (place,), sign) for sign in (1.0, -1.0)]
    assert max(weights.max() for weights in told) > 0
    for weights in told:
        assert np.count_nonzero(weights) <= 1
        assert weights.max() == weights[place]


@pytest.mark.parametrize("kind", [LAST, ROLLOUT])
def test_where_attention_looks_says_nothing_about_what_tells(pair, kind):
    np.testing.assert_array_equal(words(pair, kind), words(pair, kind, (3,)))


@pytest.mark.parametrize("name", ["query", "item"])
def test_gradients_of_the_score_agree_with_finite_differences(name):
    fusion = tiny_fusion().double().requires_grad_(False)
    exact = with_inside(Pair(fusion, encoded(fusion, noise(1)), encoded(fusion, noise(2))))
    (gradient,) = attention_gradients(exact, name, Modality.IMAGE, exact.inside.attend(name, Modality.IMAGE))
    one = exact.inside.attend(name, Modality.IMAGE)
    place = (0, 1, 2, 0)
    found = []
    for step in (1e-5, -1e-5):
        moved = torch.zeros_like(one.layers[0].weights)
        moved[place] = step
        found.append(score_with(exact, name, one, moved))
    assert (found[0] - found[1]) / 2e-5 == pytest.approx(float(gradient[place]), rel=1e-4, abs=1e-9)


def score_with(pair: Pair, name: str, one: Attended, moved: torch.Tensor) -> float:
    """The score with attention moved a little: what the tokens gain is what the graph says to first order, here exactly."""
    weights = one.layers[0].weights
    rows = [torch.autograd.grad(t, weights, retain_graph=True)[0] for t in one.tokens.reshape(-1)]
    change = torch.stack([(row * moved).sum() for row in rows]).reshape(one.tokens.shape)
    own = pair.query if name == "query" else pair.item
    batch = dict(own.batch)
    batch[Modality.IMAGE] = replace(batch[Modality.IMAGE], values=(one.tokens.detach() + change)[None])
    with torch.no_grad():
        return float(differentiable_score(pair, name, pair.fusion.summarise(batch)))


def test_one_medium_is_what_the_whole_pair_says_of_it(pair):
    explainer = EncoderAttention(RELEVANCE)
    alone = explainer.explain_medium(pair, "item", Modality.AUDIO)
    whole = explainer.explain(pair).item.maps[Modality.AUDIO]
    np.testing.assert_array_equal(alone.maps[Modality.AUDIO].weights, whole.weights)


def test_without_encoders_it_says_why_not(pair):
    bare = replace(pair, inside=None)
    assert "not at hand" in EncoderAttention(LAST).why_incompatible(bare)
    assert not EncoderAttention(LAST).explain_medium(bare, "query", Modality.TEXT).maps
