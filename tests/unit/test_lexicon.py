"""The lexicon: what phrases are looked up by, what is found in a text, how word lists are read and joined."""

from __future__ import annotations

import json
import sqlite3
import struct
from pathlib import Path

import numpy as np
import pytest

from mmrec_core.encoders.glossary import SHARE, Glossary
from mmrec_core.encoders.lexicon import build
from mmrec_core.encoders.lexicon.cldr import Annotation, CldrKeywords, CldrNames, aligned
from mmrec_core.encoders.lexicon.edict import Edict
from mmrec_core.encoders.lexicon.gcompris import GComprisWords
from mmrec_core.encoders.lexicon.store import Entry, Lexicon, write_lexicon
from mmrec_core.encoders.lexicon.units import key_of
from mmrec_core.errors import NotSetUpError, SourceUnavailableError
from mmrec_core.settings import Settings
from mmrec_core.types import Modality, TextGrid, Tokens

ENTRIES = (
    Entry("de", "Hund", "dog"), Entry("de", "Hund", "hound"), Entry("de", "eine", "one"), Entry("de", "alter Turm", "keep"),
    Entry("pl", "koń", "horse"), Entry("ru", "собака", "dog"), Entry("ko", "오리", "duck"), Entry("ko", "새", "bird"),
    Entry("ja", "いぬ", "dog"), Entry("ja", "鳥", "bird"), Entry("ja", "白鳥", "swan"), Entry("ja", "りんご", "apple"),
    Entry("th", "แมว", "cat"), Entry("fr", "sans anglais", " "),
)  # fmt: skip


@pytest.fixture
def lexicon(tmp_path) -> Lexicon:
    assert write_lexicon(tmp_path / "words.sqlite", ENTRIES) == len(ENTRIES) - 2, "one twice, one without English"
    return Lexicon(tmp_path / "words.sqlite")


def found(lexicon: Lexicon, text: str, language: str) -> list[tuple[str, str]]:
    return [(text[g.start : g.end], g.english) for g in lexicon.glosses(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Die HUNDE bellen", "de", [("HUNDE", "dog")]),
        ("Eine Katze", "de", []),
        ("Eine", "de", [("Eine", "one")]),
        ("ein alter Turm, ein Hund", "de", [("alter Turm", "keep"), ("Hund", "dog")]),
        ("głowa konia", "pl", [("konia", "horse")]),
        ("с собакой", "ru", [("собакой", "dog")]),
        ("오리가 난다", "ko", [("오리", "duck")]),
        ("새가", "ko", []),
        ("白鳥と鳥", "ja", [("白鳥", "swan"), ("鳥", "bird")]),
        ("いぬ、りんごの木", "ja", [("いぬ", "dog"), ("りんご", "apple")]),
        ("あいぬの", "ja", []),
        ("เห็นแมวดำ", "th", [("แมว", "cat")]),
        ("", "de", []),
        ("!?", "ja", []),
        ("ein Hund", "fr", []),
    ],
)
def test_the_longest_known_phrases_are_found_where_they_stand(lexicon, text, language, expected):
    assert found(lexicon, text, language) == expected


def test_a_key_forgets_case_width_and_ending_but_not_the_language():
    assert key_of("Ｈｕｎｄ", "de") == key_of("hund", "de") == key_of("Hunde", "de")
    assert key_of("chiens noirs", "fr") == key_of("chien noir", "fr")
    assert key_of("いぬ と", "ja") == "いぬと"
    assert key_of(" – ", "de") == ""


def test_a_very_long_text_is_looked_up_in_part_only(lexicon):
    assert len(lexicon.glosses("鳥" * 20_000, "ja")) == 512


def test_a_lexicon_that_is_missing_or_damaged_says_how_to_make_it(tmp_path):
    with pytest.raises(NotSetUpError, match="setup --only languages"):
        Lexicon(tmp_path / "none.sqlite")
    (tmp_path / "words.sqlite").write_bytes(b"not a database, but long enough to be taken for one" * 40)
    with pytest.raises(NotSetUpError, match="damaged"):
        Lexicon(tmp_path / "words.sqlite").glosses("Hund", "de")


def annotations(path: Path, language: str, *emoji: tuple[str, str, str]) -> None:
    path = path / "usr/share/unicode/cldr/common/annotations" / f"{language}.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        f'<annotation cp="{e}">{words}</annotation><annotation cp="{e}" type="tts">{name}</annotation>'
        for e, name, words in emoji
    ]
    path.write_text(f"<ldml><annotations>{''.join(lines)}</annotations></ldml>")


def test_names_of_the_same_emoji_are_translations(tmp_path, monkeypatch):
    monkeypatch.setattr("mmrec_core.encoders.lexicon.cldr.LANGUAGES", {"en": "English", "de": "German"})
    annotations(tmp_path, "en", ("🦊", "Fox (red): wild", "face"), ("➡", "right arrow", "arrow"))
    annotations(tmp_path, "de", ("🦊", "Fuchs", "Tier"), ("➡", "Pfeil", "Pfeil"), ("🐕", "Hund", "Tier"))
    assert list(CldrNames().read(tmp_path)) == [Entry("de", "Fuchs", "fox")]


def test_a_keyword_is_led_to_the_phrase_that_stands_with_the_same_emoji():
    english = {
        "🐴": Annotation("horse face", ("face", "horse")),
        "🐎": Annotation("horse", ("racing",)),
        "🐶": Annotation("dog face", ("dog", "face")),
        "🎠": Annotation("carousel", ("horse",)),
    }
    german = {
        "🐴": Annotation("Pferdegesicht", ("Gesicht", "Pferd")),
        "🐎": Annotation("Pferd", ("Rennen",)),
        "🐶": Annotation("Hundegesicht", ("Gesicht", "Hunde", "Treue")),
        "🎠": Annotation("Karussell", ("Pferd",)),
    }
    found = {entry.phrase: entry.english for entry in aligned(german, english, "de")}
    assert found["Pferd"] == "horse" and found["Gesicht"] == "face"
    assert not {"Rennen", "Treue", "Karussell"} & set(found), "of one emoji alone; names have a list of their own"
    assert found["Hunde"] in ("dog", "dog face")


def test_edict_gives_common_nouns_first_without_brackets(tmp_path):
    path = tmp_path / "usr/share/edict/edict"
    path.parent.mkdir(parents=True)
    lines = (
        "犬(P);狗 [いぬ] /(n) dog (Canis (lupus) familiaris)/EntL1/",
        "去ぬ [いぬ] /(v5n) to go home/",
        "居 [いぬ] /(n) rare thing/",
        "いぬ /(n) hound/(P)/",
        "説明 [せつめい] /(n) a sense of far too many words/",
    )
    path.write_bytes("\n".join(lines).encode("euc-jp"))
    entries = list(Edict().read(tmp_path))
    assert entries[0] == Entry("ja", "いぬ", "hound")
    assert {(e.phrase, e.english) for e in entries} == {
        ("いぬ", "hound"), ("犬", "dog"), ("狗", "dog"), ("いぬ", "dog"), ("居", "rare thing"), ("いぬ", "rare thing"),
    }  # fmt: skip


def test_gcompris_words_go_by_the_name_of_their_recording(tmp_path, monkeypatch):
    words = {"en": {"a.ogg": "Apple", "b.ogg": ""}, "zh_CN": {"a.ogg": "苹果", "b.ogg": "鸟", "c.ogg": "猫"}}
    files = {
        f"gcompris/src/activities/lang/resource/content-{code}.json": json.dumps(said).encode()
        for code, said in words.items()
    }
    monkeypatch.setattr("mmrec_core.encoders.lexicon.gcompris.read_rcc", lambda _: files)
    (tmp_path / "lang.rcc").write_bytes(struct.pack(">4s", b"qres"))
    assert list(GComprisWords().read(tmp_path)) == [Entry("zh", "苹果", "apple")]


@pytest.mark.parametrize("words", [GComprisWords(), CldrNames(), CldrKeywords(), Edict()])
def test_a_package_without_its_list_is_said_so(tmp_path, words):
    with pytest.raises(SourceUnavailableError, match="holds no"):
        list(words.read(tmp_path))


class FakeList:
    """A word list of one entry, in a package of its name."""

    licence = credit = ""

    def __init__(self, name: str, *entries: Entry) -> None:
        self.name, self.title, self.packages, self.entries = name, name.title(), (name,), entries

    def read(self, folder: Path):
        return iter(self.entries)


def test_the_first_list_counts_and_one_that_cannot_be_had_is_remembered(tmp_path, monkeypatch):
    settings, steps = Settings(home=tmp_path), []
    first, gone, last = (
        FakeList("first", Entry("de", "Hund", "dog")),
        FakeList("gone"),
        FakeList("last", Entry("de", "Hunde", "hound"), Entry("de", "Haus", "house")),
    )

    def fetch(names, folder, settings, report):
        if names == ("gone",):
            raise SourceUnavailableError("No package gone is known.")
        folder.mkdir(parents=True)

    monkeypatch.setattr(build, "fetch_package", fetch)
    monkeypatch.setattr(build, "WORD_LISTS", (first, gone, last))
    assert build.missing_lists(settings) is None
    assert build.build_lexicon(settings, steps.append) == {"Gone": "No package gone is known."}
    assert build.missing_lists(settings) == {"Gone": "No package gone is known."}
    assert any("Going on without Gone" in str(step.step) for step in steps)
    lexicon = Lexicon(settings.lexicon)
    assert found(lexicon, "Hund Haus", "de") == [("Hund", "dog"), ("Haus", "house")]
    assert sorted(path.name for path in settings.lexicon.parent.iterdir()) == ["made_of.json", "words.sqlite"]
    monkeypatch.setattr(build, "VERSION", build.VERSION + 1)
    assert build.missing_lists(settings) is None, "of an older version"


def test_a_build_that_stops_leaves_the_lexicon_that_was_there(tmp_path):
    path = tmp_path / "words.sqlite"
    write_lexicon(path, ENTRIES)

    def stopping():
        yield Entry("de", "Katze", "cat")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_lexicon(path, stopping())
    assert found(Lexicon(path), "Hund", "de") == [("Hund", "dog")]
    assert write_lexicon(path, [Entry("de", "Katze", "cat")]) == 1
    assert sqlite3.connect(path).execute("SELECT english FROM words").fetchall() == [("cat",)]


class FakeWords:
    """Reads a text as its length, twice."""

    modality, dim, version = Modality.TEXT, 2, "words-1"

    def encode(self, batch):
        return [Tokens(np.full((1, 2), len(t), np.float32), np.ones(1, bool), TextGrid(((0, 1),))) for t in batch]


def test_known_words_lead_the_whole_and_their_own_pieces(lexicon):
    glossary = Glossary(lexicon, FakeWords())
    whole, pieces = np.zeros((1, 2), np.float32), np.zeros((3, 2), np.float32)
    spans = ((0, 3), (3, 6), (6, 8))
    led, single = glossary.lead("einHund", "de", whole, pieces, spans)
    assert led is whole and single is pieces, "nothing is known of it"
    led, single = glossary.lead("mein Hund", "de", whole, pieces, ((0, 4), (4, 7), (7, 9)))
    assert led.tolist() == pytest.approx(np.full((1, 2), SHARE * 3))
    assert single.tolist() == [[0, 0], [pytest.approx(SHARE * 3)] * 2, [pytest.approx(SHARE * 3)] * 2]
    assert not pieces.any(), "what came in is left as it was"
