"""What every encoder keeps, whatever it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from mmrec_core.encoders.attending import ATTENTION, Attended, AttentiveEncoder
from mmrec_core.encoders.base import ENCODERS, Encoder
from mmrec_core.encoders.weights import missing_weights
from mmrec_core.errors import NotSetUpError
from mmrec_core.settings import Settings, get_settings
from mmrec_core.types import Audio, AudioGrid, ImageGrid, Modality, TextGrid, Tokens
from tests.hub_checkpoints import save_clap, save_openclip

HUB = {"openclip_image": save_openclip, "openclip_text": save_openclip, "clap_audio": save_clap}
EMBEDDED = [name for name in ENCODERS.names() if name not in HUB]
ALL = [pytest.param(name, marks=[] if name in HUB else pytest.mark.weights) for name in ENCODERS.names()]


def sound(seconds: float, rate: int = 44_100) -> Audio:
    return Audio(np.random.default_rng(1).normal(size=int(seconds * rate)).astype(np.float32) / 4, rate)


def media(modality: Modality) -> list[Any]:
    if modality == Modality.IMAGE:
        draw = np.random.default_rng(0)
        return [draw.integers(0, 256, shape, dtype=np.uint8) for shape in ((40, 60, 3), (1, 1, 3), (300, 90, 3))]
    if modality == Modality.TEXT:
        return ["A dog barks at the Café.", "", "Über allen Gipfeln ist Ruh. " * 60, "violin"]
    return [sound(0.3), sound(0.0), sound(12.0), sound(2.0, 8_000), sound(0.3, 48_000)]


@pytest.fixture(scope="module", params=ALL)
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encoder]:
    if request.param in HUB:
        settings = Settings(home=tmp_path_factory.mktemp("hub"), device="cpu")
        HUB[request.param](settings)
    else:
        settings = get_settings()
        if missing_weights(settings):
            pytest.skip("the weights are not on this machine")
    yield ENCODERS.build(request.param, settings)


@pytest.fixture(scope="module")
def encoded(encoder: Encoder) -> list[Tokens]:
    return encoder.encode(media(encoder.modality))


def test_an_empty_batch_gives_an_empty_list(encoder: Encoder) -> None:
    assert encoder.encode([]) == []


def test_values_are_finite_floats_of_the_declared_width(encoder: Encoder, encoded: list[Tokens]) -> None:
    assert len(encoded) == len(media(encoder.modality))
    for tokens in encoded:
        assert tokens.values.dtype == np.float32 and tokens.values.shape[1] == encoder.dim
        assert np.isfinite(tokens.values).all()


def test_mask_and_grid_have_one_place_a_token(encoded: list[Tokens]) -> None:
    for tokens in encoded:
        assert tokens.mask.dtype == np.bool_ and tokens.mask.shape == (len(tokens.values),) and tokens.mask.any()
        assert places(tokens) == len(tokens.values)


def places(tokens: Tokens) -> int:
    grid = tokens.grid
    if isinstance(grid, ImageGrid):
        return grid.rows * grid.cols
    if isinstance(grid, TextGrid):
        return len(grid.spans)
    return (len(grid.seconds) - 1) * (len(grid.hertz) - 1)


def test_a_batch_equals_its_singles(encoder: Encoder, encoded: list[Tokens]) -> None:
    tolerance = 1e-4 if getattr(encoder, "precision", "float32") == "float32" else 5e-2
    for medium, together in zip(media(encoder.modality), encoded, strict=True):
        (alone,) = encoder.encode([medium])
        assert alone.grid == together.grid and np.array_equal(alone.mask, together.mask)
        np.testing.assert_allclose(alone.values, together.values, atol=tolerance * (1 + np.abs(together.values).max()))


def test_encoding_is_deterministic(encoder: Encoder, encoded: list[Tokens]) -> None:
    again = encoder.encode(media(encoder.modality))
    assert all(np.array_equal(a.values, b.values) for a, b in zip(again, encoded, strict=True))


def test_different_media_get_different_tokens(encoder: Encoder, encoded: list[Tokens]) -> None:
    first, last = (tokens.values[tokens.mask].mean(axis=0) for tokens in (encoded[0], encoded[-2]))
    assert np.abs(first - last).max() > 1e-4


def test_spans_hold_what_was_written(encoder: Encoder, encoded: list[Tokens]) -> None:
    if encoder.modality != Modality.TEXT:
        pytest.skip("a matter of texts")
    text, spans = media(Modality.TEXT)[0], encoded[0].grid.spans
    assert spans[0][0] == spans[0][1] and spans[-1][0] == spans[-1][1]
    assert "".join(text[a:b] for a, b in spans) == text.replace(" ", "")
    assert len(encoded[1].values) == 2


def test_cells_of_a_sound_lie_inside_it(encoder: Encoder, encoded: list[Tokens]) -> None:
    if encoder.modality != Modality.AUDIO:
        pytest.skip("a matter of sounds")
    for audio, tokens in zip(media(Modality.AUDIO), encoded, strict=True):
        seconds, hertz = np.array(tokens.grid.seconds), np.array(tokens.grid.hertz)
        assert seconds[0] >= 0 and seconds[-1] <= audio.seconds + 0.05
        assert (np.diff(seconds) >= 0).all() and (np.diff(hertz) > 0).all()
        real = tokens.mask.reshape(len(seconds) - 1, -1)[:, 0]
        assert seconds[:-1][real].max() <= audio.seconds
    assert isinstance(encoded[0].grid, AudioGrid) and not encoded[0].mask.all() and encoded[2].mask.all()


@pytest.fixture(scope="module")
def attended(encoder: Encoder) -> list[Attended]:
    if not isinstance(encoder, AttentiveEncoder):
        pytest.skip("a network without attention")
    return [encoder.attend(medium) for medium in media(encoder.modality)]


def test_a_plugin_declares_whether_its_encoder_attends(encoder: Encoder) -> None:
    plugin = next(p for p in ENCODERS.plugins.values() if p.build.__module__ == type(encoder).__module__)
    assert (ATTENTION in plugin.offers) == isinstance(encoder, AttentiveEncoder)


def test_attending_gives_the_tokens_of_encoding(
    encoder: Encoder, encoded: list[Tokens], attended: list[Attended]
) -> None:
    tolerance = 1e-4 if getattr(encoder, "precision", "float32") == "float32" else 5e-2
    for tokens, one in zip(encoded, attended, strict=True):
        found = one.tokens.detach().cpu().numpy()
        np.testing.assert_allclose(found, tokens.values, atol=tolerance * (1 + np.abs(tokens.values).max()))


def test_attention_is_a_distribution_over_the_places_of_each_layer(attended: list[Attended]) -> None:
    for one in attended:
        positions = None
        for layer in one.layers:
            windows, _, n, _ = layer.weights.shape
            assert layer.places.shape == (windows, n)
            assert sorted(layer.places.reshape(-1).tolist()) == list(range(windows * n))
            assert positions in (None, windows * n)
            torch.testing.assert_close(layer.weights.sum(dim=-1), torch.ones_like(layer.weights[..., 0]))
            positions = windows * n if layer.merged is None else int(layer.merged.max()) + 1
        assert one.read.shape == one.token_of.shape == (positions,)
        assert float(one.read.sum()) == pytest.approx(1)
        assert set(one.token_of.tolist()) - {-1} == set(range(len(one.tokens)))


def test_gradients_of_the_tokens_reach_every_layer(attended: list[Attended]) -> None:
    for one in attended:
        direction = torch.linspace(-1, 1, one.tokens.numel()).reshape(one.tokens.shape)
        weights = [layer.weights for layer in one.layers]
        found = torch.autograd.grad((one.tokens * direction).sum(), weights)
        assert all(torch.isfinite(gradient).all() for gradient in found)
        assert len(one.tokens) < 3 or all(float(gradient.abs().max()) > 0 for gradient in found)


def test_attending_leaves_the_encoder_as_it_was(
    encoder: Encoder, encoded: list[Tokens], attended: list[Attended]
) -> None:
    again = encoder.encode(media(encoder.modality))
    assert all(np.array_equal(a.values, b.values) for a, b in zip(again, encoded, strict=True))


@pytest.mark.parametrize("name", ENCODERS.names())
def test_without_weights_it_says_what_to_run(name: str, tmp_path: Any) -> None:
    with pytest.raises(NotSetUpError, match="python -m mmrec_core setup"):
        ENCODERS.build(name, Settings(home=tmp_path, device="cpu"))
