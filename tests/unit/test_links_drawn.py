"""Links between matches: words are measured, and no link crosses one."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from pages._ui import leads, lettering, links_words

TEXT = "a legendary dragon with large wings that breathes fire and flies over the mountains by night"
WANTED = ("a", "large", "that", "fire", "over", "night")
LEFT, RIGHT = (0.0, 430.0), (770.0, 770.0)
"""Left edge of the words, and the edge that links leave by, of either column."""


def extent(word: str) -> tuple[float, ...]:
    found = re.search(rf"\b{word}\b", TEXT)
    return float(found.start()), float(found.end())


def laid(column: tuple[float, float]) -> links_words.Laid:
    return links_words.lay(TEXT, [extent(word) for word in WANTED], column[0], 100.0, 430.0, column[1])


def crosses(one, other, word: links_words.Word) -> bool:
    """True where the stretch from corner to corner passes through the letters of a word."""
    (x0, y0), (x1, y1) = one, other
    return (
        min(x0, x1) < word.x + word.wide
        and max(x0, x1) > word.x
        and min(y0, y1) < word.y + 3
        and max(y0, y1) > word.y - 12
    )


@pytest.mark.parametrize("column", [LEFT, RIGHT], ids=["left", "right"])
def test_no_lead_crosses_a_word(column):
    found = laid(column)
    assert set(found.leads) == {extent(word) for word in WANTED}
    for lead in found.leads.values():
        assert lead[-1][0] == column[1]
        for one, other in pairwise(lead):
            assert not [word.text for word in found.words if crosses(one, other, word)]


@pytest.mark.parametrize("column", [LEFT, RIGHT], ids=["left", "right"])
def test_leads_of_one_line_have_lanes_of_their_own(column):
    levels = [lead[-1][1] for lead in laid(column).leads.values()]
    assert len(set(levels)) == len(levels)


def test_the_nearest_to_the_edge_takes_the_highest_lane():
    far, near = leads.below([(0, 0, 20, 20), (100, 0, 20, 20)], 430.0)
    assert near[-1][1] < far[-1][1]
    assert near[0] == (110, 20)


def test_a_word_at_the_edge_is_left_straight():
    found = laid(RIGHT)
    box = found.boxes[extent("a")]
    assert found.leads[extent("a")] == ((box[0], box[1] + box[3] / 2), (770.0, box[1] + box[3] / 2))


def test_a_box_covers_the_part_of_a_word_that_answers():
    found = links_words.lay("red-brown", [(4.0, 9.0)], 0.0, 0.0, 430.0, 430.0)
    before = lettering.width("red-", links_words.SIZE)
    assert found.boxes[4.0, 9.0][0] == pytest.approx(before - 3)
    assert found.boxes[4.0, 9.0][2] == pytest.approx(lettering.width("brown", links_words.SIZE) + 6)


def test_widths_are_those_of_helvetica_and_an_ideograph_takes_an_em():
    assert lettering.width("iW", 1000) == pytest.approx(222 + 944)
    assert lettering.width("’", 1000) == pytest.approx(222)
    assert lettering.width("龙", 16) == 16.0


def test_lines_stay_within_their_column():
    found = laid(LEFT)
    assert all(word.x + word.wide <= 430.0 for word in found.words)
    assert len({word.y for word in found.words}) >= 2
