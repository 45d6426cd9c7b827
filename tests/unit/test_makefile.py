"""The Makefile: what a failed step leaves behind."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from mmrec_core.settings import REPOSITORY

WITHOUT_VENV = """#!/bin/sh
mkdir -p "$3/bin" && touch "$3/bin/python" && echo "ensurepip is not available" >&2 && exit 1
"""
"""What Debian's python3 does without python3-venv: it leaves an interpreter, and fails."""


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
def test_a_virtual_environment_that_failed_is_not_taken_for_a_finished_one(tmp_path):
    python, venv = tmp_path / "python3", tmp_path / "venv"
    python.write_text(WITHOUT_VENV)
    python.chmod(0o755)
    for _ in range(2):
        made = subprocess.run(
            ["make", f"PYTHON={python}", f"VENV={venv}", f"{venv}/bin/python"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode and "ensurepip is not available" in made.stderr
