"""Word lists: what is read out of each package."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from mmrec_core.encoders.lexicon.cldr import Annotation, CldrKeywords, CldrNames, aligned
from mmrec_core.encoders.lexicon.edict import Edict, Noun, spelled
from mmrec_core.encoders.lexicon.gcompris import GComprisWords
from mmrec_core.encoders.lexicon.hanja import Hanja
from mmrec_core.encoders.lexicon.store import Entry
from mmrec_core.encoders.lexicon.units import SPELLED
from mmrec_core.errors import SourceUnavailableError


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
        "🦊": Annotation("fox", ("face", "sly")),
        "🍴": Annotation("fork and knife", ("cooking", "fork", "knife")),
        "🍽": Annotation("fork and knife with plate", ("cooking", "fork", "knife")),
    }
    german = {
        "🐴": Annotation("Pferdegesicht", ("Gesicht", "Pferd")),
        "🐎": Annotation("Pferd", ("Rennen",)),
        "🐶": Annotation("Hundegesicht", ("Gesicht", "Hunde", "Treue")),
        "🎠": Annotation("Karussell", ("Pferd",)),
        "🦊": Annotation("Fuchsgesicht", ("Fuchs", "Gesicht", "schlau")),
        "🍴": Annotation("Gabel und Messer", ("Messer",)),
        "🍽": Annotation("Teller mit Gabel und Messer", ("Messer",)),
    }
    found = {entry.phrase: entry.english for entry in aligned(german, english, "de")}
    assert found == {"Pferd": "horse", "Gesicht": "face", "Fuchs": "fox"}
    assert "Hunde" not in found, "a part of a name is not all of an English name of two words"
    assert "Messer" not in found, "knife or fork: two as good, and neither a name"


def test_edict_gives_common_nouns_first_without_brackets_or_slang(tmp_path):
    path = tmp_path / "usr/share/edict/edict"
    path.parent.mkdir(parents=True)
    lines = (
        "犬(P);狗 [いぬ] /(n) dog (Canis (lupus) familiaris)/EntL1/",
        "去ぬ [いぬ] /(v5n) to go home/",
        "居 [いぬ] /(n) rare thing/",
        "いぬ /(n) hound/(P)/",
        "コップ /(n) (sl) (obsc) cop/police officer/",
        "洋杯 [コップ] /(n) (uk) glass (drinking vessel)/tumbler/",
        "太刀 [たち] /(n) (1) long sword/(n) (2) (arch) sword/",
        "説明 [せつめい] /(n) a sense of far too many words/",
    )
    path.write_bytes("\n".join(lines).encode("euc-jp"))
    entries = list(Edict().read(tmp_path))
    assert entries[0] == Entry("ja", "いぬ", "hound")
    assert {(e.phrase, e.english) for e in entries} == {
        ("いぬ", "hound"), ("犬", "dog"), ("狗", "dog"), ("いぬ", "dog"), ("居", "rare thing"), ("いぬ", "rare thing"),
        ("洋杯", "glass"), ("コップ", "glass"), ("太刀", "long sword"), ("たち", "long sword"),
    }  # fmt: skip


def test_of_words_that_sound_the_same_the_one_that_is_written_most_comes_first():
    nouns = [
        Noun(("富者",), ("ふうしゃ", "ふしゃ"), "rich person", False),
        Noun(("風車", "風ぐるま"), ("ふうしゃ", "かざぐるま"), "windmill", False),
        Noun(("洋杯",), ("コップ",), "glass", True),
    ]
    found = [(entry.phrase, entry.english) for entry in spelled(nouns)]
    assert {entry.language for entry in spelled(nouns)} == {SPELLED}
    assert dict(reversed(found)) == {"ふうしゃ": "風車", "かざぐるま": "風車"}
    assert ("ふうしゃ", "富者") in found and all(phrase != "ふしゃ" for phrase, _ in found), "three kana are too short"


KANJIDIC = (
    "# comment",
    "学 3058 U5b66 G1 S8 F63 XJ0555C {study}",
    "學 555C U5b78 S16 XJ03058 {learning}",
    "鯨 375F U9be8 G8 S19 F1672 {whale}",
    "狐 3851 U72d0 G9 S9 F2002 {fox}",
    "海 3324 U6d77 G2 S9 F200 {sea}",
    "旗 347A U65d7 G4 S14 F1190 {flag}",
)
HANJA = (
    "# comment",
    "",
    "고래:古來:",
    "여우:女優:",
    "학교:學校:",
    "학교:學敎:",
    "광산:鑛酸:",
    "광산:鑛山:",
    "없음:無音:",
    "경:鯨:고래 경",
    "호:狐:여우 호, 의심할 호",
    "해:海:바다 해, 많을 해",
    "기:旗:기 기",
    "학:學:배울 학, 별 학",
    "학:学:별 학",
)


def hanja_packages(folder: Path) -> None:
    edict = (
        "古来 [こらい] /(n) from time immemorial/(P)/",
        "女優 [じょゆう] /(n) actress/(P)/",
        "学校 [がっこう] /(n) school/(P)/",
        "鑛酸 [こうさん] /(n) mineral acid/",
        "鑛山 [こうざん] /(n) mine/(P)/",
        "鯨 [くじら] /(n) whale/(P)/",
        "狐 [きつね] /(n) fox/",
        "海 [うみ] /(n) sea/(P)/",
        "旗 [はた] /(n) counter for flags/",
        "学 [がく] /(n) learning/(P)/",
    )
    for package, path, lines, encoding in (
        ("edict", "share/edict/edict", edict, "euc-jp"),
        ("kanjidic", "share/edict/kanjidic", KANJIDIC, "euc-jp"),
        ("libhangul-data", "share/libhangul/hanja/hanja.txt", HANJA, "utf-8"),
    ):
        file = folder / package / "usr" / path
        file.parent.mkdir(parents=True)
        file.write_text("\n".join(lines), encoding)


def test_korean_words_are_led_by_their_characters_to_english(tmp_path):
    hanja_packages(tmp_path)
    found: dict[str, str] = {}
    for entry in Hanja().read(tmp_path):
        found.setdefault(entry.phrase, entry.english)  # of entries with the same phrase the first counts
    expected = {
        "고래": "whale",  # what a character first means, before words of the same sound
        "여우": "fox",
        "바다": "sea",
        "학교": "school",  # by the newer form of a character
        "광산": "mine",  # a common word before a rarer one that comes first
        "배울": "learning",
    }
    assert found == expected


def test_gcompris_words_go_by_the_name_of_their_recording(tmp_path, monkeypatch):
    words = {
        "en": {"a.ogg": "Apple", "b.ogg": "", "d.ogg": "Bird"},
        "zh_CN": {"a.ogg": "苹果", "b.ogg": "鸟", "c.ogg": "猫"},
        "zh_TW": {"a.ogg": "蘋果"},
        "de": {"a.ogg": "der Apfel"},
        "fr": {"d.ogg": "l’oiseau"},
    }
    files = {
        f"gcompris/src/activities/lang/resource/content-{code}.json": json.dumps(said).encode()
        for code, said in words.items()
    }
    monkeypatch.setattr("mmrec_core.encoders.lexicon.gcompris.read_rcc", lambda _: files)
    (tmp_path / "lang.rcc").write_bytes(struct.pack(">4s", b"qres"))
    assert set(GComprisWords().read(tmp_path)) == {
        Entry("zh", "苹果", "apple"), Entry("zh", "蘋果", "apple"), Entry("de", "Apfel", "apple"), Entry("fr", "oiseau", "bird"),
    }  # fmt: skip


@pytest.mark.parametrize("words", [GComprisWords(), CldrNames(), CldrKeywords(), Edict(), Hanja()])
def test_a_package_without_its_list_is_said_so(tmp_path, words):
    with pytest.raises(SourceUnavailableError, match="holds no"):
        list(words.read(tmp_path))
