"""Settings: what may be set is what is described."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mmrec_core.cli import app
from mmrec_core.errors import BundleError, OptionError
from mmrec_core.settings import REPOSITORY, Settings, get_settings


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


@pytest.fixture
def unread():
    """Settings are read once a process: here before and after, too."""
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [("MMREC_DEVICE", "gpu", "'auto', 'cpu', 'cuda' or 'mps'"), ("MMREC_SEED", "abc", "a whole number")],
)
def test_a_variable_that_cannot_be_used_is_one_line(variable, value, allowed, unread, monkeypatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(OptionError, match=f"{variable} is '{value}'; it may be {allowed}"):
        get_settings()
    refused = CliRunner().invoke(app, ["catalogue", "stats"])
    assert refused.exit_code == 2 and refused.stderr.startswith(f"error: {variable} is")
    assert len(refused.stderr.splitlines()) == 1


def test_an_empty_variable_is_none_and_home_may_be_written_short(monkeypatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    monkeypatch.setenv("MMREC_DEVICE", "")
    monkeypatch.setenv("MMREC_HOME", "")
    settings = Settings()
    assert settings.device == "auto" and settings.home.name == "mmrec-lens"
    monkeypatch.setenv("MMREC_HOME", "~/lens")
    monkeypatch.setenv("MMREC_MOVIELENS_RATINGS", "~/mine.csv")
    assert Settings().home == Path("/somewhere/lens")
    assert Settings().movielens_ratings == Path("/somewhere/mine.csv")
