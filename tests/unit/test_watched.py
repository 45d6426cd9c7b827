"""What is fetched is watched while it grows, whatever the program that fetches it does to its own folders."""

from __future__ import annotations

import os

import pytest

from mmrec_core.encoders.watched import megabytes


def test_all_files_below_a_folder_are_counted(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a").write_bytes(bytes(1_500_000))
    (tmp_path / "b").write_bytes(bytes(500_000))
    assert megabytes(tmp_path) == pytest.approx(2.0)


def test_a_folder_that_vanishes_while_it_is_looked_at_counts_as_nothing(tmp_path, monkeypatch):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "b").write_bytes(bytes(500_000))
    look = os.scandir

    def look_too_late(path):
        if os.fspath(path) == os.fspath(inner) and inner.exists():
            inner.rmdir()
        return look(path)

    monkeypatch.setattr(os, "scandir", look_too_late)
    assert megabytes(tmp_path) == pytest.approx(0.5)
    assert not inner.exists()
