"""The lexicon: what phrases are looked up by, what is found in a text, how word lists are joined."""

from __future__ import annotations

import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from mmrec_core.encoders.glossary import SHARE, SHARE_OF_ALL, Glossary
from mmrec_core.encoders.lexicon import build
from mmrec_core.encoders.lexicon.store import Entry, Lexicon, is_whole, say_all, write_lexicon
from mmrec_core.encoders.lexicon.units import SPELLED, keys_of
from mmrec_core.errors import IntegrityError, NotSetUpError, SourceUnavailableError
from mmrec_core.settings import Settings
from mmrec_core.types import Modality, Progress, TextGrid, Tokens

ENTRIES = (
    Entry("de", "Hund", "dog"), Entry("de", "Hund", "hound"), Entry("de", "eine", "one"), Entry("de", "alter Turm", "keep"),
    Entry("pl", "koń", "horse"), Entry("ru", "собака", "dog"), Entry("ko", "오리", "duck"), Entry("ko", "새", "bird"),
    Entry("ja", "いぬ", "dog"), Entry("ja", "鳥", "bird"), Entry("ja", "白鳥", "swan"), Entry("ja", "りんご", "apple"),
    Entry("th", "แมว", "cat"), Entry("fr", "sans anglais", " "), Entry("fr", "oiseau", "bird"), Entry("tr", "inek", "cow"),
    Entry("ja", "ドアノブ", "doorknob"), Entry("zh", "白", "white"), Entry("zh", "匙", "spoon"), Entry("zh", "水", "water"),
    Entry("zh", "盐", "salt"), Entry("th", "กา", "teapot"),
)  # fmt: skip


@pytest.fixture
def lexicon(tmp_path) -> Lexicon:
    write_lexicon(tmp_path / "words.sqlite", ENTRIES)
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
        ("l’oiseau", "fr", [("oiseau", "bird")]),
        ("İnek ve inek", "tr", [("İnek", "cow"), ("inek", "cow")]),
        ("ﾄﾞｱﾉﾌﾞ", "ja", [("ﾄﾞｱﾉﾌﾞ", "doorknob")]),
        ("白鳥", "zh", [("白鳥", "swan")]),
        ("鳥", "zh", []),
        ("我的白", "zh", [("白", "white")]),
        ("我的匙", "zh", [("匙", "spoon")]),
        ("我的钥匙", "zh", []),
        ("盐水", "zh", [("盐", "salt"), ("水", "water")]),
        ("钥匙水", "zh", [("水", "water")]),
    ],
)
def test_the_longest_known_phrases_are_found_where_they_stand(lexicon, text, language, expected):
    assert found(lexicon, text, language) == expected


def test_a_key_forgets_case_width_and_ending_but_not_the_language():
    assert keys_of("Ｈｕｎｄ", "de") == keys_of("hund", "de") == ("=hund", "hund")
    assert keys_of("chiens noirs", "fr")[-1] == keys_of("chien noir", "fr")[-1]
    assert keys_of("いぬ と", "ja") == ("いぬと",)
    assert keys_of(" – ", "de") == ()


def test_a_word_as_it_is_written_comes_before_another_with_its_stem(tmp_path):
    write_lexicon(tmp_path / "words.sqlite", [Entry("nl", "manen", "mane"), Entry("nl", "maan", "moon")])
    assert keys_of("manen", "nl")[-1] == keys_of("maan", "nl")[-1]
    assert found(Lexicon(tmp_path / "words.sqlite"), "maan manen", "nl") == [("maan", "moon"), ("manen", "mane")]


@pytest.mark.parametrize("text", ["鳥" * 20_000, "鳥、" * 10_000])
def test_a_very_long_text_is_looked_up_in_part_only(lexicon, text):
    assert len(lexicon.glosses(text, "ja")) == 512


def test_many_threads_find_what_one_finds(lexicon):
    texts = ["Die Hunde bellen", "ein alter Turm, ein Hund", "viele Hunden", "zwei alte Türme und Hunde"] * 50
    alone = [found(lexicon, text, "de") for text in texts]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(lambda text: found(lexicon, text, "de"), texts)) == alone
    finally:
        sys.setswitchinterval(before)


def test_a_lexicon_that_is_missing_or_damaged_says_how_to_make_it(tmp_path):
    with pytest.raises(NotSetUpError, match="setup --only languages"):
        Lexicon(tmp_path / "none.sqlite")
    (tmp_path / "words.sqlite").write_bytes(b"not a database, but long enough to be taken for one" * 40)
    with pytest.raises(NotSetUpError, match="damaged"):
        Lexicon(tmp_path / "words.sqlite").glosses("Hund", "de")
    assert not is_whole(tmp_path / "words.sqlite")


class FakeList:
    """A word list of one entry, in a package of its name."""

    def __init__(self, name: str, *entries: Entry) -> None:
        self.name, self.title, self.packages, self.entries = name, name.title(), ((name,),), entries

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


def test_a_list_that_lacks_what_it_should_hold_is_left_out(tmp_path, monkeypatch):
    class ChangedList(FakeList):
        def read(self, folder: Path):
            return iter([self.entries[7]])

    settings = Settings(home=tmp_path)
    monkeypatch.setattr(build, "fetch_package", lambda names, folder, *_: folder.mkdir(parents=True))
    monkeypatch.setattr(build, "WORD_LISTS", (ChangedList("changed"), FakeList("last", Entry("de", "Hund", "dog"))))
    assert "IndexError" in build.build_lexicon(settings, lambda _: None)["Changed"]
    assert found(Lexicon(settings.lexicon), "Hund", "de") == [("Hund", "dog")]


def test_a_damaged_lexicon_is_built_again_and_a_poorer_one_takes_no_place(tmp_path, monkeypatch):
    settings, there = Settings(home=tmp_path), {"first"}
    first = FakeList("first", Entry("de", "Hund", "dog"))

    def fetch(names, folder, settings, report):
        if names[0] not in there:
            raise IntegrityError("The download is not what was promised.")
        folder.mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(build, "fetch_package", fetch)
    monkeypatch.setattr(build, "WORD_LISTS", (first,))
    assert build.needs_building(settings)
    build.build_lexicon(settings, lambda _: None)
    assert not build.needs_building(settings)
    there.clear()
    monkeypatch.setattr(build, "VERSION", build.VERSION + 1)
    for _ in range(2):
        assert build.build_lexicon(settings, lambda _: None) == {}, "what the former one lacks"
        assert found(Lexicon(settings.lexicon), "Hund", "de") == [("Hund", "dog")], "the former one stays"
        assert build.needs_building(settings), "as it is of another version"
    settings.lexicon.write_bytes(b"torn" * 4096)
    there.add("first")
    assert build.needs_building(settings)
    build.build_lexicon(settings, lambda _: None)
    assert not build.needs_building(settings)


def test_stopping_a_build_stops_it(tmp_path, monkeypatch):
    class StopError(ValueError):
        """What a report raises to stop."""

    def report(progress):
        raise StopError

    monkeypatch.setattr(build, "fetch_package", lambda names, folder, settings, report: report(Progress("x", 0, 1)))
    monkeypatch.setattr(build, "WORD_LISTS", (FakeList("first"),))
    with pytest.raises(StopError):
        build.build_lexicon(Settings(home=tmp_path), report)
    assert build.missing_lists(Settings(home=tmp_path)) is None


def test_a_build_that_stops_leaves_the_lexicon_that_was_there(tmp_path):
    path = tmp_path / "words.sqlite"
    write_lexicon(path, ENTRIES)

    def stopping():
        yield Entry("de", "Katze", "cat")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_lexicon(path, stopping())
    assert found(Lexicon(path), "Hund", "de") == [("Hund", "dog")]
    write_lexicon(path, [Entry("de", "Katze", "cat"), Entry("de", "Katze", "lion"), Entry("fr", "sans anglais", " ")])
    assert set(sqlite3.connect(path).execute("SELECT english FROM words").fetchall()) == {("cat",)}


class FakeWords:
    """Reads a text as its length, twice, and remembers what it read."""

    modality, dim, version = Modality.TEXT, 2, "words-1"

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, batch):
        self.read += batch
        return [Tokens(np.full((1, 2), len(t), np.float32), np.ones(1, bool), TextGrid(((0, 1),))) for t in batch]


@pytest.mark.parametrize(
    ("text", "language", "all_known"),
    [
        ("Hund", "de", True), ("Ein Hund!", "de", True), ("Ein Hund, eine Katze", "de", False), ("오리가", "ko", True),
        ("鳥", "ja", True), ("鳥と白鳥", "ja", True), ("鳥と猫", "ja", False), ("แมว", "th", True), ("แมวดำ", "th", False),
    ],
)  # fmt: skip
def test_a_text_of_known_words_is_translated_and_counts_more(lexicon, text, language, all_known):
    assert say_all(lexicon.glosses(text, language), text, language) is all_known
    whole, pieces = np.zeros((1, 2), np.float32), np.zeros((len(text), 2), np.float32)
    glossary = Glossary(lexicon, FakeWords())
    led, _ = glossary.lead(text, language, whole, pieces, tuple((n, n + 1) for n in range(len(text))))
    places = [len(gloss.english) for gloss in lexicon.glosses(text, language)]
    assert led[0, 0] == pytest.approx((SHARE_OF_ALL if all_known else SHARE) * np.mean(places))


def test_known_words_lead_the_whole_and_their_own_pieces(lexicon):
    words = FakeWords()
    glossary = Glossary(lexicon, words)
    whole, pieces = np.zeros((1, 2), np.float32), np.zeros((3, 2), np.float32)
    led, single = glossary.lead("einHund", "de", whole, pieces, ((0, 3), (3, 6), (6, 8)))
    assert led is whole and single is pieces, "nothing is known of it"
    text, spans = "alter Turm Hund Katze", ((0, 10), (10, 13), (13, 15))
    led, single = glossary.lead(text, "de", whole, pieces, spans)
    keep, dog = SHARE * len("keep"), SHARE * len("dog")
    assert led.tolist() == [[pytest.approx((keep + dog) / 2)] * 2]
    assert single.tolist() == [[pytest.approx(keep)] * 2, [pytest.approx(dog)] * 2, [pytest.approx(dog)] * 2]
    assert not pieces.any(), "what came in is left as it was"
    glossary.lead(text, "de", whole, pieces, spans)
    assert words.read == ["keep", "dog"], "each phrase is read once"


@pytest.mark.parametrize(("spans", "english"), [(((0, 0), (0, 5)), []), (((0, 3), (3, 5)), ["teapot"])])
def test_a_part_of_a_thai_piece_is_no_word(lexicon, spans, english):
    glossary = Glossary(lexicon, FakeWords())
    whole, pieces = np.zeros((1, 2), np.float32), np.zeros((2, 2), np.float32)
    assert [gloss.english for gloss in glossary.glosses(" กาแฟ", "th", spans)] == english
    led, single = glossary.lead(" กาแฟ", "th", whole, pieces, spans)
    assert led.any() == single.any() == bool(english)


def test_emoji_among_words_of_another_language_are_glossed_by_name(lexicon):
    found = Glossary(lexicon, FakeWords()).glosses("🎸 Hund und 👩🏽‍🚀", "de", ())
    assert [gloss.english for gloss in found] == ["guitar", "dog", "woman", "rocket"]


def test_long_words_in_hiragana_are_spelled_as_dictionaries_do(tmp_path):
    entries = [Entry(SPELLED, "ふうしゃ", "風車"), Entry(SPELLED, "ふうしゃ", "富者"), Entry(SPELLED, "いぬ", "犬")]
    write_lexicon(tmp_path / "words.sqlite", [*entries, Entry("ja", "風車", "windmill")])
    lexicon = Lexicon(tmp_path / "words.sqlite")
    assert lexicon.spelled("ふうしゃ") == "風車"
    assert lexicon.spelled("いぬ") is None, "too short to be sure of"
    assert lexicon.spelled("ちきゅうぎ") is None and lexicon.spelled("あ" * 40) is None
    assert found(lexicon, "ふうしゃ", "ja") == [], "a spelling is no English"
