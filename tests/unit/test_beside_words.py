"""How much pictures and sounds count beside words: what it touches, and which factor is chosen."""

from __future__ import annotations

import torch

from mmrec_core.evaluate.beside_words import Candidate, best_first, candidates_table
from mmrec_core.types import FUSED, Modality
from tests.tiny import tiny_data, tiny_fusion

ROWS = torch.arange(9)


def test_only_what_stands_beside_words_counts_less():
    fusion = tiny_fusion()
    summaries = fusion.summarise(tiny_data().batch(ROWS, "cpu"))
    keeps = {kept: torch.tensor([[m in kept for m in FUSED]]) for kept in map(tuple, _subsets())}
    before = {kept: fusion.fuse(summaries, keep) for kept, keep in keeps.items()}
    fusion.weigh_beside_words(0.5)
    for kept, keep in keeps.items():
        moved = (fusion.fuse(summaries, keep) - before[kept]).abs().amax(dim=1) > 1e-6
        there = summaries.presence & keep
        text = there[:, FUSED.index(Modality.TEXT)]
        assert torch.equal(moved, text & (there.sum(dim=1) > 1))


def test_the_factor_is_part_of_the_configuration():
    fusion = tiny_fusion()
    fusion.weigh_beside_words(0.6)
    assert fusion.config()["beside_words"] == 0.6
    weights = fusion.anchor_weights(torch.tensor([[True, True, False], [True, False, True]]))
    torch.testing.assert_close(weights, torch.tensor([[0.6, 1, 0], [1, 0, 1]]))


def test_the_largest_least_lead_that_costs_no_line_much_is_chosen():
    as_it_was = Candidate(1.0, {"a": 0.5, "b": 0.5}, {"image + text": -0.02, "text + audio": 0.01})
    good = Candidate(0.6, {"a": 0.6, "b": 0.496}, {"image + text": 0.01, "text + audio": 0.02})
    costly = Candidate(0.4, {"a": 0.9, "b": 0.49}, {"image + text": 0.05, "text + audio": 0.05})
    assert best_first([as_it_was, good, costly]) == [good, as_it_was, costly]
    assert candidates_table([good, as_it_was, costly]).row_count == 3


def _subsets():
    return ([m for n, m in enumerate(FUSED) if number >> n & 1] for number in range(1, 2 ** len(FUSED)))
