"""Serendipity and the entropy of exposure, at their ends and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core import metrics

VECTORS = np.eye(4, dtype=np.float32)[[0, 0, 1, 2]]


def test_serendipity_needs_a_find_unlike_the_history():
    hits = np.array([[True, True, False]])
    found = metrics.serendipity(np.array([[1, 2, 3]]), hits, np.array([[1.0, 0, 0, 0]], np.float32), VECTORS)
    assert found == pytest.approx([1 / 3])


def test_entropy_of_even_and_uneven_exposure():
    assert metrics.entropy(np.array([2, 2, 2, 2])) == pytest.approx(2)
    assert metrics.entropy(np.array([8, 0, 0, 0])) == 0
