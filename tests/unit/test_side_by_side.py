"""Rank-biased overlap keeps its laws, and columns say where an item is elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmrec_core.metrics import rank_biased_overlap
from mmrec_core.recommend.side_by_side import side_by_side
from mmrec_core.types import Attribution, Recommendation
from tests.fake_media import make_items

RANKINGS = st.permutations(range(8))


@given(RANKINGS, RANKINGS)
def test_it_is_symmetric_and_within_bounds(a, b):
    assert rank_biased_overlap(a, b) == pytest.approx(rank_biased_overlap(b, a))
    assert 0.0 <= rank_biased_overlap(a, b) <= 1.0 + 1e-12


@given(RANKINGS, st.floats(0.05, 0.99))
def test_equal_rankings_are_one_and_disjoint_ones_zero(a, p):
    assert rank_biased_overlap(a, a, p) == pytest.approx(1.0)
    assert rank_biased_overlap(a, [x + 100 for x in a], p) == 0.0


def test_a_change_at_the_top_costs_more_than_one_at_the_bottom():
    top, bottom = [9, 1, 2, 3, 4], [0, 1, 2, 3, 9]
    assert rank_biased_overlap(range(5), top) < rank_biased_overlap(range(5), bottom) < 1


def test_by_hand():
    # agreement 0, 1; p = 0.5: 1 * 0.25 + (0.5 / 0.5) * (0 + 1 * 0.25)
    assert rank_biased_overlap("ab", "ba", p=0.5) == pytest.approx(0.5)
    assert rank_biased_overlap("", "ab") == 0.0


def results(order: list[int], shares: tuple[float, float]) -> list[Recommendation]:
    items = make_items()
    attribution = Attribution("modality_shapley", ("image", "text"), np.array(shares), 0.0, sum(shares), 4)
    return [Recommendation(rank, items[n], sum(shares), attribution) for rank, n in enumerate(order, 1)]


def test_columns_know_where_an_item_is_elsewhere():
    items = make_items()
    found = side_by_side({"a": results([0, 1, 2], (0.3, 0.1)), "b": results([1, 0, 5], (0.1, 0.5))})
    assert found.elsewhere("a", items[1].id) == {"b": 1}
    assert found.elsewhere("a", items[2].id) == {"b": None}
    assert found.overlaps[0].shared == 2
    assert found.mean_shares["b"] == pytest.approx({"image": 0.1, "text": 0.5})
