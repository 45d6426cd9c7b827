"""Which language a text is in, and that other languages arrive in the word encoder's space without touching English."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import numpy as np
import pytest

from mmrec_core.encoders.foreign import ForeignTexts, TextMap
from mmrec_core.encoders.glossary import Glossary
from mmrec_core.encoders.kana import Respelled
from mmrec_core.encoders.known_texts import TEMPERATURE, KnownTexts
from mmrec_core.encoders.language import checked, detect, unread_script
from mmrec_core.encoders.lexicon.store import Entry, Lexicon, write_lexicon
from mmrec_core.encoders.spelling import Spelling
from mmrec_core.encoders.unread import unread_language
from mmrec_core.encoders.use import Sentence, SentenceEncoder
from mmrec_core.encoders.weights import missing_weights
from mmrec_core.errors import BundleError, UnknownNameError
from mmrec_core.evaluate.nouns import NOUNS
from mmrec_core.explain.case import again_with
from mmrec_core.explain.masking import encode_with
from mmrec_core.explain.parts import parts_of
from mmrec_core.recommend.encode import QueryEncoder
from mmrec_core.service.languages import text_note
from mmrec_core.settings import Settings, get_settings
from mmrec_core.training.languages import Fitted
from mmrec_core.types import Edited, Modality, Query, TextGrid, Tokens
from tests.fake_model import DIM, make_encoder


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ein alter Leuchtturm am Meer", "de"), ("un perro ladrando", "es"), ("un vieux château", "fr"), ("Hund", "de"),
        ("perro", "es"), ("собака лает", "ru"), ("静かな鳥", "ja"), ("安静的鸟", "zh"), ("犬", "zh"), ("كلب ينبح", "ar"),
        ("짖는 개", "ko"), ("นก", "th"), ("sessiz bir kuş", "tr"), ("een oude vuurtoren bij de zee", "nl"),
        ("İnek", "tr"), ("l’oiseau", "fr"), ("l'oiseau", "fr"), ("l’avion", "fr"),
    ],
)  # fmt: skip
def test_short_texts_are_recognised(text, code):
    assert detect(text) == code


@pytest.mark.parametrize(
    "text", ["a calm bird by the water", "violin", "dog", "", "42", "X-ray", "Mona Lisa", "a witch’s hat", *NOUNS["en"]]
)
def test_english_names_and_numbers_stay_english(text):
    assert detect(text) == "en"


def test_mixed_texts_are_read_as_the_other_language():
    assert detect("a picture of 狗") == "zh"


@pytest.mark.parametrize(("text", "script"), [("हाथी", "Devanagari"), ("γάτα", "Greek"), ("חתול 12", "Hebrew")])
def test_letters_that_cannot_be_read_are_named_and_no_language_is_guessed(text, script):
    assert unread_script(text) == script
    assert detect(text) == "en"


@pytest.mark.parametrize("text", ["", "12 %", "🐱", "a γάτα", "狗", "кот"])
def test_a_text_with_one_letter_that_can_be_read_is_no_unread_script(text):
    assert unread_script(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("En röd fågel i skogen.", "Swedish"), ("Một con chim đỏ trong rừng.", "Vietnamese"), ("Piros madár az erdőben.", "Hungarian"),
        ("Червоний птах у лісі.", "Ukrainian"), ("پرنده‌ای قرمز در جنگل است", "Persian"),
    ],
)  # fmt: skip
def test_a_language_that_cannot_be_read_is_named_where_its_words_say_so_clearly(text, language):
    assert unread_language(text) == language


@pytest.mark.parametrize(
    "text", ["", "quokka", "a red bird", "ein roter Vogel", "красная птица в лесу", "طائر أحمر", *NOUNS["de"]]
)
def test_what_can_be_read_is_not_taken_for_what_cannot(text):
    assert unread_language(text) is None


@pytest.mark.parametrize(("word", "code"), [("śrubokręt", "pl"), ("Stonoga murowa", "pl"), ("quokka", "en")])
def test_a_word_that_no_list_holds_is_told_by_its_spelling(word, code):
    assert detect(word) == code


def test_words_of_a_language_are_likelier_in_its_spelling():
    rhymes, others = Spelling(["cat", "hat", "mat", "rat"]), Spelling(["kozak", "lasak", "masak"])
    assert rhymes.log_probability("bat") > others.log_probability("bat")
    assert others.log_probability("rosak") > rhymes.log_probability("rosak")
    assert np.isfinite(rhymes.log_probability("щ"))


def test_every_next_letter_has_a_chance_and_chances_add_up():
    chances = np.exp(Spelling(["abba", "ab", "a"])._log)
    assert chances.min() > 0
    assert chances.sum(axis=-1) == pytest.approx(1, abs=1e-4)


def test_an_unknown_code_is_refused_with_those_that_are_known():
    with pytest.raises(UnknownNameError, match="Known: ar, de, en"):
        checked("xx")


class FakeSentences:
    """Reads every word as its length."""

    def read(self, text: str) -> Sentence:
        starts = [n for n in range(len(text)) if n == 0 or text[n] == " "]
        spans = tuple(zip(starts, [*starts[1:], len(text)], strict=True))
        rows = np.array([[end - start, 1.0] for start, end in spans], np.float32).reshape(-1, 2)
        return Sentence(np.array([7.0, 7.0], np.float32), rows, spans)


def foreign_texts() -> ForeignTexts:
    weights = np.random.default_rng(0).normal(size=(2, DIM)).astype(np.float32)
    return ForeignTexts(FakeSentences(), TextMap(weights, np.ones(DIM, np.float32), "words-1"))  # type: ignore[arg-type]


def test_the_mean_of_the_tokens_is_the_mapped_sentence_and_spans_are_words():
    foreign = foreign_texts()
    tokens = foreign.encode(["ein alter Hund"])[0]
    assert tokens.values.mean(axis=0) == pytest.approx(foreign._map(np.array([[7.0, 7.0]], np.float32))[0], abs=1e-5)
    assert [part.label for part in parts_of(tokens, "ein alter Hund")] == ["ein", "alter", "Hund"]


def test_known_texts_nearby_decide_their_share_of_the_whole():
    states = np.stack([np.full(DIM, value, np.float32) for value in (1.0, 3.0, 5.0, 1000.0)])
    vectors = np.array([[7, 7], [7, 7], [7, 7], [-7, -7]], np.float32)
    plain = foreign_texts()
    text_map = plain._map
    near = ForeignTexts(FakeSentences(), text_map, KnownTexts(tuple("abcd"), vectors, states))  # type: ignore[arg-type]
    text = "ein alter Hund"
    whole = near.encode([text])[0].values.mean(axis=0)
    assert whole == pytest.approx(0.4 * plain.encode([text])[0].values.mean(axis=0) + 0.6 * 3.0, abs=1e-4)
    assert near.version != plain.version
    assert np.array_equal(near.encode([text])[0].values, near.encode(["ein Hund", text])[1].values)


def test_a_closer_text_weighs_more_and_only_the_nearest_few_count():
    vectors = np.array([[1, 0], [0.9, 0], [0.8, 0], [0.7, 0]], np.float32)
    states = np.eye(4, dtype=np.float32)
    near = KnownTexts(tuple("abcd"), vectors, states).near(np.array([1, 0], np.float32))
    weights = np.exp([0, -0.1 / TEMPERATURE, -0.2 / TEMPERATURE])
    assert near == pytest.approx([*(weights / weights.sum()), 0], abs=1e-5)


def test_a_respelled_text_keeps_its_places_in_what_was_written():
    weights = np.ones((2, DIM), np.float32)
    respelled = Respelled("ab c", ((0, 3), (3, 6), (6, 7), (7, 9)))
    foreign = ForeignTexts(
        FakeSentences(), TextMap(weights, np.ones(DIM, np.float32), "words-1"), None, lambda _: respelled
    )  # type: ignore[arg-type]
    assert foreign.encode(["aaabbb cc"])[0].grid == TextGrid(((0, 6), (7, 9)))


def test_words_that_are_shown_are_those_that_lead(tmp_path):
    write_lexicon(tmp_path / "words.sqlite", [Entry("th", "กา", "teapot")])
    glossary = Glossary(Lexicon(tmp_path / "words.sqlite"), make_encoder().encoders[Modality.TEXT])
    foreign = ForeignTexts(FakeSentences(), foreign_texts()._map, glossary=glossary)  # type: ignore[arg-type]
    assert foreign.english_words("กา", "th") == ["teapot"]
    assert foreign.english_words("กาแฟ", "th") == [], "a part of a piece"
    assert foreign_texts().english_words("กา", "th") == []


def test_pieces_of_scripts_without_spaces_are_parts_of_their_own():
    tokens = Tokens(np.zeros((3, 2), np.float32), np.ones(3, bool), TextGrid(((0, 1), (1, 3), (3, 4))))
    assert [part.label for part in parts_of(tokens, "静かな鳥")] == ["静", "かな", "鳥"]
    assert [part.label for part in parts_of(tokens, "bird")] == ["bird"]


def test_a_text_without_pieces_still_has_a_token():
    assert foreign_texts().encode([" "])[0].values.shape == (1, DIM)


@pytest.fixture
def encoder() -> QueryEncoder:
    english = make_encoder()
    return QueryEncoder(english.encoders, english.bundle, english.items, foreign_texts)


def text_tokens(encoder: QueryEncoder, **query: str) -> np.ndarray:
    return encoder.encode_query(Query(**query)).tokens[Modality.TEXT].values  # type: ignore[arg-type]


def test_english_tokens_are_those_of_the_word_encoder_bit_for_bit(encoder):
    text = "a calm bird by the water"
    expected = encoder.encoders[Modality.TEXT].encode([text])[0].values
    assert np.array_equal(text_tokens(encoder, text=text), expected)
    assert encoder._foreign is None, "reading English must not load the other model"


def test_the_language_is_detected_told_and_kept(encoder):
    assert encoder.encode_query(Query(text="ein alter Hund")).language == "de"
    assert encoder.encode_query(Query(text="ein alter Hund", language="en")).language == "en"
    assert encoder.encode_query(Query(image=np.zeros((8, 8, 3), np.uint8))).language is None
    assert not np.array_equal(
        text_tokens(encoder, text="chat", language="fr"), text_tokens(encoder, text="chat", language="en")
    )


def test_what_reads_other_languages_is_loaded_once_however_many_ask(encoder):
    opened = []
    encoder._open_foreign = lambda: (opened.append(1), sleep(0.05), foreign_texts())[-1]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: encoder.foreign, range(4)))
    assert opened == [1]


def test_what_is_left_of_a_text_stays_in_its_language(encoder):
    whole = encoder.encode_query(Query(text="ein chat Hund", language="de"))
    again = again_with(encoder)(whole, frozenset({Modality.TEXT}), Edited(None, "chat", None))
    assert again is not None and again.language == "de"
    expected = text_tokens(encoder, text="chat", language="de")
    assert np.array_equal(again.tokens[Modality.TEXT].values, expected)
    assert np.array_equal(encode_with(encoder, Modality.TEXT, "de")(["chat"])[0].values, expected)


def test_a_map_that_leads_elsewhere_is_refused(tmp_path):
    with pytest.raises(BundleError, match="train languages"):
        TextMap.load("words-1", tmp_path)
    foreign_texts()._map.save(tmp_path)
    assert TextMap.load("words-1", tmp_path).target == "words-1"
    with pytest.raises(BundleError, match="words-2"):
        TextMap.load("words-2", tmp_path)


@pytest.fixture(scope="module")
def sentences() -> SentenceEncoder:
    if missing_weights(get_settings()):
        pytest.skip("the weights are not on this machine")
    return SentenceEncoder(get_settings())


@pytest.mark.weights
def test_sentences_that_say_the_same_lie_close(sentences):
    dog, same, other = (sentences.read(t).vector for t in ("a dog barking", "一只狗在叫", "a violin"))
    assert np.linalg.norm(dog) == pytest.approx(1, abs=1e-4)
    assert dog @ same > 0.6 > 0.4 > dog @ other


@pytest.mark.weights
def test_spans_are_characters_of_the_text(sentences):
    text = "静かな鳥 und Wörter"
    spans = sentences.read(text).spans
    assert "".join(text[a:b] for a, b in spans).replace(" ", "") == text.replace(" ", "")


@pytest.mark.weights
def test_an_empty_text_and_a_very_long_one_can_be_read(sentences):
    assert np.isfinite(sentences.read("").vector).all()
    assert len(sentences.read("слово " * 2000).spans) <= 512


def test_fitting_again_leaves_what_the_card_tells_below_its_head(tmp_path):
    text_map = TextMap(np.eye(2, dtype=np.float32), np.zeros(2, np.float32), "words")
    Fitted(text_map, 10.0, 0.6, 100, 20).save(tmp_path)
    first = (tmp_path / "CARD.md").read_text()
    (tmp_path / "CARD.md").write_text(first + "\n## Known texts nearby\n\nSlow work.\n\n## Measured\n\n0.84\n")
    Fitted(text_map, 30.0, 0.7, 200, 20).save(tmp_path)
    again = (tmp_path / "CARD.md").read_text()
    assert "Penalty 30" in again and "Penalty 10" not in again
    assert again.endswith("train languages`.\n\n## Known texts nearby\n\nSlow work.\n\n## Measured\n\n0.84\n")


def test_what_cannot_be_read_is_told_unless_the_language_was_chosen(tmp_path):
    settings, text = Settings(home=tmp_path), "En röd fågel i skogen."
    note = text_note(settings, text, detect(text))
    assert note.startswith("This looks like Swedish, which cannot be read") and note.endswith("Thai and Turkish.")
    assert "not set up completely" in text_note(settings, text, "de", chosen=True)
    assert text_note(settings, "a red bird", "en") is None


@pytest.mark.parametrize(
    ("text", "word"),
    [("not a dog", "not"), ("dog -cat", "-cat"), ("a house without a roof", "without")],
)
def test_that_words_cannot_be_excluded_is_told(tmp_path, text, word):
    assert f"“{word}” is read like any other" in text_note(Settings(home=tmp_path), text, "en")


@pytest.mark.parametrize("text", ["a notable owl", "x-ray", "semi - automatic", "nothing"])
def test_nothing_is_told_of_words_that_exclude_nothing(tmp_path, text):
    assert text_note(Settings(home=tmp_path), text, "en") is None
