"""How people say what they do not want is told by language: one's “no” is another's “in the”."""

from __future__ import annotations

import pytest

from mmrec_core.service.languages import excluded_words


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [
        ("a bird, not a duck", "en", "not"),
        ("music without drums", "en", "without"),
        ("un gato sin cola", "es", "sin"),
        ("ein Hund, keine Katze", "de", "keine"),
        ("动物，除了狗", "zh", "除了"),
        ("animals -dog", "en", "-dog"),
        ("gatos -cachorro", "pt", "-cachorro"),
    ],
)
def test_it_is_told(text, language, word):
    assert excluded_words(text, language) == word


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("gato no telhado", "pt"),
        ("um pássaro no céu", "pt"),
        ("a knot", "en"),
        ("merry-go-round", "en"),
        ("die Note", "de"),
    ],
)
def test_words_that_exclude_nothing_are_left_alone(text, language):
    assert excluded_words(text, language) is None
