"""Patches of YAMNet, the moments they speak for, and what its classes read."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.encoders import weights, yamnet_network
from mmrec_core.encoders.weights import missing_weights
from mmrec_core.encoders.yamnet import ARCHIVE, HOP, PATCH, RATE, YAMNet, log_mel_patches, mel_bands
from mmrec_core.encoders.yamnet_readings import READINGS
from mmrec_core.settings import get_settings
from mmrec_core.types import Audio


@pytest.fixture(scope="module")
def yamnet() -> YAMNet:
    if missing_weights(get_settings()):
        pytest.skip("the weights are not on this machine")
    return YAMNet(get_settings())


def tone(hertz: float, seconds: float) -> Audio:
    return Audio(np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE).astype(np.float32), RATE)


@pytest.mark.parametrize(("seconds", "patches"), [(0.0, 1), (0.3, 1), (0.97, 1), (1.0, 2), (10.0, 20)])
def test_patches_cover_the_sound(seconds: float, patches: int) -> None:
    found = log_mel_patches(tone(440, seconds))
    assert found.shape == (patches, PATCH, 64)
    assert (patches - 1) * HOP * 0.01 <= max(seconds, 0.01)


def test_a_tone_lies_in_its_band() -> None:
    loudest = log_mel_patches(tone(1000, 1.0))[0].mean(axis=0).argmax()
    centre = (mel_bands()[:, loudest] * np.linspace(0, RATE / 2, 257)).sum() / mel_bands()[:, loudest].sum()
    assert centre == pytest.approx(1000, rel=0.06)


@pytest.mark.weights
def test_every_reading_is_of_a_class(yamnet: YAMNet) -> None:
    assert set(READINGS) <= set(yamnet.class_names)
    assert len(yamnet.readings()) == len(yamnet.class_names) == 521


@pytest.mark.weights
def test_silence_is_silent_and_a_sine_is_heard_when_it_sounds(yamnet: YAMNet) -> None:
    sound = Audio(np.concatenate([np.zeros(3 * RATE, np.float32), tone(800, 3.0).samples]), RATE)
    early, late = yamnet.probabilities(sound, np.array([0.5, 5.0]))
    assert yamnet.class_names[int(early.argmax())] == "Silence"
    sine = yamnet.class_names.index("Sine wave")
    assert late[sine] > 0.3 > early[sine]


@pytest.mark.weights
def test_the_network_is_the_one_in_the_file(yamnet: YAMNet) -> None:
    import io
    import tempfile
    import zipfile
    from pathlib import Path

    import onnxruntime

    patches = log_mel_patches(tone(300, 1.5))
    with tempfile.TemporaryDirectory() as folder:
        data = weights.verified(get_settings(), weights.YAMNET)[ARCHIVE].read_bytes()
        zipfile.ZipFile(io.BytesIO(data)).extractall(folder)
        session = onnxruntime.InferenceSession(next(Path(folder).rglob("*.onnx")))
        logits = [session.run(None, {"audio": patch[None, None]})[0][0] for patch in patches]
    moments = np.arange(len(patches)) * HOP * 0.01 + 0.2
    ours = yamnet._classify(patches)
    np.testing.assert_allclose(ours, 1 / (1 + np.exp(-np.stack(logits))), atol=1e-4)
    assert yamnet.probabilities(tone(300, 1.5), moments).shape == (len(patches), 521)


@pytest.mark.weights
def test_a_patch_is_heard_alike_alone_and_among_many(yamnet: YAMNet) -> None:
    patches = log_mel_patches(tone(300, 5.0))
    alone = np.concatenate([yamnet._classify(patch[None]) for patch in patches])
    assert len(patches) > 4
    np.testing.assert_allclose(yamnet._classify(patches), alone, atol=1e-4)


@pytest.mark.weights
def test_the_trunk_as_torch_runs_it_is_the_same(yamnet: YAMNet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamnet_network, "has_fused_convolutions", lambda _: False)
    plain, patches = YAMNet(get_settings()), log_mel_patches(tone(300, 1.5))
    np.testing.assert_allclose(plain._classify(patches), yamnet._classify(patches), atol=1e-4)
