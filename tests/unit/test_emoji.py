"""Emoji are read by their names, and what is read still stands for a place in the text."""

from __future__ import annotations

import pytest

from mmrec_core.encoders.emoji import GAP, write_out


@pytest.mark.parametrize("text", ["", "a plain text", "naïve · 3 € © ½", "中文 текст", "1️"[:1]])
def test_a_text_without_emoji_stays_as_it_is(text: str) -> None:
    found = write_out(text)
    assert found.text == text
    assert all(found.span(n, n + 1) == (n, n + 1) for n in range(len(text)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("🐱", ["cat", "face"]),
        ("a 🎸!", ["a", "guitar", "!"]),
        ("👩🏽‍🚀", ["woman", "rocket"]),
        ("❤️", ["heavy", "black", "heart"]),
        ("☂ in the rain", ["umbrella", "in", "the", "rain"]),
    ],
)
def test_an_emoji_is_its_name(text: str, words: list[str]) -> None:
    assert write_out(text).text.split() == words


def test_every_word_of_a_name_stands_for_the_emoji() -> None:
    found = write_out("a 🐱 sleeps")
    for word, span in {"cat": (2, 3), "face": (2, 3), "sleeps": (4, 10), "a": (0, 1)}.items():
        start = found.text.index(word) if word != "a" else 0
        assert found.span(start, start + len(word)) == span
    assert found.span(0, 0) == GAP
