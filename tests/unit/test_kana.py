"""Japanese in kana alone: respelled as dictionaries spell it, put together where it is one word, left where it is none."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from mmrec_core.encoders.kana import MOST_TOGETHER, Kana, as_written
from mmrec_core.encoders.weights import missing_weights
from mmrec_core.errors import NotSetUpError
from mmrec_core.media.limits import LIMITS
from mmrec_core.settings import Settings, get_settings


def test_kana_needs_no_dictionary_for_texts_without_it(tmp_path):
    kana = Kana(Settings(home=tmp_path))
    assert kana("ein Hund") == as_written("ein Hund")
    with pytest.raises(NotSetUpError, match="sudachidict-small"):
        kana("いぬ")


@pytest.mark.weights
def test_names_in_kana_are_respelled_and_the_rest_is_left():
    if missing_weights(get_settings()):
        pytest.skip("the weights are not on this machine")
    respelled = Kana(get_settings())("かなづち と テント")
    assert respelled.text == "金槌 と テント"
    assert respelled.places == ((0, 2), (2, 4), *((n, n + 1) for n in range(4, 10)))
    assert respelled.written(0, 1) == (0, 2)


@dataclass
class Morpheme:
    """A word as the analyser gives it."""

    start: int
    written: str
    part: str = "名詞"
    normal: str = ""

    def surface(self) -> str:
        return self.written

    def begin(self) -> int:
        return self.start

    def end(self) -> int:
        return self.start + len(self.written)

    def part_of_speech(self) -> tuple[str, ...]:
        return (self.part,)

    def normalized_form(self) -> str:
        return self.normal or self.written


def kana_of(*words: Morpheme, known: dict[str, str]) -> Kana:
    kana = Kana(Settings(), known.get)
    vars(kana)["_analyser"] = SimpleNamespace(tokenize=lambda _: words)
    return kana


def test_words_in_kana_that_together_are_one_word_are_spelled_as_it():
    words = (Morpheme(0, "ちきゅう", normal="地球"), Morpheme(4, "ぎ"), Morpheme(5, " と "), Morpheme(8, "ぎ"))
    respelled = kana_of(*words, known={"ちきゅうぎ": "地球儀"})("ちきゅうぎ と ぎ")
    assert respelled.text == "地球儀 と ぎ"
    assert respelled.written(0, 3) == (0, 5) and respelled.written(4, 5) == (6, 7)


def test_a_long_text_in_kana_asks_for_few_words_at_every_place():
    asked: list[str] = []
    kana = Kana(Settings(), lambda word: asked.append(word))
    vars(kana)["_analyser"] = SimpleNamespace(tokenize=lambda _: [Morpheme(n, "あ") for n in range(2000)])
    assert kana("あ" * 2000).text == "あ" * 2000
    assert len(asked) < 2 * MOST_TOGETHER and max(map(len, asked)) == MOST_TOGETHER


def test_the_longest_is_taken_and_nothing_begins_with_a_particle():
    words = (
        Morpheme(0, "かみ", normal="神"),
        Morpheme(2, "ふぶき", normal="吹雪"),
        Morpheme(5, "の", "助詞"),
        Morpheme(6, "もり"),
    )
    known = {"かみふぶき": "紙吹雪", "かみふぶきのもり": "紙吹雪の森", "のもり": "野守"}
    assert kana_of(*words, known=known)("かみふぶきのもり").text == "紙吹雪の森"
    del known["かみふぶきのもり"]
    assert kana_of(*words, known=known)("かみふぶきのもり").text == "紙吹雪のもり"
    assert kana_of(*words, known={})("かみふぶきのもり").text == "神吹雪のもり"


def test_a_particle_beside_other_words_is_no_door():
    door = Morpheme(0, "と", normal="戸")
    assert kana_of(door, known={})("と").text == "戸"
    assert kana_of(Morpheme(0, "いぬ", normal="犬"), Morpheme(2, "と", normal="戸"), known={})("いぬと").text == "犬と"


@pytest.mark.weights
def test_the_longest_text_in_kana_is_read():
    if missing_weights(get_settings()):
        pytest.skip("the weights are not on this machine")
    text = "いぬが ほえる。" * 2500
    assert len(text) == LIMITS.max_characters
    respelled = Kana(get_settings())(text)
    assert respelled.text.startswith("犬が ほえる。") and respelled.text.endswith("いぬが ほえる。")
    assert respelled.written(len(respelled.text) - 1, len(respelled.text)) == (len(text) - 1, len(text))
