"""Every explainer, whatever it is: frozen results, the same numbers twice, shares that sum, and a reason where it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any

import numpy as np
import pytest
import torch

from mmrec_core.explain.base import EXPLAINERS, Explanation, Pair, SideFindings
from mmrec_core.fusion.base import TokenBatch
from mmrec_core.recommend.encode import Encoded
from mmrec_core.recommend.profile import History
from mmrec_core.recommend.score import score
from mmrec_core.types import FUSED, Attribution, AudioGrid, ImageGrid, Modality, TextGrid, Tokens
from tests.planted_attention import with_inside
from tests.tiny import DIMS, LENGTHS, tiny_fusion

GRIDS = {
    Modality.IMAGE: ImageGrid(2, 2),
    Modality.TEXT: TextGrid(((0, 0), (0, 3), (3, 5), (6, 9), (0, 0))),
    Modality.AUDIO: AudioGrid((0.0, 0.5, 1.0, 1.5), (0.0, 1000.0, 2000.0)),
}
PADDED = {Modality.IMAGE: 3}
"""A token that is not real."""


def side(fusion: Any, seed: int, held: tuple[Modality, ...] = FUSED) -> Encoded:
    rng = np.random.default_rng(seed)
    tokens = {}
    for m in held:
        mask = np.arange(LENGTHS[m]) != PADDED.get(m, -1)
        tokens[m] = Tokens(rng.normal(size=(LENGTHS[m], DIMS[m])).astype(np.float32), mask, GRIDS[m])
    batch = {m: TokenBatch(torch.from_numpy(t.values)[None], torch.from_numpy(t.mask)[None]) for m, t in tokens.items()}
    with torch.no_grad():
        return Encoded(tokens, batch, fusion.summarise(batch))


FUSION = tiny_fusion()
WHOLE = with_inside(Pair(FUSION, side(FUSION, 1), side(FUSION, 2)))
LONE = with_inside(Pair(FUSION, side(FUSION, 3, (Modality.TEXT,)), side(FUSION, 4, (Modality.IMAGE,))))
LIKED = Pair(
    FUSION, WHOLE.query, WHOLE.item, History(("words",), np.eye(FUSION.dim, dtype=np.float32)[:1], 0.3), WHOLE.inside
)


def variants(name: str) -> list[dict[str, Any]]:
    """The defaults, and every choice of every option."""
    options = EXPLAINERS.get(name).options
    return [{}] + [{o.name: choice} for o in options for choice in o.choices if choice != o.default]


CASES = [
    pytest.param(name, options, id=f"{name}-{'-'.join(options.values()) or 'default'}")
    for name in EXPLAINERS.names()
    for options in variants(name)
]


def explain(name: str, options: dict[str, Any], pair: Pair) -> Explanation:
    explainer = EXPLAINERS.build(name, **options)
    reason = explainer.why_incompatible(pair)
    if reason is not None:
        pytest.skip(f"says why not: {reason}")
    return explainer.explain(pair)


def attributions(found: Explanation) -> Iterator[tuple[Attribution, bool]]:
    """Every attribution, and whether a local model made it (whose residual is what it misses)."""
    for one in (found.query, found.item):
        if one.attribution is not None:
            yield one.attribution, False
        for modality, shares in one.shares.items():
            yield shares, modality in one.fits


def same(a: Any, b: Any) -> bool:
    """Equal in every field, arrays included."""
    if is_dataclass(a) and not isinstance(a, type):
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return np.array_equal(a, b) if isinstance(a, np.ndarray) else bool(a == b)


@pytest.mark.parametrize("pair", [WHOLE, LONE, LIKED], ids=["whole", "lone", "liked"])
@pytest.mark.parametrize(("name", "options"), CASES)
def test_says_why_not_in_a_sentence_or_explains(name, options, pair):
    explainer = EXPLAINERS.build(name, **options)
    assert explainer.name == name
    reason = explainer.why_incompatible(pair)
    if reason is not None:
        assert reason.endswith(".")
        return
    found = explainer.explain(pair)
    assert isinstance(found, Explanation)
    assert found.method == name
    assert found.query != SideFindings() or found.item != SideFindings() or found.pairs is not None


@pytest.mark.parametrize(("name", "options"), CASES)
def test_results_cannot_be_changed(name, options):
    found = explain(name, options, WHOLE)
    with pytest.raises(FrozenInstanceError):
        found.method = "other"
    with pytest.raises(FrozenInstanceError):
        found.query.attribution = None
    for attribution, _ in attributions(found):
        with pytest.raises(FrozenInstanceError):
            attribution.target = 0.0


@pytest.mark.parametrize(("name", "options"), CASES)
def test_the_same_twice_and_nothing_is_left_behind(name, options):
    torch.manual_seed(1)
    np.random.seed(1)
    before = torch.random.get_rng_state(), np.random.get_state()[1].copy()
    weights = {key: value.clone() for key, value in FUSION.state_dict().items()}
    first, second = explain(name, options, WHOLE), explain(name, options, WHOLE)
    assert same(first, second)
    assert torch.equal(before[0], torch.random.get_rng_state())
    assert np.array_equal(before[1], np.random.get_state()[1])
    assert all(torch.equal(value, weights[key]) for key, value in FUSION.state_dict().items())
    assert all(p.grad is None for p in FUSION.parameters())


@pytest.mark.parametrize("pair", [WHOLE, LIKED], ids=["whole", "liked"])
@pytest.mark.parametrize(("name", "options"), CASES)
def test_shares_sum_to_the_score(name, options, pair):
    found = explain(name, options, pair)
    with torch.no_grad():
        ends = (FUSION.fuse(s.summaries)[0].numpy() for s in (pair.query, pair.item))
        expected = float(score(*ends, pair.profile, pair.weight))
    for attribution, fitted in attributions(found):
        assert attribution.target == pytest.approx(expected, abs=1e-5)
        assert len(attribution.players) == len(attribution.values)
        assert np.isfinite(attribution.values).all()
        assert attribution.evaluations > 0
        if not fitted:
            assert abs(attribution.residual) < 1e-6
        if attribution.standard_errors is not None:
            assert attribution.seed is not None
            assert (attribution.standard_errors >= 0).all()


@pytest.mark.parametrize(("name", "options"), CASES)
def test_maps_lie_on_the_real_tokens_of_their_medium(name, options):
    found = explain(name, options, WHOLE)
    for one, encoded in ((found.query, WHOLE.query), (found.item, WHOLE.item)):
        for modality, drawn in one.maps.items():
            tokens = encoded.tokens[modality]
            assert drawn.modality is modality
            assert drawn.grid == tokens.grid
            assert drawn.weights.shape == tokens.mask.shape
            assert np.isfinite(drawn.weights).all()
            assert (drawn.weights[~tokens.mask] == 0).all()
            if modality in one.shares:
                assert drawn.weights.sum() == pytest.approx(one.shares[modality].values.sum())


@pytest.mark.parametrize("name", EXPLAINERS.names())
def test_options_have_defaults_they_allow_and_words_for_people(name):
    plugin = EXPLAINERS.get(name)
    assert plugin.title[0].isupper()
    for option in plugin.options:
        assert option.check(option.default) == option.default
        assert option.label
        assert option.help


def test_interactions_tell_alone_from_together():
    found = EXPLAINERS.build("modality_interactions").explain(WHOLE)
    shares = EXPLAINERS.build("modality_shapley").explain(WHOLE)
    for one, other in ((found.query, shares.query), (found.item, shares.item)):
        inter, shapley = one.interactions, other.attribution
        assert abs(inter.residual) < 1e-9
        np.testing.assert_allclose(inter.alone + inter.pairs.sum(axis=1) / 2, shapley.values, atol=1e-9)
    both = found.interactions
    assert both.players[0] == "item image"
    assert both.players[-1] == "query audio"
    assert abs(both.residual) < 1e-9
    # each side's modalities alone do nothing without the other side: the crossing pairs carry the match
    assert np.abs(both.pairs[:3, 3:]).max() > 1e-3
