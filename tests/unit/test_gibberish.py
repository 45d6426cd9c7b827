"""Texts of which no word is known are told, and names, misspellings, rare words, numbers and other languages are not taken for such."""

from __future__ import annotations

import random

import pytest

from mmrec_core.catalogue.store import Catalogue
from mmrec_core.encoders.gibberish import strange_words
from mmrec_core.encoders.language import detect
from mmrec_core.service.languages import UNKNOWN, text_note
from mmrec_core.settings import Settings, get_settings

MASH = "asdkjfh qwpoeiru zxmcnb"
NAMES = (
    "Ablub's Invention", "Drake Glider", "Sheogolath", "Hai Shield Beetle", "Quarg Wanderer", "Kestrel Sekishaya", "Wardragon",
    "Tchaikovsky", "Nietzsche", "Rijksmuseum", "Eyjafjallajokull", "Popocatepetl", "Yggdrasil", "Cthulhu", "Ljubljana", "Kyrgyzstan",
    "xbox", "nginx", "ffmpeg", "xkcd", "zyxel", "chatgpt", "HTML CSS", "btw brb", "CMYK", "WH-1000XM5", "dQw4w9WgXcQ",
)  # fmt: skip
MISSPELLED = (
    "guittar", "elefant", "rhytm", "ryhthm", "flwoer", "lauhging", "xylofone", "bumblbee", "elephnat", "kangeroo", "dinasour", "cmaera",
    "voclano", "saxaphone", "hipopotamus", "clappng", "mosqito", "tthe dgo",
)  # fmt: skip
RARE = (
    "didgeridoo", "theremin", "ocarina", "zither", "okapi", "syzygy", "kumquat", "vuvuzela", "crwth", "apophthegm", "archaeopteryx",
    "axolotl", "bouzouki", "glyph", "ptarmigan", "guqin", "xylem phloem", "pneumonoultramicroscopicsilicovolcanoconiosis",
)  # fmt: skip
OTHER_LANGUAGES = (
    "Donaudampfschifffahrt", "slechtstschrijvend", "egyszarvu", "gyumolcsfa", "oljykynttila", "zmrzlina", "chrzaszcz brzmi", "mbwa",
    "xiongmao", "bibimbap", "ysgyfarnog wyllt", "llwybr cyhoeddus", "öljykynttilä", "щзхфц", "狗", "zvijezda krv",
)  # fmt: skip
SOUNDS = (
    "grrrrrrrr",
    "brrr",
    "pssssst",
    "bzzzzt",
    "tsktsktsk",
    "aarrgghh",
    "mwahahaha",
    "cock-a-doodle-doo",
    "zzzzzzzzz",
)
NO_WORDS = ("", "   ", "12345", "3.14159", "???", "🐕", "b4kq7zxj2", "asdkjfh qwpoeiru 🐕")


@pytest.mark.parametrize(
    "text",
    [
        MASH,
        "ASDKJFH, Qwpoeiru!",
        "asdfghjkl",
        "poiuytrewq",
        "lkjhgfdsa",
        "sdfkjh sdkfjh",
        "qxj zxmcnbv",
        "kjhkjh kjhkjh",
    ],
)
def test_mash_is_strange_in_every_word(text):
    assert strange_words(text)


@pytest.mark.parametrize("text", [*NAMES, *MISSPELLED, *RARE, *OTHER_LANGUAGES, *SOUNDS, *NO_WORDS])
def test_what_may_be_known_is_not_strange(text):
    assert strange_words(text) == ()


@pytest.mark.parametrize(
    "text", ["asdkjfh qwpoeiru dog", "a qwpoeirukj", "zxmcnbv qwpoeiru elefant", "vlk zxmcnbv qwpoeirlk"]
)
def test_one_word_that_may_be_known_is_enough(text):
    assert strange_words(text) == ()


def test_four_of_five_texts_of_random_letters_are_strange():
    rng = random.Random(0)
    texts = [" ".join("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(3)) for _ in range(100)]
    assert sum(bool(strange_words(text)) for text in texts) >= 80


def test_that_no_word_is_known_is_told_unless_the_catalogue_has_one_or_the_language_was_chosen(tmp_path):
    settings = Settings(home=tmp_path)
    assert text_note(settings, MASH, detect(MASH)) == UNKNOWN
    assert text_note(settings, MASH, "pl") == UNKNOWN
    assert text_note(settings, MASH, "en", mentioned=lambda words: "zxmcnb" in words) is None
    assert text_note(settings, MASH, "en", chosen=True) is None
    assert text_note(Settings(home=tmp_path, preset="hub"), MASH, None) is None


@pytest.mark.catalogue
def test_no_title_and_no_tag_of_the_catalogue_is_told_to_be_unknown():
    settings, catalogue = get_settings(), Catalogue.open(get_settings().catalogue)
    texts = {text for item in catalogue.items for text in (item.title, *item.tags)}
    notes = {text: text_note(settings, text, detect(text), mentioned=catalogue.mentions) for text in texts}
    assert [text for text, note in notes.items() if note == UNKNOWN] == []
