"""Encoders are loaded when they are first asked for, once, and only those that belong to the bundle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from mmrec_core import assembly
from mmrec_core.encoders.base import ENCODERS
from mmrec_core.errors import BundleError, NotSetUpError
from mmrec_core.settings import Settings
from mmrec_core.types import Modality

BUNDLE = SimpleNamespace(
    name="default",
    encoders={Modality.IMAGE: "pictures", Modality.TEXT: "words"},
    encoder_versions={Modality.IMAGE: "pictures-1", Modality.TEXT: "words-2"},
)


@pytest.fixture
def built(monkeypatch):
    """Names of the encoders built so far; each is of version 1."""
    names = []

    def build(name, settings):
        names.append(name)
        return SimpleNamespace(version=f"{name}-1")

    monkeypatch.setattr(ENCODERS, "build", build)
    return names


def test_nothing_is_loaded_before_it_is_asked_for(built):
    encoders = assembly.LazyEncoders(Settings(), BUNDLE)
    assert set(encoders) == set(BUNDLE.encoders)
    assert len(encoders) == 2
    assert built == []
    assert encoders.loaded == ()
    assert encoders[Modality.IMAGE] is encoders[Modality.IMAGE]
    assert built == ["pictures"]
    assert encoders.loaded == (encoders[Modality.IMAGE],)


def test_threads_share_one(built):
    encoders = assembly.LazyEncoders(Settings(), BUNDLE)
    with ThreadPoolExecutor(8) as pool:
        found = set(map(id, pool.map(encoders.__getitem__, [Modality.IMAGE] * 32)))
    assert len(found) == len(built) == 1


def test_another_version_is_refused_when_it_is_asked_for(built):
    encoders = assembly.LazyEncoders(Settings(), BUNDLE)
    with pytest.raises(BundleError, match="words-2"):
        encoders[Modality.TEXT]
    with pytest.raises(KeyError):
        encoders[Modality.AUDIO]


def test_missing_weights_are_told_at_once(tmp_path):
    with pytest.raises(NotSetUpError, match="setup"):
        assembly.check_weights(Settings(home=tmp_path))
