"""The Endless Sky source over a hand-made tree with invented worlds."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmrec_core.catalogue import sky_data
from mmrec_core.catalogue.dep5 import Grant, Licences, together
from mmrec_core.catalogue.endless_sky import EndlessSky

DATA = """# a comment
planet "Quiet Pond"
	attributes moon farming "requires: gills"
	landscape land/pond0
	description `A wet world, "mostly" calm.`
	spaceport `	Frogs work here, day and night, in every office.`
planet Puddle
	attributes farming
	landscape land/pond0
	description "A smaller wet world."
planet Drop
	landscape land/pond0
	description "Wet."
planet Nameless
	landscape land/pond0
system Water
	object
		sprite star/blue
		object Puddle
			sprite planet/water
ship "Tadpole"
	sprite "ship/tadpole"
	attributes
		category "Interceptor"
	description "It swims."
ship "Tadpole" "Tadpole (Quick)"
	outfits
		"Croaker"
outfit "Croaker"
	category "Guns"
	thumbnail "outfit/croaker"
	"shield damage" 9
	weapon
		sound "croak"
		ammo "Croak Pellet"
	description "A loud gun."
outfit "Croak Pellet"
	category "Ammunition"
	description "Pellets for the loud gun."
"""
COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2015 Ann Author <ann@example.org>
License: GPL-3+

Files: images/*
Copyright: Pat Painter <pat@example.org>
License: CC-BY-SA-4.0

Files:
 images/land/pond?*
 sounds/big croak.wav
Copyright: Various
License: public-domain
 Taken from photos-example.com, a collection.
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    root = tmp_path / "usr/share/games/endless-sky"
    pictures = ("land/pond0.jpg", "planet/water.png", "ship/tadpole-0.png", "ship/tadpole-1.png", "outfit/croaker.png")
    for name in pictures:
        path = root / "images" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    (root / "data/frogs").mkdir(parents=True)
    (root / "data/frogs/all.txt").write_text(DATA)
    (root / "data/deprecated frogs.txt").write_text('outfit "Old"\n\tdescription "Old."\n')
    (root / "sounds").mkdir()
    (root / "sounds/croak~.wav").write_bytes(b"c" * 20_000)
    (root / "sounds/landing.wav").write_bytes(b"l" * 20_000)
    (root / "sounds/takeoff.wav").write_bytes(b"too short")
    copyright_file = tmp_path / "usr/share/doc/endless-sky-data/copyright"
    copyright_file.parent.mkdir(parents=True)
    copyright_file.write_text(COPYRIGHT)
    return tmp_path


def test_a_photo_goes_to_the_richest_planet_and_the_next_takes_its_globe(package: Path) -> None:
    items = {item.key: item for item in EndlessSky().read(package)}
    pond = items["planet-quiet-pond"]
    assert pond.image == b"land/pond0.jpg"
    assert pond.text == 'A wet world, "mostly" calm. Frogs work here, day and night, in every office.'
    assert pond.tags == ("planet", "moon", "farming")
    assert pond.category == "planets"
    assert items["planet-puddle"].image == b"planet/water.png"
    assert items["planet-drop"].left_out == "a richer item shows its picture"
    assert "planet-nameless" not in items


def test_licence_and_credit_come_from_the_copyright_file(package: Path) -> None:
    items = {item.key: item for item in EndlessSky().read(package)}
    assert items["planet-quiet-pond"].licence == "GPL-3.0-or-later AND Public domain"
    assert items["planet-quiet-pond"].credit == "Ann Author; Contributors of photos-example.com"
    assert items["ship-tadpole"].licence == "CC-BY-SA-4.0 AND GPL-3.0-or-later"


def test_ships_take_their_first_frame_and_variants_that_look_the_same_are_left_out(package: Path) -> None:
    items = {item.key: item for item in EndlessSky().read(package)}
    assert items["ship-tadpole"].image == b"ship/tadpole-0.png"
    assert items["ship-tadpole"].tags == ("spaceship", "interceptor")
    assert not [key for key, item in items.items() if "quick" in key and not item.left_out]


def test_weapons_sound_and_ammunition_sounds_like_its_weapon(package: Path) -> None:
    items = {item.key: item for item in EndlessSky().read(package)}
    gun = items["outfit-croaker"]
    assert gun.category == "weapons"
    assert gun.tags == ("guns", "shield damage")
    assert gun.audio == items["outfit-croak-pellet"].audio == b"c" * 20_000
    assert items["sound-landing"].category == "spacecraft"
    assert "sound-takeoff" not in items
    assert "outfit-old" not in items


def test_indentation_makes_the_tree() -> None:
    top, other = sky_data.parse('a b\n\tc "d e"\n\t\tf `g "h"`\n\tc i\nj\n')
    assert top.values("c") == ["d e", "i"]
    assert top.children[0].value("f") == 'g "h"'
    assert other.key == "j"


def test_the_last_matching_paragraph_holds_and_names_may_hold_spaces() -> None:
    licences = Licences(COPYRIGHT, Grant("none", "nobody"))
    assert licences.of("sounds/big croak.wav").licence == "Public domain"
    assert licences.of("images/ship/x.png").credit == "Pat Painter"
    assert Licences("", Grant("none", "nobody")).of("x") == Grant("none", "nobody")


def test_grants_join_without_repeating() -> None:
    joined = together(Grant("B", "x"), Grant("A", "y"), Grant("B", "x"))
    assert joined == Grant("A AND B", "x; y")
