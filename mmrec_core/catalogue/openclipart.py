"""Open Clip Art: public-domain drawings with a title, keywords and an author in each file's RDF."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.catalogue.openclipart_corrections import CATEGORY_BY_TITLE, ICON_PREFIXES
from mmrec_core.catalogue.openclipart_titles import Found, is_flag, title_of
from mmrec_core.catalogue.openclipart_words import (
    BARE_FOLDERS,
    CATEGORY_BY_FOLDER,
    CATEGORY_BY_WORD,
    FIRM_FOLDERS,
    NOT_KEYWORDS,
    UNFIT_WORDS,
)
from mmrec_core.registry import Plugin

DRAWINGS = "usr/share/openclipart/svg"
_TITLE = re.compile(r"<dc:title>(.*?)</dc:title>", re.DOTALL)
_CREATOR = re.compile(r"<dc:creator>.*?<dc:title>(.*?)</dc:title>", re.DOTALL)
_DESCRIPTION = re.compile(r"<dc:description>(.*?)</dc:description>", re.DOTALL)
_KEYWORD = re.compile(r"<rdf:li>(.*?)</rdf:li>", re.DOTALL)
_LICENCE = re.compile(r"<(?:cc:)?license\s[^>]*resource=\"([^\"]*)\"")
_ABOUT_THE_FILE = re.compile(
    r"HASH\(|http|inkscape|\bsvg|\bxml|\.cdr|submission|openclipart|website|license|vector", re.IGNORECASE
)
_CONTROLS = re.compile(r"[\x80-\x9f]")
MOST_BYTES = 1_000_000
FEWEST_WORDS_OF_A_DESCRIPTION = 4


@dataclass(frozen=True)
class Drawing:
    """One SVG file's metadata. ``path`` is below the drawings folder."""

    path: str
    title: str
    creator: str
    description: str
    keywords: tuple[str, ...]
    licence: str
    data: bytes


class OpenClipart:
    """Drawings that have a title of their own."""

    name = "openclipart"
    title = "Open Clip Art"
    packages = ("openclipart-svg",)

    def read(self, folder: Path) -> Iterator[RawItem]:
        """One row a drawing, in path order; what is left out says why."""
        root = folder / DRAWINGS
        drawings = [read_drawing(root, path) for path in sorted(root.rglob("*.svg"))]
        shared = Counter(d.title.casefold() for d in drawings)
        seen: set[str] = set()
        for drawing in drawings:
            found = title_of(
                drawing.path, drawing.title, drawing.creator, drawing.keywords, shared[drawing.title.casefold()]
            )
            reason = why_left_out(drawing, found) or (
                "title taken by another drawing" if found.title.casefold() in seen else ""
            )
            if not reason:
                seen.add(found.title.casefold())
            yield _item(drawing, found, reason)


def read_drawing(root: Path, path: Path) -> Drawing:
    """The metadata of one file, as it stands there."""
    data = path.read_bytes()
    text = data.decode("utf-8", "replace")
    return Drawing(
        path=path.relative_to(root).as_posix(),
        title=_first(_TITLE, text),
        creator=re.sub(r"\s*[\[(<].*", "", _first(_CREATOR, text)),
        description=_first(_DESCRIPTION, text),
        keywords=tuple(_clean(keyword).lower() for keyword in _KEYWORD.findall(text)),
        licence=_first(_LICENCE, text),
        data=data,
    )


def why_left_out(drawing: Drawing, found: Found) -> str:
    """Why the source does not offer a drawing, or an empty string."""
    words = set(re.findall(r"[a-z]+", f"{found.title} {drawing.path}".lower()))
    reasons = {
        "icon theme, series, shape or pattern": drawing.path.startswith(BARE_FOLDERS)
        or found.title.lower().startswith(ICON_PREFIXES),
        "not in the public domain": bool(drawing.licence) and "ublic" not in drawing.licence,
        "no title of its own": not found.title,
        "unfit for all ages, or a brand": bool(words & UNFIT_WORDS),
        "drawing larger than 1 MB": len(drawing.data) > MOST_BYTES,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def category_of(path: str, title: str, keywords: tuple[str, ...]) -> str:
    """The head word of the title decides, unless the folder is sure; then the folder; then the keywords."""
    if title.lower() in CATEGORY_BY_TITLE:
        return CATEGORY_BY_TITLE[title.lower()]
    if "coat of arms" in title.lower():
        return "symbols"
    if not is_flag(path, title, keywords):
        path = path.replace("/flags/", "/")
    parts = path.split("/")[:-1]
    folders = ["/".join(parts[:depth]) for depth in range(len(parts), 0, -1)]
    if firm := next((FIRM_FOLDERS[f] for f in folders if f in FIRM_FOLDERS), ""):
        return firm
    head = re.split(r"\b(?:with|on|in|of the|and|for|from|by)\b|[(,]", title.lower(), maxsplit=1)[0]
    spoken = [*reversed(re.findall(r"[a-z]+", head)), *reversed(re.findall(r"[a-z]+", title.lower()))]
    by_title = next((c for word in spoken if (c := _by_word(word))), "")
    by_folder = next((CATEGORY_BY_FOLDER[f] for f in folders if f in CATEGORY_BY_FOLDER), "")
    by_keyword = next((c for keyword in keywords for word in keyword.split() if (c := _by_word(word))), "")
    return by_title or by_folder or by_keyword or "misc"


def _by_word(word: str) -> str:
    return (
        CATEGORY_BY_WORD.get(word)
        or CATEGORY_BY_WORD.get(word.removesuffix("s"))
        or CATEGORY_BY_WORD.get(word.removesuffix("es"), "")
    )


def _item(drawing: Drawing, found: Found, reason: str) -> RawItem:
    tags = tuple(k for k in drawing.keywords if k.isascii() and k.replace(" ", "").isalpha() and k not in NOT_KEYWORDS)
    folders = tuple(part.replace("_", " ") for part in drawing.path.split("/")[-2:-1] if part not in NOT_KEYWORDS)
    tags = tuple(dict.fromkeys((*tags, *folders)))
    return RawItem(
        key=drawing.path.removesuffix(".svg"),
        title=found.title,
        text=_text(drawing, found),
        tags=tags,
        category=category_of(drawing.path, found.title, tags),
        licence="Public domain",
        credit=f"{drawing.creator or 'Unknown artist'}, Open Clip Art Library",
        image=None if reason else drawing.data,
        left_out=reason,
    )


def _text(drawing: Drawing, found: Found) -> str:
    """The author's description where it says more than the title; otherwise the title as a sentence."""
    said = drawing.description
    if not found.own or len(said.split()) < FEWEST_WORDS_OF_A_DESCRIPTION or _ABOUT_THE_FILE.search(said):
        return f"{found.title}."
    return said


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return _clean(match[1]) if match else ""


def _clean(text: str) -> str:
    """One line without entities; UTF-8 and Windows-1252 that were once read as Latin-1 are put right."""
    text = " ".join(html.unescape(html.unescape(text)).split())
    if "Ã" in text:
        with suppress(UnicodeError):
            text = text.encode("latin-1").decode("utf-8")
    return _CONTROLS.sub(lambda match: match[0].encode("latin-1").decode("cp1252", "ignore"), text)


PLUGIN = Plugin("openclipart", OpenClipart.title, OpenClipart)
