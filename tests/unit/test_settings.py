"""Settings: what may be set is what is described."""

from __future__ import annotations

from mmrec_core.settings import REPOSITORY, Settings


def test_every_variable_is_described_to_users() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert [name for name in Settings.model_fields if f"`MMREC_{name.upper()}`" not in readme] == []
