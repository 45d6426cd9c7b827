"""The sentence says what the numbers say, and nothing more."""

from __future__ import annotations

import numpy as np
import pytest

from mmrec_core.explain.words import Telling, number, ordinal, sentence, signed
from mmrec_core.types import Attribution, Modality, PairAttribution, Without


def shares(baseline=0.05, **values):
    parts = np.array(list(values.values()), dtype=float)
    return Attribution("modality_shapley", tuple(values), parts, baseline, baseline + parts.sum(), 2 ** len(parts))


def test_one_modality():
    assert sentence(shares(text=0.42), rank=1) == (
        "Ranked 1st with a score of 0.47: your words (+0.42), above a baseline of 0.05."
    )


def test_several_are_listed_from_the_largest_and_the_main_one_is_named():
    text = sentence(shares(text=0.08, image=0.31), rank=2)
    assert "mainly your picture (+0.31) and your words (+0.08)" in text


def test_no_main_one_where_shares_are_alike():
    assert "mainly" not in sentence(shares(text=0.2, image=0.22))


def test_negative_shares_speak_against():
    text = sentence(shares(image=0.3, audio=-0.02))
    assert "your sound (−0.02) speaks against it" in text
    assert "and your sound" not in text


def test_words_are_plural():
    assert "your words (−0.10) speak against it" in sentence(shares(image=0.3, text=-0.1))


def test_everything_against():
    text = sentence(shares(baseline=0.5, image=-0.3, audio=-0.1))
    assert "your picture (−0.30) and your sound (−0.10) speak against it, from a baseline of 0.50" in text
    assert "strongest" not in text


def test_next_to_nothing():
    text = sentence(shares(baseline=0.21, text=0.001))
    assert "next to nothing" in text
    assert "baseline of 0.21" in text


def test_cancelling_shares_are_not_called_nothing():
    text = sentence(shares(image=0.2, audio=-0.2))
    assert "next to nothing" not in text
    assert "your picture (+0.20)" in text


def pairs_of(matrix):
    matrix = np.array(matrix, dtype=float)
    zeros = np.zeros(2)
    return PairAttribution(
        ("image", "text"), ("image", "audio"), matrix, zeros, zeros, 0.05, 0.05 + matrix.sum(), 16
    )  # fmt: skip


def test_the_strongest_pair_is_named():
    text = sentence(shares(image=0.3, text=0.2), pairs_of([[0.1, 0.2], [0.1, 0.1]]))
    assert "the strongest match is between your picture and the item's sound (+0.20)" in text


def test_no_strongest_pair_where_none_speaks_for_it():
    assert "strongest" not in sentence(shares(image=0.3, text=0.2), pairs_of([[-0.1, 0], [0, -0.1]]))


def test_an_unknown_rank_is_not_invented():
    assert "Ranked" not in sentence(shares(text=0.4))


@pytest.mark.parametrize(
    ("rank", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st"), (113, "113th"), (122, "122nd")]
)  # fmt: skip
def test_ordinals(rank, text):
    assert ordinal(rank) == text


def test_numbers_never_show_minus_zero():
    assert number(-0.001) == "0.00"
    assert signed(-0.001) == "+0.00"
    assert signed(-0.25) == "−0.25"


def trust(better):
    from mmrec_core.explain.faithfulness import judge

    worth = np.arange(12.0)
    found = judge(lambda keep: keep @ worth, worth if better else -worth)
    assert found.better is better
    return found


def test_a_second_sentence_says_what_the_rank_hangs_on():
    without = [
        Without("query", Modality.IMAGE, 2, 0.4),
        Without("query", Modality.AUDIO, 17, 0.1),
        Without("item", Modality.TEXT, 99, 0.0),
    ]
    text = sentence(shares(image=0.3, audio=0.2), rank=1, without=without)
    assert text.endswith("Without your sound it would rank 17th instead of 1st.")


def test_a_rank_that_hangs_on_nothing_is_said():
    without = [Without("query", Modality.IMAGE, 1, 0.4), Without("query", Modality.TEXT, 1, 0.4)]
    assert sentence(shares(image=0.3, text=0.2), rank=1, without=without).endswith(
        "It would rank 1st without your picture or your words as well."
    )


def test_a_tested_part_is_named_and_an_untested_one_is_not():
    text = sentence(
        shares(image=0.3, text=0.2),
        telling=[Telling(Modality.TEXT, "robin", trust(True)), Telling(Modality.IMAGE, "row 1, column 2")],
    )
    assert "“robin” counts most in your words." in text
    assert "row 1" not in text


def test_what_the_trust_verdict_denies_is_never_claimed():
    text = sentence(shares(image=0.3), telling=[Telling(Modality.IMAGE, "row 1, column 2", trust(False))])
    assert "row 1" not in text and "counts most" not in text
    assert "Which part of your picture counts cannot be said: the map does no better than random ones." in text
