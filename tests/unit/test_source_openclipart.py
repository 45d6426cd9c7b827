"""Open Clip Art: titles out of metadata and file names, categories, what is left out."""

from __future__ import annotations

import pytest

from mmrec_core.catalogue.openclipart import OpenClipart, category_of
from mmrec_core.catalogue.openclipart_titles import stem_words, title_of

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><metadata><dc:title>{title}</dc:title>
<dc:description>{description}</dc:description><dc:subject><rdf:Bag>{keywords}</rdf:Bag></dc:subject>
<dc:creator><cc:Agent><dc:title>{creator}</dc:title></cc:Agent></dc:creator>
<cc:license rdf:resource="{licence}"/></metadata><rect width="9" height="9"/></svg>"""


def write(folder, path, title, *keywords, description="", creator="Ann Author", licence="http://x/PublicDomain"):
    target = folder / "usr/share/openclipart/svg" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    items = "".join(f"<rdf:li>{keyword}</rdf:li>" for keyword in keywords)
    target.write_text(
        SVG.format(title=title, description=description, keywords=items, creator=creator, licence=licence), "utf-8"
    )


def test_a_drawing_becomes_an_item(tmp_path):
    said = "A pig that looks at you."
    write(tmp_path, "animals/mammals/pig.svg", "A simple pig", "mammal", "", "pig", "hash(0x8)", description=said)
    (found,) = OpenClipart().read(tmp_path)
    assert (found.key, found.title, found.text) == ("animals/mammals/pig", "A simple pig", said)
    assert (found.category, found.tags, found.licence) == ("animals", ("mammal", "pig", "mammals"), "Public domain")
    assert found.credit == "Ann Author, Open Clip Art Library" and found.image and not found.left_out


def test_what_is_left_out_says_why(tmp_path):
    write(tmp_path, "computer/icons/save.svg", "Save")
    write(tmp_path, "people/girl.svg", "Nude girl")
    write(tmp_path, "tools/saw.svg", "Saw", licence="http://creativecommons.org/licenses/GPL/2.0/")
    write(tmp_path, "tools/saw2.svg", "Hand saw")
    write(tmp_path, "tools/saw3.svg", "Hand Saw")
    write(tmp_path, "unsorted/x.svg", "Various Cliparts")
    reasons = {row.key: row.left_out for row in OpenClipart().read(tmp_path)}
    assert reasons == {
        "computer/icons/save": "icon theme, series, shape or pattern",
        "people/girl": "unfit for all ages, or a brand",
        "tools/saw": "not in the public domain",
        "tools/saw2": "",
        "tools/saw3": "title taken by another drawing",
        "unsorted/x": "no title of its own",
    }


@pytest.mark.parametrize(
    ("path", "title", "creator", "keywords", "shared", "expected"),
    [
        ("nature/x.svg", "Lightning", "Jon Phillips", (), 1, "Lightning"),
        ("nature/lightning_jon_phillips_04.svg", "Series", "Jon Phillips", (), 9, "Lightning"),
        ("computer/hardware/laptop.svg", "Clipart by Nicu Buculei - antenna", "Nicu Buculei", (), 1, "Laptop"),
        ("signs/flags/x/who.svg", "Clipart by W Huss - UNICEF", "W Huss", ("flag",), 1, "Flag of UNICEF"),
        ("signs/flags/europe/san_marino.svg", "san_marino", "T", ("flag",), 1, "Flag of San Marino"),
        ("signs/flags/europe/cow.svg", "Cow", "T", ("animal",), 1, "Cow"),
        ("animals/x.svg", "Cigno", "A", (), 1, "Swan"),
        ("animals/x.svg", "Tigre04", "A", (), 1, "Tiger"),
        ("unsorted/foglie_rosse.svg", "Various Cliparts", "A", (), 99, "Red leaves"),
        ("tools/x.svg", "RoundPointShovel", "A", (), 1, "Round point shovel"),
        ("food/x.svg", "Lime (B and W)", "A", (), 1, "Lime"),
        ("transport/falling_rocks.svg", "SVG Road Signs", "J", (), 77, "Falling rocks sign"),
        ("recreation/games/cards/ornamental/ornamental_s_q.svg", "card", "N", (), 99, "Queen of spades"),
        ("recreation/games/cards/simple/simple_s_q.svg", "card", "N", (), 99, ""),
        ("people/stickmen/sm_018.svg", "stick man", "N", (), 99, ""),
    ],
)
def test_titles(path, title, creator, keywords, shared, expected):
    assert title_of(path, title, creator, keywords, shared).title == expected


def test_the_words_of_a_file_name_leave_the_author_out():
    assert stem_words("flamand_bw_jean-victor_b_01", "Jean-Victor Balin") == "flamand"
    assert stem_words("01_02", "") == ""


@pytest.mark.parametrize(
    ("path", "title", "keywords", "category"),
    [
        ("people/x.svg", "Man Driving Car", ("people",), "vehicles"),
        ("office/x.svg", "Teapot", (), "household"),
        ("animals/birds/x.svg", "Car", (), "birds"),
        ("unsorted/x.svg", "Qwerty", ("guitar",), "instruments"),
        ("unsorted/x.svg", "Qwerty", (), "misc"),
        ("tools/x.svg", "Box with a hammer", (), "household"),
        ("geography/x.svg", "Coat of arms of Poland", (), "symbols"),
        ("signs_and_symbols/flags/asia/x.svg", "Flag of China", ("flag",), "flags"),
    ],
)
def test_categories(path, title, keywords, category):
    assert category_of(path, title, keywords) == category
