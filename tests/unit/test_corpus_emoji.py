"""Emoji as training pictures: which of them show a thing, what they are called, and how a set's drawing is cut out."""

from __future__ import annotations

import json

import pytest

from mmrec_core.catalogue.taxonomy import CATEGORIES
from mmrec_core.encoders.lexicon.cldr import Annotation
from mmrec_core.errors import SourceUnavailableError
from mmrec_core.training.corpus import emoji
from mmrec_core.training.corpus.emoji import CATEGORY_OF, ICONS, NAMES, OTHERWISE, SETS, Drawings, Emoji, things

LISTED = """
# subgroup: face-smiling
1F600 ; fully-qualified # grinning face
# subgroup: animal-bird
1F989 ; fully-qualified # owl
1F54A FE0F ; fully-qualified # dove
1F54A ; unqualified # dove
1F426 200D 2B1B ; fully-qualified # black bird
# subgroup: transport-air
1F680 ; fully-qualified # rocket
1F681 ; fully-qualified # helicopter
"""
SAID = {
    "\U0001f989": Annotation("owl", ("bird", "owl", "wise")),
    "\U0001f54a": Annotation("dove", ("bird",)),
    "\U0001f680": Annotation("rocket", ("space",)),
    "\U0001f600": Annotation("grinning face", ()),
}


def test_things_are_single_emoji_of_known_groups_that_have_a_name() -> None:
    found = list(things(LISTED, SAID))
    assert [(thing.title, thing.category) for thing in found] == [
        ("owl", "birds"), ("dove", "birds"), ("rocket", "spacecraft"),
    ]  # fmt: skip


def test_every_group_and_exception_has_a_category_of_the_taxonomy() -> None:
    assert {*CATEGORY_OF.values(), *OTHERWISE.values()} <= set(CATEGORIES)


def test_a_drawing_is_as_large_as_it_or_its_set_says() -> None:
    held = {"width": 128, "height": 128, "icons": {"owl": {"body": "<path/>"}, "dove": {"body": "<g/>", "height": 64}}}
    drawings = Drawings(held)
    assert b'viewBox="0 0 128 128"' in (drawings.svg("owl") or b"") and b"<path/></svg>" in (drawings.svg("owl") or b"")
    assert b'viewBox="0 0 128 64"' in (drawings.svg("dove") or b"")
    assert drawings.svg("rocket") is None


def test_every_set_that_draws_a_thing_gives_an_item(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    owl = json.dumps({"width": 8, "height": 8, "icons": {"owl": {"body": "<path/>"}}}).encode()
    nothing = json.dumps({"icons": {}}).encode()
    files = {(package.name, ICONS): owl if key != "openmoji" else nothing for key, package in SETS.items()}
    files[SETS["noto"].name, NAMES] = json.dumps({"1f989": "owl"}).encode()
    monkeypatch.setattr(emoji.Archives, "read", lambda *_: files)
    monkeypatch.setattr(emoji, "read_annotations", lambda *_: SAID)
    monkeypatch.setattr(emoji, "one_file", lambda *_: _written(tmp_path))
    found = list(Emoji().read(tmp_path))
    assert [item.key for item in found] == ["noto/1f989", "fluent/1f989", "twemoji/1f989"]
    assert (found[0].title, found[0].tags, found[0].licence) == ("Owl", ("bird", "wise"), "Apache-2.0")
    assert (found[0].credit, found[0].category) == ("Google", "birds")
    del files[SETS["twemoji"].name, ICONS]
    with pytest.raises(SourceUnavailableError, match="twemoji"):
        list(Emoji().read(tmp_path))


def _written(folder):
    path = folder / "emoji-test.txt"
    path.write_text(LISTED, encoding="utf-8")
    return path
