"""Packages: the .deb reader, the mirror, resuming, integrity."""

from __future__ import annotations

import hashlib
import lzma
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from mmrec_core.catalogue import apt, debian, mirror, packages
from mmrec_core.catalogue.debian import parse_index, unpack_deb, unpack_deb_by_hand
from mmrec_core.catalogue.debian_descriptions import describe
from mmrec_core.catalogue.packages import fetch_package, keep_descriptions
from mmrec_core.errors import IntegrityError, SourceUnavailableError
from mmrec_core.settings import Settings
from mmrec_core.types import Progress
from tests.unit.catalogue_helpers import PACKERS, index_of, make_deb, serve

FILES = {"./usr/share/made-up/a.txt": b"hello", "./usr/share/made-up/b.bin": bytes(range(256)) * 4000}
LINKS = {
    "./usr/share/made-up/font.ttf": "/usr/share/fonts/elsewhere.ttf",
    "./usr/share/made-up/far": "../../../../far",
    "./usr/share/made-up/near": "a.txt",
}
INDEX = "debian/dists/bookworm/main/binary-all/Packages.xz"


def quiet(progress: Progress) -> None:
    """A report that says nothing."""


needs_data_filter = pytest.mark.skipif(
    not hasattr(tarfile, "data_filter"), reason="before Python 3.11.4 packages are unpacked by dpkg only"
)


@pytest.fixture(autouse=True)
def _fresh_index():
    mirror._index.cache_clear()
    apt._refresh_lists.cache_clear()


def settings_for(tmp_path: Path, url: str) -> Settings:
    return Settings(home=tmp_path / "home", deb_mirror=url)


@needs_data_filter
@pytest.mark.parametrize("suffix", sorted(PACKERS))
def test_a_deb_is_unpacked_without_dpkg(tmp_path, suffix):
    (tmp_path / "made.deb").write_bytes(make_deb(FILES, suffix))
    unpack_deb_by_hand(tmp_path / "made.deb", tmp_path / "out")
    assert (tmp_path / "out/usr/share/made-up/a.txt").read_bytes() == b"hello"
    assert (tmp_path / "out/usr/share/made-up/b.bin").read_bytes() == FILES["./usr/share/made-up/b.bin"]


@needs_data_filter
@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="no dpkg-deb here")
def test_dpkg_and_our_reader_agree(tmp_path):
    (tmp_path / "made.deb").write_bytes(make_deb(FILES, links=LINKS))
    unpack_deb(tmp_path / "made.deb", tmp_path / "dpkg")
    unpack_deb_by_hand(tmp_path / "made.deb", tmp_path / "ours")
    found = [
        {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()}
        for root in (tmp_path / "dpkg", tmp_path / "ours")
    ]
    assert found[0] == found[1] and len(found[0]) == 3
    assert not (tmp_path / "ours/usr/share/made-up/font.ttf").is_symlink(), "it leads outside"


@needs_data_filter
@pytest.mark.parametrize("path", ["../escaped.txt", "./usr/../../escaped.txt"])
def test_a_deb_cannot_write_outside(tmp_path, path):
    (tmp_path / "evil.deb").write_bytes(make_deb({path: b"out"}))
    with pytest.raises(IntegrityError, match=r"evil\.deb"):
        unpack_deb_by_hand(tmp_path / "evil.deb", tmp_path / "a" / "out")
    assert not list(tmp_path.rglob("escaped.txt"))


@needs_data_filter
@pytest.mark.parametrize("data", [b"", b"not a package", make_deb(FILES)[:-100]])
def test_what_is_not_a_deb_is_refused(tmp_path, data):
    (tmp_path / "bad.deb").write_bytes(data)
    with pytest.raises(IntegrityError, match=r"bad\.deb"):
        unpack_deb_by_hand(tmp_path / "bad.deb", tmp_path / "out")


def test_a_python_without_the_filter_asks_for_dpkg(tmp_path, monkeypatch):
    monkeypatch.delattr(tarfile, "data_filter", raising=False)
    with pytest.raises(SourceUnavailableError, match="Install dpkg"):
        unpack_deb_by_hand(tmp_path / "made.deb", tmp_path / "out")


def test_an_index_is_read_stanza_by_stanza():
    text = "Package: a\nVersion: 1:2\nArchitecture: all\nDescription: x\n more: y\nFilename: p/a.deb\nSize: 7\nSHA256: ff\n\n\nPackage: b\nVersion: 1\n"
    found = list(parse_index(text.splitlines()))
    assert [(p.name, p.version, p.size, p.deb) for p in found] == [("a", "1:2", 7, "a_1%3a2_all.deb")]


def test_a_package_comes_from_the_mirror_and_is_then_left_alone(tmp_path):
    deb = make_deb(FILES)
    with serve({INDEX: index_of({"made-up": deb}), "debian/pool/main/made-up.deb": deb}) as site:
        settings = settings_for(tmp_path, site.url)
        steps: list[Progress] = []
        target = settings.media / "made"
        assert fetch_package(("absent", "made-up"), target, settings, steps.append) == "made-up_1:2.0-1"
        assert (target / "usr/share/made-up/a.txt").read_bytes() == b"hello"
        assert steps[-1].done == steps[-1].total == len(deb) and steps[-1].unit == "bytes"
    assert fetch_package(("absent", "made-up"), target, settings, quiet) == "made-up_1:2.0-1"  # the mirror is gone


def test_what_the_mirror_says_of_other_packages_is_kept_beside(tmp_path):
    long = "made up\n in two lines"
    md5 = hashlib.md5(f"{long}\n".encode(), usedforsecurity=False).hexdigest()
    lists = f"Package: froghop\nVersion: 1\nDescription: made up\nDescription-md5: {md5}\n"
    translation = f"Package: froghop\nDescription-md5: {md5}\nDescription-en: {long}\n"
    texts = INDEX.replace("binary-all/Packages", "i18n/Translation-en")
    with serve({INDEX: lzma.compress(lists.encode()), texts: lzma.compress(translation.encode())}) as site:
        settings = settings_for(tmp_path, site.url)
        keep_descriptions(["froghop", "unknown"], tmp_path, settings)
    assert {name: d.long for name, d in describe(["froghop", "unknown"], tmp_path).items()} == {
        "froghop": "in two lines"
    }
    keep_descriptions(["froghop"], tmp_path, settings)  # the mirror is gone


def test_a_deb_that_lies_there_whole_is_not_fetched_again(tmp_path):
    deb = make_deb(FILES)
    with serve({INDEX: index_of({"made-up": deb})}) as site:
        settings = settings_for(tmp_path, site.url)
        settings.downloads.mkdir(parents=True)
        (settings.downloads / "made-up_1%3a2.0-1_all.deb").write_bytes(deb)
        fetch_package(("made-up",), settings.media / "made", settings, quiet)
        assert [path for path, _ in site.seen if path.endswith(".deb")] == []


def test_the_other_index_is_read_where_the_first_does_not_know(tmp_path):
    deb = make_deb(FILES)
    other = INDEX.replace("binary-all", "binary-amd64")
    with serve({INDEX: index_of({}), other: index_of({"made-up": deb}), "debian/pool/main/made-up.deb": deb}) as site:
        settings = settings_for(tmp_path, site.url)
        assert fetch_package(("made-up",), settings.media / "made", settings, quiet) == "made-up_1:2.0-1"


def test_an_interrupted_download_is_gone_on_with(tmp_path):
    deb = make_deb({"./big.bin": bytes(np_bytes(900_000))}, "gz")

    def stop_early(progress: Progress) -> None:
        if progress.done >= mirror.CHUNK:
            raise KeyboardInterrupt

    with serve({INDEX: index_of({"made-up": deb}), "debian/pool/main/made-up.deb": deb}) as site:
        settings = settings_for(tmp_path, site.url)
        with pytest.raises(KeyboardInterrupt):
            fetch_package(("made-up",), settings.media / "made", settings, stop_early)
        have = next(settings.downloads.glob("*.part")).stat().st_size
        assert 0 < have < len(deb)
        fetch_package(("made-up",), settings.media / "made", settings, quiet)
        assert site.seen[-1] == ("/debian/pool/main/made-up.deb", f"bytes={have}-")
    assert (settings.media / "made/big.bin").stat().st_size == 900_000


def np_bytes(size: int) -> bytes:
    import numpy as np

    return np.random.default_rng(0).integers(0, 255, size, dtype=np.uint8).tobytes()


def test_a_wrong_sum_is_refused_and_the_file_deleted(tmp_path):
    deb = make_deb(FILES)
    files = {INDEX: index_of({"made-up": deb}, sha256="0" * 64), "debian/pool/main/made-up.deb": deb}
    with serve(files) as site:
        settings = settings_for(tmp_path, site.url)
        with pytest.raises(IntegrityError, match="SHA-256"):
            fetch_package(("made-up",), settings.media / "made", settings, quiet)
        assert not list(settings.downloads.iterdir()) and not (settings.media / "made").exists()


def test_an_unpacking_that_was_cut_off_starts_again(tmp_path):
    deb = make_deb(FILES)
    with serve({INDEX: index_of({"made-up": deb}), "debian/pool/main/made-up.deb": deb}) as site:
        settings = settings_for(tmp_path, site.url)
        target = settings.media / "made"
        target.mkdir(parents=True)
        (target / "half.txt").write_text("left by a crash")  # no manifest: not finished
        fetch_package(("made-up",), target, settings, quiet)
        assert not (target / "half.txt").exists() and (target / "usr").exists()


@pytest.mark.parametrize("index", [index_of({"made-up": make_deb(FILES)})[:-20], b"<html>404</html>"])
def test_a_damaged_index_is_said_so_and_fetched_anew(tmp_path, index):
    deb = make_deb(FILES)
    with serve({INDEX: index, "debian/pool/main/made-up.deb": deb}) as site:
        settings = settings_for(tmp_path, site.url)
        with pytest.raises(SourceUnavailableError, match="index is damaged"):
            fetch_package(("absent",), settings.media / "made", settings, quiet)
        site.files[INDEX] = index_of({"made-up": deb})
        assert fetch_package(("made-up",), settings.media / "made", settings, quiet) == "made-up_1:2.0-1"


def test_what_no_mirror_has_is_said_in_one_line(tmp_path):
    with serve({INDEX: index_of({})}) as site:
        settings = settings_for(tmp_path, site.url)
        with pytest.raises(SourceUnavailableError, match=r"made-up or other.*MMREC_DEB_SUITE") as caught:
            fetch_package(("made-up", "other"), settings.media / "made", settings, quiet)
        assert "\n" not in str(caught.value)


def test_a_mirror_that_does_not_answer_is_named(tmp_path):
    settings = settings_for(tmp_path, "http://127.0.0.1:9/debian")
    with pytest.raises(SourceUnavailableError, match="MMREC_DEB_MIRROR"):
        fetch_package(("made-up",), settings.media / "made", settings, quiet)


def test_without_apt_and_without_a_mirror_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "has_apt", lambda: False)
    with pytest.raises(SourceUnavailableError, match="MMREC_DEB_MIRROR"):
        fetch_package(("made-up",), tmp_path / "made", Settings(home=tmp_path, deb_mirror=""), quiet)


def test_apt_without_lists_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "has_apt", lambda: True)
    monkeypatch.setattr(apt, "_refresh_lists", lambda: False)
    nothing = subprocess.CompletedProcess([], 100, "", "E: No packages found")
    monkeypatch.setattr(apt.subprocess, "run", lambda *args, **kwargs: nothing)
    with pytest.raises(SourceUnavailableError, match="apt-get update"):
        fetch_package(("made-up",), tmp_path / "made", Settings(home=tmp_path, deb_mirror=""), quiet)


def test_a_package_that_is_installed_but_on_no_mirror_is_not_offered():
    assert list(parse_index(["Package: a", "Version: 1", "Architecture: all"])) == []
    assert debian.AR_HEADER == 60
