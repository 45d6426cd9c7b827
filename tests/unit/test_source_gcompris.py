"""The GCompris source over hand-made Qt resources with invented activities."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zlib
from pathlib import Path

import pytest

from mmrec_core.catalogue import qml
from mmrec_core.catalogue.base import RawItem
from mmrec_core.catalogue.gcompris import GCompris
from mmrec_core.catalogue.rcc import read_rcc
from mmrec_core.errors import UnreadableError

ACTIVITIES = "gcompris/src/activities/"
BOARD = """/* invented */
QtObject {
    property var tab : [
        { "image": "qrc:/x.svg", "title": qsTr("Snorkel goat"),
          // a comment with "title": "wrong"
          "text": qsTr("The goat says \\"glub\\"."),
          "audio": GCompris.ApplicationInfo.getAudioFilePath("qrc:/gcompris/src/activities/explore_farm_animals/resource/animals/goat.$CA"),
          "image2": "qrc:/gcompris/src/activities/explore_farm_animals/resource/animals/goat.webp", "x": 0.18 }
    ]
    property var instructions : [ { "text": qsTr("Click.") } ]
}"""
QUIZ = """
{ "realImg": "qrc:/gcompris/src/activities/solar_system/resource/blip.webp", "bodyName": qsTr("Blip"),
  "levels": [ { "question": qsTr("How big is Blip?"), "options": [qsTr("Tiny"), qsTr("Huge")], "closeness": [1, 100] } ] }
"""
README = """Copyright: 2020 Greta Goat
Source: https://example.org/File:Goat.jpg
License: CC-BY-SA 4.0
Files:
goat.webp

Copyright: Sid Sound
License: GPLv3
Files: goat.ogg
"""


def make_rcc(files: dict[str, tuple[bytes, int]], version: int = 3) -> bytes:
    """A Qt resource holding ``files``: path -> (bytes, 0 plain, 1 zlib, 4 zstd)."""
    folders: dict[str, dict] = {}
    for path, entry in files.items():
        *parents, name = path.split("/")
        place = folders
        for parent in parents:
            place = place.setdefault(parent, {})
        place[name] = entry
    names, values, nodes = bytearray(), bytearray(), [b""]

    def add(index: int, name: str, entry: dict | tuple[bytes, int]) -> None:
        offset = len(names)
        names.extend(struct.pack(">HI", len(name), 0) + name.encode("utf-16-be"))
        if isinstance(entry, dict):
            first = len(nodes)
            nodes.extend([b""] * len(entry))
            body = struct.pack(">IHII", offset, 2, len(entry), first)
            for child, (key, value) in enumerate(entry.items()):
                add(first + child, key, value)
        else:
            data, flag = entry
            body = struct.pack(">IHHHI", offset, flag, 0, 0, len(values))
            values.extend(struct.pack(">I", len(data)) + data)
        nodes[index] = body + (b"\0" * 8 if version >= 2 else b"")

    add(0, "", folders)
    tree = b"".join(nodes)
    header = 20 + (4 if version >= 3 else 0)
    offsets = struct.pack(">4I", version, header, header + len(tree), header + len(tree) + len(values))
    return b"qres" + offsets + (b"\0" * 4 if version >= 3 else b"") + tree + bytes(values) + bytes(names)


def packed(data: bytes) -> tuple[bytes, int]:
    return struct.pack(">I", len(data)) + zlib.compress(data), 1


def test_plain_zlib_and_zstd_entries_of_every_version_are_read() -> None:
    import zstandard

    files = {
        "a/plain": (b"one", 0),
        "a/b/zlib": packed(b"two" * 99),
        "a/b/zstd": (zstandard.compress(b"three" * 99), 4),
    }
    for version in (1, 2, 3):
        read = read_rcc(make_rcc(files, version))
        assert read == {"a/plain": b"one", "a/b/zlib": b"two" * 99, "a/b/zstd": b"three" * 99}


@pytest.mark.parametrize("damage", [b"", b"PK\3\4", b"qres\0\0", make_rcc({"a/b": packed(b"x" * 50)})[:-20]])
def test_what_is_no_resource_is_refused(damage: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_rcc(damage)


def _webp(colour: str = "green") -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(buffer, "WEBP")
    return buffer.getvalue()


@pytest.fixture
def items(tmp_path: Path) -> dict[str, RawItem]:
    words = [{"imgPrefix": "qrc:/gcompris/src/activities/lang/resource/words_sample/", "content": [
        {"name": "animal", "content": [{"description": "snorkel goat", "image": "goat.webp"}]}]}]  # fmt: skip
    board = 'property string instruction: qsTr("Ann Artist, Two Squares - 1912") [ { "pixmapfile": "bg.svg", "width": 100, "height": 40 }, '
    board += '{ "pixmapfile": "left.webp", "x": "0.15", "y": "0.5" }, { "pixmapfile": "right.webp", "x": "0.45", "y": "0.5" } ]'
    info = 'title: qsTr("Stack the goats") description: qsTr("Put goats on goats.") goal: qsTr("Balance") icon: "goats/goats.svg" section: "puzzle fun"'
    country = 'property string instruction: qsTr("Far Asia") [ { "pixmapfile": "fa/goatland.svgz", "toolTipText": qsTr("Goatland"), "x": 0.1 } ]'
    animals = "explore_farm_animals/resource/"
    files = {
        f"{animals}board/board1.qml": packed(BOARD.encode()),
        f"{animals}animals/goat.webp": (b"goat photo", 0),
        f"{animals}animals/goat.ogg": (b"goat cry", 0),
        f"{animals}animals/README": packed(README.encode()),
        "solar_system/Dataset.js": packed(QUIZ.encode()),
        "solar_system/resource/blip.webp": (b"blip", 0),
        "lang/resource/words_sample.json": packed(json.dumps(words).encode()),
        "lang/resource/words_sample/goat.webp": (b"goat drawing", 0),
        "memory-sound/resource/LRHeart_beat_01_LA.ogg": (b"thump", 0),
        "memory-sound/resource/voices_unknown.ogg": (b"speech", 0),
        "goats/ActivityInfo.qml": (info.encode(), 0),
        "goats/goats.svg": (b"<svg/>", 0),
        "geography/resource/board/board1_0.qml": (country.encode(), 0),
        "geography/resource/fa/goatland.svgz": (gzip.compress(b"<svg>outline</svg>"), 0),
        "paintings/resource/board/board1_0.qml": (board.encode(), 0),
        "paintings/resource/left.webp": (_webp("red"), 0),
        "paintings/resource/right.webp": (_webp("blue"), 0),
    }
    folder = tmp_path / "usr/share/gcompris-qt/rcc"
    folder.mkdir(parents=True)
    (folder / "all.rcc").write_bytes(make_rcc({ACTIVITIES + path: entry for path, entry in files.items()}))
    return {item.key: item for item in GCompris().read(tmp_path)}


def test_an_explored_animal_has_prose_photograph_cry_and_credit(items: dict[str, RawItem]) -> None:
    goat = items["explore-farm-animals-snorkel-goat"]
    assert (goat.title, goat.text) == ("Snorkel goat", 'The goat says "glub".')
    assert (goat.image, goat.audio) == (b"goat photo", b"goat cry")
    assert goat.licence == "CC-BY-SA-4.0 AND GPL-3.0-or-later"
    assert goat.credit == "Greta Goat; Sid Sound"


def test_a_title_that_is_taken_gets_its_kind(items: dict[str, RawItem]) -> None:
    assert items["word-goat"].title == "Snorkel goat (drawing)"
    assert items["word-goat"].image == b"goat drawing"


def test_quiz_answers_become_prose(items: dict[str, RawItem]) -> None:
    assert items["solar-system-blip"].text == "How big is Blip? Huge."
    assert items["solar-system-blip"].category == "planets"


def test_known_sounds_are_named_and_unknown_ones_left(items: dict[str, RawItem]) -> None:
    assert [item.title for item in items.values() if item.audio] == ["Snorkel goat", "Heartbeat"]


def test_activities_and_maps(items: dict[str, RawItem]) -> None:
    activity = items["activity-goats"]
    assert (activity.title, activity.text, activity.category) == (
        "Stack the goats",
        "Put goats on goats. Balance.",
        "games",
    )
    country = items["map-goatland"]
    assert country.image == b"<svg>outline</svg>"
    assert country.text == "The outline of Goatland, in Far Asia."


def test_a_painting_is_laid_together_from_its_pieces(items: dict[str, RawItem]) -> None:
    from PIL import Image

    painting = items["picture-ann-artist-two-squares-1912"]
    assert painting.image is not None
    with Image.open(io.BytesIO(painting.image)) as picture:
        assert picture.size == (60, 20)
        left, right = picture.convert("RGB").getpixel((5, 10)), picture.convert("RGB").getpixel((55, 10))
    assert left[0] > 200 > left[2]
    assert right[2] > 200 > right[0]


def test_flat_objects_and_first_properties() -> None:
    text = '{ "a": qsTr("x"), b: base + "y.webp", "n": 2.5, c: [ { d: "z" } ] }'
    assert qml.objects(text) == [{"d": "z"}]
    assert qml.objects('{ "a": qsTr("x"), b: base + "y.webp", "n": 2.5 }') == [{"a": "x", "b": "y.webp", "n": "2.5"}]
    assert qml.properties('title: qsTr("one") \n// title: "no"\n title: "two"') == {"title": "one"}
