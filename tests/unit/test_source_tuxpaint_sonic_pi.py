"""Tux Paint's stamps and Sonic Pi's samples."""

from __future__ import annotations

import pytest

from mmrec_core.catalogue.sonic_pi import SonicPi, sample_title
from mmrec_core.catalogue.tuxpaint import TuxPaint, category_of, short_title, translations


def write(folder, path, data):
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


@pytest.fixture
def stamps(tmp_path):
    root = tmp_path / "usr/share/tuxpaint/stamps"
    write(root, "animals/birds/owl.png", b"picture")
    write(root, "animals/birds/owl.txt", b"An owl.\nde.utf8=Eine Eule.\npt_br.utf8=Uma coruja.\nfr.utf8=\n")
    write(root, "animals/birds/owl.ogg", b"hoot")
    write(root, "animals/birds/owl_desc.ogg", b"speech")
    write(root, "symbols/math/7.svg", b"drawing")
    write(root, "symbols/math/7.txt", b"Seven.\n")
    write(root, "symbols/math/7.ogg", b"somebody says seven")
    write(root, "town/mirror.png", b"no sentence")
    write(root, "town/text_only.txt", b"No picture.\n")
    return tmp_path


def test_a_stamp_becomes_an_item(stamps):
    rows = list(TuxPaint().read(stamps))
    owl = rows[0]
    assert (owl.key, owl.title, owl.text, owl.category) == ("animals/birds/owl", "Owl", "An owl.", "birds")
    assert (owl.image, owl.audio, owl.tags) == (b"picture", b"hoot", ("birds", "animals"))
    assert [(row.key, row.left_out) for row in rows[1:]] == [("symbols/math/7", ""), ("town/mirror", "no sentence")]


def test_a_voice_that_speaks_the_name_is_no_sound_effect(stamps):
    assert list(TuxPaint().read(stamps))[1].audio is None


def test_translations_are_by_item_and_language(stamps):
    assert translations(stamps)["animals/birds/owl"] == {"en": "An owl.", "de": "Eine Eule.", "pt_br": "Uma coruja."}


@pytest.mark.parametrize(
    ("sentence", "stem", "title"),
    [
        ("A rubber duck.", "rubberduck", "Rubber duck"),
        ("A pair of glasses.", "glasses1", "Glasses"),
        ("Eat your broccoli!", "broccoli", "Broccoli"),
        ("Boom!!!", "explosion", "Explosion"),
        ("A “Fuji” apple.", "apple_fuji", "Fuji apple"),
        ("A candy cane is a traditional Christmas treat.", "candy2", "Candy cane"),
        ("Mercury—the planet closest to the Sun.", "1_mercury", "Mercury"),
        ("A peacock (a male peafowl).", "peacock", "Peacock"),
        ("Nothing of all these many words names the thing", "fire-truck_2", "Fire truck"),
    ],
)
def test_short_titles(sentence, stem, title):
    assert short_title(sentence, stem) == title


def test_the_deepest_folder_decides():
    assert [category_of(k) for k in ("animals/birds/x", "animals/fish/x", "household/tools/x", "nowhere/x")] == [
        "birds",
        "animals",
        "tools",
        "misc",
    ]


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("ambi_choir", "Ambient choir"),
        ("bd_808", "Bass drum 808"),
        ("tabla_ke1", "Tabla ke 1"),
        ("elec_hi_snare", "Electronic high snare"),
        ("misc_crow", "Crow cawing"),
        ("loop_amen", "Amen break loop"),
    ],
)
def test_sample_titles(stem, title):
    assert sample_title(stem) == title


def test_a_sample_becomes_a_sound_with_its_author(tmp_path):
    write(tmp_path, "usr/share/sonic-pi/samples/misc_crow.flac", b"caw")
    write(tmp_path, "usr/share/sonic-pi/samples/unknown_x.flac", b"?")
    grant = b"Files: etc/samples/misc_crow.flac\nCopyright: 2012 Somebody\nLicense: CC0\n"
    write(tmp_path, "usr/share/doc/sonic-pi-samples/copyright", b"Format: x\n\n" + grant)
    (crow,) = SonicPi().read(tmp_path)
    assert (crow.title, crow.text, crow.category) == ("Crow cawing", "A sound effect: crow cawing.", "birds")
    assert (crow.audio, crow.image, crow.licence) == (b"caw", None, "CC0-1.0") and crow.credit.startswith("Somebody")
