"""The Wesnoth source over a hand-made tree with invented units."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from mmrec_core.catalogue import wml
from mmrec_core.catalogue.sprites import enlarge, recolour_team
from mmrec_core.catalogue.wesnoth import Wesnoth
from mmrec_core.catalogue.wesnoth_sounds import describe_sound

MACROS = """
#define SOUND_LIST:PUFFLING_GROWL
puffling-growl-[1~2].ogg #enddef
"""
UNITS = """
#textdomain invented
#define BODY BASE
    image="units/{BASE}.png"
#enddef
#define FOLDER_TEMP
units/invented/#enddef
[unit_type]
    id=Puffling
    name= _ "male^Puffling"
    race=puff
    level=1
    alignment=lawful
    image="{FOLDER_TEMP}puffling.png~RIGHT()"
    profile="portraits/puffling.png"
    description= _ "A <i>puffling</i> rolls down hills. " + # a comment
        _ "It said ""boo"" once." + {SPECIAL_NOTES}
    die_sound=wolf-die-1.ogg
    [attack]
        name=roll
        description=_"rolling charge"
        type=impact
        range=melee
    [/attack]
    [attack_anim]
        [filter_attack]
            name=roll
        [/filter_attack]
        [frame]
            sound={SOUND_LIST:PUFFLING_GROWL}
        [/frame]
        {SOUND:HIT_AND_MISS club.ogg club-miss.ogg -100}
    [/attack_anim]
    [female]
        name= _ "female^Puffling"
        profile="portraits/puffling+female.png"
    [/female]
[/unit_type]
[unit_type]
    id=Pale Puffling
    name= _ "Pale Puffling"
    [base_unit]
        id=Puffling
    [/base_unit]
    image="units/invented/puffling.png~CHAN(red, red, red)"
    profile="portraits/none.png"
[/unit_type]
[unit_type]
    id=Blank
    name= _ "Blank"
[/unit_type]
[unit_type]
    id=Old
    name= _ "Old Puffling"
    description= _ "Gone."
    {DEPRECATED_UNIT "Old" "Puffling" 1.0}
[/unit_type]
"""


def _png(colour: tuple[int, int, int, int] = (10, 200, 30, 255)) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGBA", (8, 8), colour).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    core = tmp_path / "usr/share/games/wesnoth/9.9/data/core"
    for folder in ("macros", "units/invented", "images/portraits", "images/units/invented", "sounds/ambient"):
        (core / folder).mkdir(parents=True)
    (core / "macros/sounds.cfg").write_text(MACROS)
    (core / "units/invented/puffling.cfg").write_text(UNITS)
    (core / "images/portraits/puffling.png").write_bytes(b"portrait")
    (core / "images/portraits/puffling+female.png").write_bytes(b"her portrait")
    (core / "images/units/invented/puffling.png").write_bytes(_png())
    for name in ("puffling-growl-1", "puffling-growl-2", "wolf-die-1", "wolf-growl-2", "ambient/campfire", "bow-miss"):
        (core / f"sounds/{name}.ogg").write_bytes(name.encode())
    return tmp_path


def test_units_have_prose_tags_portrait_and_voice(package: Path) -> None:
    items = {item.key: item for item in Wesnoth().read(package)}
    unit = items["unit-puffling"]
    assert unit.title == "Puffling"
    assert unit.text == 'A puffling rolls down hills. It said "boo" once.'
    assert unit.tags == ("puff", "basic", "lawful", "rolling charge", "impact", "melee")
    assert unit.category == "fantasy"
    assert unit.image == b"portrait"
    assert unit.audio == b"puffling-growl-1"


def test_a_woman_with_her_own_portrait_is_an_item_and_sounds_are_spread(package: Path) -> None:
    items = {item.key: item for item in Wesnoth().read(package)}
    woman = items["unit-puffling-female"]
    assert woman.title == "Puffling (woman)"
    assert woman.image == b"her portrait"
    assert "woman" in woman.tags


def test_a_recoloured_sprite_is_no_picture_and_the_base_unit_is_inherited(package: Path) -> None:
    items = {item.key: item for item in Wesnoth().read(package)}
    pale = items["unit-pale-puffling"]
    assert pale.image is None
    assert pale.text == items["unit-puffling"].text
    assert pale.audio == b"puffling-growl-2"


def test_units_without_prose_and_deprecated_units_are_left_out(package: Path) -> None:
    keys = [item.key for item in Wesnoth().read(package)]
    assert "unit-blank" not in keys
    assert "unit-old" not in keys
    assert len(keys) == len(set(keys))


def test_sounds_are_named_by_rule(package: Path) -> None:
    sounds = {item.title: item.category for item in Wesnoth().read(package) if item.image is None}
    assert sounds["Wolf growl 2"] == "animals"
    assert sounds["Campfire crackling"] == "nature"
    assert describe_sound("bow-miss.ogg") is None
    assert describe_sound("nobody-knows.ogg") is None
    assert describe_sound("orc-small-die-2.ogg").title == "Small orc dying 2"  # type: ignore[union-attr]


def test_an_unclosed_tag_and_stray_text_do_not_stop_the_reader() -> None:
    root = wml.parse("[a]\nx=1\n[b]\ny=<<raw {text}>>\n[/nothing]\n]]junk\n[/a]\nz=3")
    assert root.attributes == {"z": "3"}
    assert root.all("a")[0].attributes["x"] == "1"
    assert root.all("a")[0].all("b")[0].attributes["y"] == "raw {text}"


def test_only_magenta_markings_turn_red() -> None:
    pixels = np.array([[[236, 0, 140, 255], [10, 200, 30, 255], [200, 150, 120, 255]]], dtype=np.uint8)
    painted = recolour_team(pixels)
    red, green, blue, alpha = painted[0, 0].tolist()
    assert red > 2 * max(green, blue)
    assert alpha == 255
    assert (painted[0, 1:] == pixels[0, 1:]).all()


def test_a_sprite_is_enlarged_by_whole_steps() -> None:
    from PIL import Image

    with Image.open(io.BytesIO(enlarge(_png(), side=100))) as picture:
        assert picture.size == (96, 96)
