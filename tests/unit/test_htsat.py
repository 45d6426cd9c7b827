"""Where HTSAT's windows lie, against the network itself."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers.models.clap.modeling_clap import ClapAudioPatchMerging, window_partition

from mmrec_core.encoders import htsat
from mmrec_core.encoders.attending import private_copy
from mmrec_core.encoders.clap_audio import ClapAudio
from mmrec_core.settings import Settings
from mmrec_core.types import Audio
from tests.hub_checkpoints import save_clap


@pytest.fixture(scope="module")
def clap(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("hub"), device="cpu")
    save_clap(settings)
    return ClapAudio(settings)


@pytest.mark.parametrize("shift", [0, 4])
def test_windows_hold_the_places_that_the_network_puts_in_them(shift):
    positions = torch.arange(16 * 32).reshape(1, 16, 32, 1).float().roll((-shift, -shift), (1, 2))
    theirs = window_partition(positions, 8).reshape(-1, 64).long()
    assert torch.equal(htsat.window_places((16, 32), 8, shift), theirs)


def test_merging_takes_in_the_places_that_the_network_merges():
    merging = ClapAudioPatchMerging(dim=1)
    merging.norm, merging.reduction = torch.nn.Identity(), torch.nn.Identity()
    quads = merging(torch.arange(64.0).reshape(1, 64, 1), (8, 8))[0].long()
    merged = htsat.merged_places((8, 8))
    for place, quad in enumerate(quads):
        assert sorted(torch.nonzero(merged == place).reshape(-1).tolist()) == sorted(quad.tolist())


def test_every_place_of_the_last_map_knows_its_token(clap):
    model = private_copy(clap._model.audio_model)
    seen = {}
    model.audio_encoder.norm.register_forward_hook(lambda _m, _i, output: seen.update(last=output[0]))
    noise = Audio(np.random.default_rng(0).normal(size=48_000).astype(np.float32), 48_000)
    features = clap._mel([noise.samples])
    with torch.inference_mode():
        cells = model(features, is_longer=torch.zeros(1, 1, dtype=torch.bool)).last_hidden_state[
            0
        ]  # channel, band, time
    tokens = cells.permute(2, 1, 0)
    token_of = htsat.token_of_place(model.audio_encoder, tuple(tokens.shape[:2]))
    assert torch.equal(tokens.reshape(64, -1)[token_of], seen["last"])


def test_shifted_windows_are_read_too(clap):
    layers = clap.attend(Audio(np.zeros(48_000, np.float32), 48_000)).layers
    assert len(layers) == 5
    assert [layer.weights.shape[0] for layer in layers] == [64, 64, 16, 4, 1]
    assert not torch.equal(layers[0].places, layers[1].places)
