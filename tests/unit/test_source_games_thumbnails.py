"""The screenshots of games, with descriptions from invented package lists."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mmrec_core.catalogue import debian_descriptions
from mmrec_core.catalogue.debian_descriptions import Description, describe, parse_descriptions, write_descriptions
from mmrec_core.catalogue.games_thumbnails import GamesThumbnails, game_tags, game_text, game_title
from mmrec_core.errors import SourceUnavailableError

LONG = "frog game\n Frog Hop is a game about frogs:\n  * green ones;\n  * blue ones.\n .\n This package holds the data."
CHECKSUM = hashlib.md5(f"{LONG}\n".encode(), usedforsecurity=False).hexdigest()
LISTS = f"""Package: froghop-sdl
Version: 1
Description: frog game
Description-md5: {CHECKSUM}
Tag: game::arcade, game::sport:racing,
 game::TODO, interface::3d

Package: other
Description: something else
"""


def test_the_long_text_joins_where_its_checksum_agrees() -> None:
    translation = f"Package: froghop-sdl\nDescription-md5: {CHECKSUM}\nDescription-en: {LONG}\n"
    described = parse_descriptions(LISTS.splitlines(), translation.splitlines())
    assert described["froghop-sdl"].tags == ("game::arcade", "game::sport:racing", "game::TODO", "interface::3d")
    assert described["froghop-sdl"].long.startswith("Frog Hop is")
    altered = parse_descriptions(LISTS.splitlines(), translation.replace("green", "red").splitlines())
    assert altered["froghop-sdl"].long == ""
    assert altered["other"].short == "something else"


@pytest.mark.parametrize(
    ("package", "short", "long", "title"),
    [
        ("froghop-sdl", "frog game", "Frog Hop is a game.", "Frog Hop"),
        ("toad4", "Toad the Terrible 4 - a retro game", "", "Toad the Terrible 4"),
        ("supertoad", "a jump game", "You play with SuperToad here.", "SuperToad"),
        ("lbf", "a race", "Long Blue Frogs is a race.", "Long Blue Frogs"),
        ("pond-wars", "a fight", "The goal is to win.", "Pond Wars"),
    ],
)
def test_titles_are_written_as_the_description_writes_them(package: str, short: str, long: str, title: str) -> None:
    assert game_title(Description(package, short, long)) == title


def test_text_flows_and_leaves_packaging_out() -> None:
    description = parse_descriptions([*f"Package: f\nDescription: {LONG}".splitlines()])["f"]
    assert game_text(description) == "Frog game. Frog Hop is a game about frogs: green ones; blue ones."
    assert game_text(Description("f", "Jump!")) == "Jump!"


def test_tags_are_genres_and_traits() -> None:
    described = parse_descriptions(LISTS.splitlines())["froghop-sdl"]
    assert game_tags(described) == ("arcade", "racing", "3D")


def test_games_come_with_pictures_and_the_undescribed_are_left_out(tmp_path: Path) -> None:
    pictures = tmp_path / "usr/share/games/thumbnails"
    pictures.mkdir(parents=True)
    for name in ("froghop-sdl", "froghop-x11", "gone", "old"):
        (pictures / f"{name}.png").write_bytes(name.encode())
    long = "Frog Hop is a game."
    known = [Description(name, "frog game", long) for name in ("froghop-sdl", "froghop-x11")]
    known.append(Description("old", "transitional package", ""))
    write_descriptions({d.name: d for d in known}, tmp_path / debian_descriptions.BESIDE)
    items = {item.key: item for item in GamesThumbnails().read(tmp_path)}
    assert items["froghop-sdl"].title == "Frog Hop"
    assert items["froghop-x11"].title == "Frog Hop (froghop-x11)"
    assert items["froghop-sdl"].image == b"froghop-sdl"
    assert items["froghop-sdl"].category == "games"
    assert items["gone"].left_out
    assert items["old"].left_out


def test_without_apt_and_without_a_file_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian_descriptions.shutil, "which", lambda _: None)
    with pytest.raises(SourceUnavailableError, match="apt-cache"):
        describe(["froghop"], tmp_path / "folder")
