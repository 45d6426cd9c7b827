"""The reason that a tile gives for what the profile adds or takes."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.types import DISLIKE, LIKE, WORDS, Attribution
from pages._ui.reasons import because


def of_profile(shares: dict[str, float]) -> Attribution:
    values = np.array(list(shares.values()))
    inside = Attribution("owen", tuple(shares), values, 0.0, float(values.sum()), 4)
    total = inside.target + 0.5
    both = np.array([0.5, inside.target])
    return Attribution("owen", ("text", "profile"), both, 0.0, total, 4, within={"profile": inside})


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({f"{LIKE}a": 0.05, f"{DISLIKE}b": -0.02}, "Because you liked <b>a</b> <b>+0.050"),
        ({f"{LIKE}a": 0.01, f"{DISLIKE}b": -0.04}, "Less, because you disliked <b>b</b> <b>−0.040"),
        ({WORDS: 0.04, f"{LIKE}a": 0.01}, "Because of the words in your profile <b>+0.040"),
        ({f"{LIKE}a": -0.04}, None),
        ({f"{DISLIKE}b": 0.04}, None),
        ({f"{LIKE}a": 0.001}, None),
    ],
)
def test_the_part_that_decides_is_named(shares, said) -> None:
    found = because(of_profile(shares), {})
    assert said in found if said else found == ""
