"""Threads an operation: what is borrowed is given back."""

from __future__ import annotations

import torch

from mmrec_core.encoders.threads import every_core, kept_threads, limited_threads, usable_cores


def test_what_another_library_sets_is_set_back():
    before = torch.get_num_threads()
    with kept_threads():
        torch.set_num_threads(before + 1)
    assert torch.get_num_threads() == before


def test_every_core_and_limited_threads_hold_only_within():
    before = torch.get_num_threads()
    with every_core():
        assert torch.get_num_threads() == usable_cores()
    assert torch.get_num_threads() == before
    with limited_threads():
        assert torch.get_num_threads() <= usable_cores()
    assert torch.get_num_threads() == before
