"""Settings: what may be set is what is described."""

from __future__ import annotations

import pytest

from mmrec_core.errors import BundleError
from mmrec_core.settings import REPOSITORY, Settings


def test_every_variable_is_described_to_users() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"`MMREC_{name.upper()}`" not in readme] == []


@pytest.mark.parametrize(("preset", "name"), [("embedded", "mine"), ("hub", "mine-hub")])
def test_a_bundle_in_use_keeps_its_name(preset, name, tmp_path) -> None:
    settings = Settings(home=tmp_path, preset=preset).with_bundle(name)
    assert settings.bundle_name == name and settings.with_bundle(name).bundle_name == name


def test_a_bundle_of_another_preset_is_refused(tmp_path) -> None:
    with pytest.raises(BundleError, match="not of the preset 'hub'"):
        Settings(home=tmp_path, preset="hub").with_bundle("mine")
