"""Looking into encoders: the hub's towers, from small checkpoints in a folder, and encoders that have no attention."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmrec_core.encoders.base import ENCODERS
from mmrec_core.errors import QueryError
from mmrec_core.explain.base import EXPLAINERS, Pair
from mmrec_core.explain.encoder_attention import METHOD
from mmrec_core.explain.inside import EncoderInside
from mmrec_core.explain.medium import compare
from mmrec_core.explain.pair import Shown
from mmrec_core.features.projection import Projection
from mmrec_core.fusion.base import FUSIONS
from mmrec_core.fusion.bundle import ModelBundle
from mmrec_core.recommend.encode import QueryEncoder
from mmrec_core.settings import Settings
from mmrec_core.types import FUSED, Audio, Modality, Query
from tests.hub_checkpoints import save_clap, save_openclip

HUB = {Modality.IMAGE: "openclip_image", Modality.TEXT: "openclip_text", Modality.AUDIO: "clap_audio"}
DIM = 16


def small_bundle(encoders: dict[Modality, str]) -> ModelBundle:
    spec = {"dim": DIM, "peak_group": 0, "concept_sizes": [], "text_dim": DIM}
    fusion = FUSIONS.build("model_level", {str(m): spec for m in FUSED}, dim=32, hidden=32, queries=2)
    rng = np.random.default_rng(0)
    projection = Projection(rng.normal(size=DIM).astype(np.float32), np.eye(DIM, dtype=np.float32), 2.0)
    return ModelBundle(
        name="small",
        fusion=fusion.eval().requires_grad_(False),
        projections=dict.fromkeys(FUSED, projection),
        encoders=encoders,
        encoder_versions=dict.fromkeys(FUSED, "1"),
        class_names={},
    )


def media(seed: int) -> Query:
    rng = np.random.default_rng(seed)
    return Query(
        image=rng.integers(0, 256, (60, 40, 3), dtype=np.uint8),
        text="A dog barks at the gate" if seed else "an old violin",
        audio=Audio(rng.normal(size=96_000).astype(np.float32) / 4, 48_000),
    )


@pytest.fixture(scope="module")
def pair(tmp_path_factory) -> Pair:
    settings = Settings(home=tmp_path_factory.mktemp("hub"), device="cpu")
    save_openclip(settings)
    save_clap(settings)
    encoders = {m: ENCODERS.build(name, settings) for m, name in HUB.items()}
    encoder = QueryEncoder(encoders, small_bundle(HUB), items=None)
    queries = media(0), media(1)
    shown = [Shown(q.image, q.text, q.audio) for q in queries]
    query, item = (encoder.encode_query(q) for q in queries)
    return Pair(encoder.bundle.fusion, query, item, inside=EncoderInside(encoder, *shown))


@pytest.mark.parametrize("kind", ["relevance", "rollout", "last"])
def test_every_tower_of_the_hub_says_where_it_looked(pair, kind):
    explainer = EXPLAINERS.build(METHOD, kind=kind)
    assert explainer.why_incompatible(pair) is None
    found = explainer.explain(pair)
    for one, own in ((found.query, pair.query), (found.item, pair.item)):
        assert set(one.maps) == set(FUSED)
        for modality, drawn in one.maps.items():
            tokens = own.tokens[modality]
            assert drawn.grid == tokens.grid
            assert (drawn.weights >= 0).all()
            assert drawn.weights.max() > 0
            assert np.ptp(drawn.weights[tokens.mask]) > 0
            assert (drawn.weights[~tokens.mask] == 0).all()


@pytest.mark.parametrize("modality", FUSED)
@pytest.mark.parametrize("side", ["query", "item"])
def test_looking_again_gives_the_tokens_of_the_pair(pair, side, modality):
    own = pair.query if side == "query" else pair.item
    again, values = pair.inside.attend(side, modality).tokens.detach().numpy(), own.tokens[modality].values
    exact = getattr(pair.inside.encoder.encoders[modality], "precision", "float32") == "float32"
    np.testing.assert_allclose(again, values, atol=(1e-4 if exact else 5e-2) * (1 + np.abs(values).max()))


def test_maps_inside_encoders_are_tested_against_random_ones(pair):
    found = compare(pair, "query", Modality.IMAGE, {METHOD: {}, "gradient": {}})
    assert [one.trust is not None for one in found.explained] == [True, True]
    assert all(one.trust.randomisation.correlations.shape == (3, 1) for one in found.explained)
    assert found.agreement.methods == (METHOD, "gradient")


def test_a_medium_that_cannot_be_looked_into_keeps_the_maps_of_other_methods(pair):
    blind = replace(
        pair, inside=EncoderInside(pair.inside.encoder, Shown(None, "an old violin", None), pair.inside.item)
    )
    inside, gradient = compare(blind, "query", Modality.IMAGE, {METHOD: {}, "gradient": {}}).explained
    assert inside.map is None
    assert inside.trust is None
    assert gradient.map is not None
    assert gradient.trust is not None


def test_an_encoder_without_attention_is_named(pair):
    encoder = QueryEncoder({}, small_bundle(HUB | {Modality.IMAGE: "efficientnet"}), items=None)
    inside = EncoderInside(
        encoder, Shown(np.zeros((4, 4, 3), np.uint8), "a dog", None), Shown(None, "a cat", None), "de"
    )
    assert inside.why_not("query", Modality.IMAGE) == "EfficientNet-Lite0 (image): there is no attention inside."
    assert "other languages" in inside.why_not("query", Modality.TEXT)
    assert inside.why_not("item", Modality.TEXT) is None
    assert "cannot be read" in inside.why_not("item", Modality.AUDIO)
    with pytest.raises(QueryError, match="no attention"):
        encoder.attentive(Modality.IMAGE)
