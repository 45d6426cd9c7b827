"""Text: what is read is what is seen."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmrec_core.errors import LimitError
from mmrec_core.media.limits import LIMITS
from mmrec_core.media.text import clean_text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ""),
        (" \t\n\u00a0\u3000 ", ""),
        ("  two \r\n\t words ", "two words"),
        ("cafe\u0301", "café"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("lone \ud800 surrogate\udfff", "lone surrogate"),
        ("\ud83d\ude00", "😀"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("\u200d \u200c", ""),
        ("日本語", "日本語"),
        ("a" + "\u0335" * 500 + "b", "a" + "\u0335" * 8 + "b"),
    ],
)
def test_cleaning(text: str, wanted: str) -> None:
    assert clean_text(text) == wanted


@given(st.text(st.characters(categories=None), max_size=300))
def test_any_text_becomes_clean_and_stays_so(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in clean)
    clean.encode("utf-8")


def test_length_is_measured_after_cleaning() -> None:
    assert len(clean_text("a" * LIMITS.max_characters + " " * 5_000)) == LIMITS.max_characters
    with pytest.raises(LimitError, match="The text is 20,001 characters; the limit is 20,000 characters"):
        clean_text("a" * (LIMITS.max_characters + 1))


@pytest.mark.parametrize("text", ["x" * 10_000_000, "\u0300\u0327" * 100_000, "\x00" * 200_000, "\ufdfa" * 20_000])
def test_no_text_takes_long(text: str) -> None:
    started = time.process_time()
    try:
        assert len(clean_text(text)) <= LIMITS.max_characters
    except LimitError as error:
        assert len(str(error)) < 400
    assert time.process_time() - started < 2
