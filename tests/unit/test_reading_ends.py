"""Where the reading of a long text ends."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from mmrec_core.recommend.encode import Encoded, reading_ends
from mmrec_core.types import Modality, Query, TextGrid, Tokens


def encoded(*spans: tuple[int, int]) -> Encoded:
    tokens = Tokens(np.zeros((len(spans), 2), np.float32), np.ones(len(spans), bool), TextGrid(spans))
    return Encoded({Modality.TEXT: tokens}, {}, SimpleNamespace())


@pytest.mark.parametrize(
    ("text", "spans", "end"),
    [
        ("a bird", ((0, 0), (0, 1), (2, 6), (0, 0)), None),
        ("a bird  ", ((0, 1), (2, 6)), None),
        ("a bird sings", ((0, 1), (2, 6)), 6),
        ("I love \u2764\ufe0f", ((0, 1), (2, 6), (7, 8)), None),
        ("dog\u200d", ((0, 3),), None),
        ("a dog \u2764\ufe0f", ((0, 1), (2, 5)), 5),
    ],
)
def test_what_lies_beyond_the_last_token_is_not_read(text, spans, end) -> None:
    assert reading_ends(Query(text=text), encoded(*spans)) == end


def test_without_a_text_nothing_ends() -> None:
    assert reading_ends(Query(item_id="a/1"), encoded((0, 1))) is None
    assert reading_ends(Query(text="a"), Encoded({}, {}, SimpleNamespace())) is None
