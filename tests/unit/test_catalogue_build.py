"""The build: what is kept, what is left out and why, and that it can be stopped and gone on with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest

from mmrec_core.catalogue import build
from mmrec_core.catalogue.base import RawItem
from mmrec_core.catalogue.build import build_catalogue, is_built
from mmrec_core.catalogue.dedupe import dedupe, hamming, same_words
from mmrec_core.catalogue.prepare import Prepared, check_item
from mmrec_core.catalogue.stats import print_statistics, statistics
from mmrec_core.catalogue.store import Catalogue
from mmrec_core.errors import NotSetUpError, SourceUnavailableError, UnknownNameError
from mmrec_core.registry import Plugin
from mmrec_core.settings import Settings
from mmrec_core.types import Item, Modality, Progress
from tests.unit.catalogue_helpers import picture, tone

PNG = [picture(seed, (80, 80)) for seed in range(8)]


def raw(key: str, **changes: object) -> RawItem:
    plain = RawItem(key, f"Thing {key}", f"About {key}.", ("made up",), "tools", "CC0-1.0", "Somebody")
    return replace(plain, **changes)


class Shelf:
    """A source whose rows a test sets."""

    name = "shelf"
    title = "A shelf"
    packages = ("shelf-data",)
    rows: ClassVar[list[RawItem]] = []
    reads = 0

    def read(self, folder: Path) -> Iterator[RawItem]:
        type(self).reads += 1
        yield from self.rows


class Attic(Shelf):
    name = "attic"
    title = "An attic"
    rows: ClassVar[list[RawItem]] = []
    reads = 0


@dataclass
class Registry:
    """Stands in for SOURCES."""

    sources: dict[str, type[Shelf]]

    def names(self) -> list[str]:
        return sorted(self.sources)

    def get(self, name: str) -> Plugin:
        return Plugin(name, self.sources[name].title, self.sources[name])

    def build(self, name: str) -> Shelf:
        return self.sources[name]()


def quiet(progress: Progress) -> None:
    """A report that says nothing."""


@pytest.fixture
def settings(tmp_path, monkeypatch) -> Settings:
    monkeypatch.setattr(build, "SOURCES", Registry({"shelf": Shelf}))
    monkeypatch.setattr(build, "fetch_package", lambda names, *rest: f"{names[0]}_1")
    Shelf.rows, Shelf.reads, Attic.rows, Attic.reads = [], 0, [], 0
    return Settings(home=tmp_path)


def test_items_media_and_counts_are_written(settings, capsys):
    Shelf.rows = [
        raw("b", image=PNG[0], audio=tone()),
        raw("a", title="<b>Bold</b> &amp; bright", text="Two\n\n words <i>here</i>.", image=PNG[1]),
        raw("c", audio=tone(880)),
        raw("d", left_out="of no use"),
    ]
    report = build_catalogue(settings, quiet)
    catalogue = Catalogue.open(settings.catalogue)
    assert [item.id for item in catalogue.items] == ["shelf/b", "shelf/a", "shelf/c"]
    assert (catalogue.items[1].title, catalogue.items[1].text) == ("Bold & bright", "Two words here.")
    assert catalogue.items[0].modalities == (Modality.IMAGE, Modality.TEXT, Modality.AUDIO)
    assert catalogue.image_path(catalogue.items[0]).read_bytes()[:2] == b"\xff\xd8"
    assert catalogue.audio_path(catalogue.items[2]).read_bytes() == tone(880)
    assert catalogue.image_path(catalogue.items[2]) is None
    assert report.kept == 3 and report.sources["shelf"].left_out == {"of no use": 1} and catalogue.build == report
    numbers = json.loads(json.dumps(statistics(catalogue)))
    assert numbers["modalities"] == {"image": 2, "text": 3, "audio": 2}
    assert numbers["combinations"] == {"image + text": 1, "image + text + audio": 1, "text + audio": 1}
    assert numbers["left_out"] == {"shelf": {"of no use": 1}} and numbers["licences"] == {"CC0-1.0": 3}
    print_statistics(catalogue)
    assert "of no use" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": " <b> </b> "}, "no title"),
        ({"title": "12"}, "no title"),
        ({"title": "red_car"}, "title is a file name"),
        ({"title": "car.svg"}, "title is a file name"),
        ({"title": "car01"}, "title is a file name"),
        ({"title": "x" * 121}, "title too long"),
        ({"category": "nonsense"}, "unknown category 'nonsense'"),
        ({"licence": " "}, "no licence or credit"),
        ({"credit": ""}, "no licence or credit"),
        ({"image": b"broken"}, "picture unreadable"),
        ({"image": None}, "neither picture nor sound"),
        ({"image": None, "audio": tone(loudness=0)}, "sound silent"),
    ],
)
def test_an_unfit_item_is_left_out_with_its_reason(tmp_path, changes, reason):
    outcome = check_item("shelf", replace(raw("a", image=PNG[0]), **changes), tmp_path)
    assert outcome.prepared is None and outcome.left_out == reason


def test_an_item_stays_without_its_broken_half(tmp_path):
    outcome = check_item("shelf", raw("a", image=PNG[0], audio=b"broken"), tmp_path)
    assert outcome.prepared.item.audio is None and outcome.media_left_off == ("sound unreadable",)
    outcome = check_item("shelf", raw("a", image=b"broken", audio=tone()), tmp_path)
    assert outcome.prepared.item.image is None and outcome.media_left_off == ("picture unreadable",)


def test_of_two_equal_pictures_the_richer_item_stays_across_sources(settings, monkeypatch):
    monkeypatch.setattr(build, "SOURCES", Registry({"shelf": Shelf, "attic": Attic}))
    Attic.rows = [raw("poor", image=PNG[0]), raw("other", image=PNG[2])]
    Shelf.rows = [
        raw("rich", image=PNG[0], audio=tone()),
        raw("long", text="A longer text. " * 9, image=PNG[3]),
        raw("short", image=PNG[3]),
    ]
    report = build_catalogue(settings, quiet)
    assert [i.id for i in Catalogue.open(settings.catalogue).items] == ["attic/other", "shelf/rich", "shelf/long"]
    assert report.sources["attic"].left_out == {"near duplicate picture": 1}
    assert not [p for p in (settings.catalogue / "images").rglob("*") if p.is_file() and p.stat().st_size == 0]


def item(key: str, title: str, text: str) -> Prepared:
    return Prepared(Item(f"s/{key}", title, text, (), "tools", "s", "CC0-1.0", "x", audio="sounds/aa/x.wav"))


def test_the_same_words_under_one_title_are_kept_once():
    rows = [
        item("a", "Owl", "An owl."),
        item("b", "OWL", "an owl"),
        item("c", "Owl", "A night bird."),
        item("d", "Eagle owl", "An owl."),
    ]
    found = dedupe(rows)
    assert [r.item.id for r in found.kept] == ["s/a", "s/c", "s/d"] and found.left_out["s"] == {
        "same title and text": 1
    }


def test_same_shape_in_another_colour_is_another_picture():
    base = item("a", "Red flag", "Red.")
    red, blue = bytes([200, 0, 0] * 144), bytes([0, 0, 200] * 144)
    rows = [
        replace(base, shape_hash=15, colours=red),
        replace(item("b", "Blue flag", "Blue."), shape_hash=15, colours=blue),
    ]
    assert len(dedupe(rows).kept) == 2
    rows.append(replace(item("c", "Crimson", "Crimson."), shape_hash=14, colours=bytes([205, 3, 3] * 144)))
    assert [r.item.id for r in dedupe(rows).kept] == ["s/b", "s/c"]  # the longer text stays


def test_distances():
    import numpy as np

    assert hamming(0b1011, np.array([0b1011, 0, 2**63], dtype=np.uint64)).tolist() == [0, 3, 4]
    assert same_words("A red, red car!", "red car a") and not same_words("a red car", "a blue car")


def test_a_second_build_does_nothing_and_a_later_source_is_added(settings, monkeypatch):
    Shelf.rows = [raw("a", image=PNG[0])]
    first = build_catalogue(settings, quiet)
    before = (settings.catalogue / "items.jsonl").stat().st_ino
    assert is_built(settings) and build_catalogue(settings, quiet) == first
    assert (settings.catalogue / "items.jsonl").stat().st_ino == before and Shelf.reads == 1
    monkeypatch.setattr(build, "SOURCES", Registry({"shelf": Shelf, "attic": Attic}))
    Attic.rows = [raw("b", image=PNG[1])]
    assert build_catalogue(settings, quiet).kept == 2 and Shelf.reads == 1


def test_another_build_version_reads_again(settings, monkeypatch):
    Shelf.rows = [raw("a", image=PNG[0])]
    build_catalogue(settings, quiet)
    monkeypatch.setattr(build, "BUILD_VERSION", build.BUILD_VERSION + 1)
    assert not is_built(settings)
    build_catalogue(settings, quiet)
    assert Shelf.reads == 2 and is_built(settings)


def test_a_source_that_fails_is_named_and_the_others_go_on(settings, monkeypatch):
    class Broken(Shelf):
        def read(self, folder: Path) -> Iterator[RawItem]:
            raise ValueError("line 7 is not what it should be")

    class Changed(Shelf):
        def read(self, folder: Path) -> Iterator[RawItem]:
            yield {}["names"]

    class Absent(Shelf):
        packages = ("absent",)

    def fetch(names: tuple[str, ...], *rest: object) -> str:
        if names == ("absent",):
            raise SourceUnavailableError("No package absent is known.")
        return f"{names[0]}_1"

    monkeypatch.setattr(
        build, "SOURCES", Registry({"absent": Absent, "broken": Broken, "changed": Changed, "shelf": Shelf})
    )
    monkeypatch.setattr(build, "fetch_package", fetch)
    Shelf.rows = [raw("a", image=PNG[0])]
    report = build_catalogue(settings, quiet)
    assert report.kept == 1
    assert report.unavailable == {
        "absent": "No package absent is known.",
        "broken": "line 7 is not what it should be",
        "changed": "It does not hold what it should (KeyError('names')).",
    }
    monkeypatch.setattr(build, "SOURCES", Registry({"absent": Absent}))
    with pytest.raises(NotSetUpError, match="absent: No package absent"):
        build_catalogue(settings, quiet)


class StoppedError(ValueError):
    """An interface's way to cancel; it looks like what a broken source raises, and must not be taken for one."""


def test_a_build_that_is_stopped_goes_on_at_the_source_where_it_stopped(settings, monkeypatch):
    monkeypatch.setattr(build, "SOURCES", Registry({"attic": Attic, "shelf": Shelf}))
    Attic.rows = [raw("a", image=PNG[0])]
    Shelf.rows = [raw("b", image=PNG[1]), raw("c", image=PNG[2])]

    def stop(progress: Progress) -> None:
        if progress.step == "Read A shelf" and progress.done == 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        build_catalogue(settings, stop)
    assert not settings.catalogue.exists() and not is_built(settings)
    assert build_catalogue(settings, quiet).kept == 3 and (Attic.reads, Shelf.reads) == (1, 2)


def test_progress_is_reported_to_the_end(settings):
    Shelf.rows = [raw(str(n), image=PNG[n]) for n in range(4)]
    seen: list[Progress] = []
    build_catalogue(settings, seen.append)
    assert [p.done for p in seen if p.step == "Read A shelf"] == [1, 2, 3, 4]
    assert seen[-1] == Progress("Assemble the catalogue", 4, 4, "items")


@pytest.mark.parametrize(
    "path", ["../secret.jpg", "/etc/passwd", "images/../../x.jpg", "images//x.jpg", "C:\\x.jpg", "images"]
)
def test_a_path_that_leaves_the_folder_is_refused(settings, path):
    Shelf.rows = [raw("a", image=PNG[0])]
    build_catalogue(settings, quiet)
    items = settings.catalogue / "items.jsonl"
    values = json.loads(items.read_text())
    items.write_text(json.dumps({**values, "image": path}) + "\n")
    with pytest.raises(Exception, match="outside the catalogue"):
        Catalogue.open(settings.catalogue)


def test_no_catalogue_says_what_to_run(tmp_path):
    with pytest.raises(NotSetUpError, match="mmrec_core setup"):
        Catalogue.open(tmp_path)


def test_find_ranks_prefix_word_tag_substring(settings):
    titles = ["Wildcat", "Black cat", "Cat", "Catfish", "Dog"]
    Shelf.rows = [
        raw(t, title=t, tags=("feline cat",) if t == "Dog" else (), audio=tone(300 + 50 * n))
        for n, t in enumerate(titles)
    ]
    build_catalogue(settings, quiet)
    catalogue = Catalogue.open(settings.catalogue)
    assert [i.title for i in catalogue.find("cAt")] == ["Cat", "Catfish", "Black cat", "Wildcat", "Dog"]
    assert [i.title for i in catalogue.find(" ", 3)] == [] and len(catalogue.find("cat", 2)) == 2
    assert catalogue.rows["shelf/Cat"] == 2 and catalogue.get("shelf/Cat").title == "Cat"
    with pytest.raises(Exception, match="Unknown item 'shelf/Horse'"):
        catalogue.get("shelf/Horse")
    assert UnknownNameError  # the sibling family for plugin names


def test_a_word_is_mentioned_in_title_text_and_tags_and_only_whole(settings):
    texts = {"title": "Ablub's Invention", "text": "A device of the Hai.", "tags": ("Zxmcnb",)}
    Shelf.rows = [raw("a", **texts, image=PNG[0])]
    build_catalogue(settings, quiet)
    catalogue = Catalogue.open(settings.catalogue)
    assert all(catalogue.mentions([word]) for word in ("ablub", "invention", "hai", "zxmcnb"))
    assert not catalogue.mentions(["ablu", "mcn", "qwpoeiru"]) and catalogue.mentions(("qwpoeiru", "hai"))


def test_the_fingerprint_follows_the_items(settings):
    Shelf.rows = [raw("a", image=PNG[0])]
    build_catalogue(settings, quiet)
    one = Catalogue.open(settings.catalogue).fingerprint
    items = settings.catalogue / "items.jsonl"
    items.write_text(items.read_text().replace("Thing a", "Thing z"))
    assert Catalogue.open(settings.catalogue).fingerprint != one
