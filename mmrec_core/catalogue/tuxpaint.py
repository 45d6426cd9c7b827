"""Tux Paint's stamps: one picture with one sentence in many languages, and for some the sound the thing makes. GPL-2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.catalogue.tuxpaint_words import FOLDERS, SENTENCES, STAMPS, TITLES, WITHOUT_SOUND
from mmrec_core.registry import Plugin

LICENCE = "GPL-2.0"
CREDIT = "Tux Paint stamps, Bill Kendrick and contributors"
STAMPS_FOLDER = "usr/share/tuxpaint/stamps"
PICTURES = (".svg", ".png")
SOUNDS = (".ogg", ".wav")
_TRANSLATION = re.compile(r"^([A-Za-z_@]+)\.utf8=(.*)$")
_ARTICLE = re.compile(r"^(a pair of|this is an?|it’s an?|an?|the|our|some)\s+", re.IGNORECASE)
_AFTER_THE_NAME = re.compile(
    r"[.!?;:(]|\s[–—-]\s|—|,\s|\s(is|are|was|were|has|have|can|lets|that|which|who|used|means?|stands?)\s"
)
LONGEST_WORDS = 6


class TuxPaint:
    """Stamps that have a sentence."""

    name = "tuxpaint"
    title = "Tux Paint stamps"
    packages = ("tuxpaint-stamps-default",)

    def read(self, folder: Path) -> Iterator[RawItem]:
        """One item a stamp, in path order; pictures without a sentence are counted as left out."""
        root = folder / STAMPS_FOLDER
        for path in stamp_texts(root):
            yield _item(root, path)
        for path in sorted(p for p in root.rglob("*") if p.suffix in PICTURES and not p.with_suffix(".txt").exists()):
            yield RawItem(_key(root, path), "", "", (), "misc", LICENCE, CREDIT, left_out="no sentence")


def translations(folder: Path) -> dict[str, dict[str, str]]:
    """The sentence of every stamp by item key and language code (``"de"``, ``"pt_br"``; ``"en"`` is the original)."""
    root = folder / STAMPS_FOLDER
    return {_key(root, path): read_sentences(path) for path in stamp_texts(root)}


def stamp_texts(root: Path) -> list[Path]:
    """The text files that describe a picture, in path order."""
    return [path for path in sorted(root.rglob("*.txt")) if _beside(path, PICTURES)]


def read_sentences(path: Path) -> dict[str, str]:
    """First line: English; then ``xx.utf8=`` lines."""
    first, *rest = path.read_text(encoding="utf-8", errors="replace").splitlines() or [""]
    found = {"en": first.strip()}
    for line in rest:
        if (match := _TRANSLATION.match(line)) and match[2].strip():
            found[match[1]] = match[2].strip()
    return found


def _item(root: Path, path: Path) -> RawItem:
    key = _key(root, path)
    sentence = SENTENCES.get(key, read_sentences(path)["en"])
    picture = _beside(path, PICTURES)
    sound = None if key.startswith(WITHOUT_SOUND) else _beside(path, SOUNDS)
    return RawItem(
        key=key,
        title=TITLES.get(key) or short_title(sentence, path.stem),
        text=sentence,
        tags=_tags(key),
        category=category_of(key),
        licence=LICENCE,
        credit=CREDIT,
        image=picture.read_bytes() if picture else None,
        audio=sound.read_bytes() if sound else None,
    )


def short_title(sentence: str, stem: str) -> str:
    """What the sentence is about: ``"A rubber duck."`` -> ``"Rubber duck"``.

    An exclamation or a long sentence says it less well than the name of the stamp's file, put in words.
    """
    bare = re.sub('[“”"]', "", sentence).strip(" –")
    name = _AFTER_THE_NAME.split(_ARTICLE.sub("", bare), maxsplit=1)[0].strip(" ,")
    called = bool(_ARTICLE.match(bare)) or not bare.rstrip().endswith(("!", "?"))
    if not name or len(name.split()) > LONGEST_WORDS or not called:
        name = stem_words(stem) or name
    return name[:1].upper() + name[1:]


def stem_words(stem: str) -> str:
    """``"fire-truck_2"`` -> ``"fire truck"``."""
    words = re.sub(r"[-_]+|(?<=[a-z])(?=[A-Z0-9])", " ", stem).split()
    return " ".join(w for w in words if not w.isdigit() and w not in ("photo", "left", "right", "side")).lower()


def category_of(key: str) -> str:
    """The stamp's own category, else that of the deepest folder that has one."""
    if key in STAMPS:
        return STAMPS[key]
    parts = key.split("/")[:-1]
    for depth in range(len(parts), 0, -1):
        if found := FOLDERS.get("/".join(parts[:depth])):
            return found
    return "misc"


def _key(root: Path, path: Path) -> str:
    return path.relative_to(root).with_suffix("").as_posix()


def _tags(key: str) -> tuple[str, ...]:
    """Folder names, deepest first."""
    return tuple(stem_words(part) for part in reversed(key.split("/")[:-1]) if part.isalpha())


def _beside(path: Path, suffixes: tuple[str, ...]) -> Path | None:
    return next((p for s in suffixes if (p := path.with_suffix(s)).exists()), None)


PLUGIN = Plugin("tuxpaint", TuxPaint.title, TuxPaint)
