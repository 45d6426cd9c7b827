"""A title for each drawing: the author's where it names the thing, otherwise the words of the file's name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mmrec_core.catalogue.openclipart_corrections import NAMELESS, RETITLED
from mmrec_core.catalogue.openclipart_french import FRENCH
from mmrec_core.catalogue.openclipart_italian import ITALIAN
from mmrec_core.catalogue.openclipart_words import SERIES, WORDS_OF_NO_MEANING

SHORTEST = 2
SERIES_FROM = 4
"""A title that so many drawings share names their series, not the thing."""
_BY_AUTHOR = re.compile(r"^Clipart by [^-]+ - ", re.IGNORECASE)
_RANKS = {"a": "Ace", "j": "Jack", "q": "Queen", "k": "King", "10": "Ten", "2": "Two", "3": "Three", "4": "Four",
          "5": "Five", "6": "Six", "7": "Seven", "8": "Eight", "9": "Nine"}  # fmt: skip
_SUITS = {"c": "clubs", "d": "diamonds", "h": "hearts", "s": "spades"}
_COUNT = re.compile(r"\d+[a-z]?|r")
_CARD = re.compile(r"^ornamental_([cdhs])_(10|[2-9ajqk])$")


@dataclass(frozen=True)
class Found:
    """A title, empty where there is none; ``own`` is True where it is the author's for this drawing."""

    title: str
    own: bool


def title_of(path: str, title: str, creator: str, keywords: tuple[str, ...], shared_by: int) -> Found:
    """The best title of the drawing at ``path``; ``shared_by`` is how many drawings have the same author's title."""
    stem = path.rsplit("/", 1)[-1].removesuffix(".svg")
    if "/cards/" in path:
        return Found(_card(stem), own=True)
    series = not title or shared_by >= SERIES_FROM or _is_series(title)
    words = stem_words(stem, creator) if series else _tidy(title)
    if is_flag(path, title, keywords) and words:
        words = _flag(words)
    elif "road sign" in title.lower() or "AIGA" in title:
        words = f"{words} sign" if words else ""
    words = translate(words)
    if words.lower() in NAMELESS or len(words) < SHORTEST:
        return Found("", own=False)
    return Found(words[:1].upper() + words[1:], own=not series)


def is_flag(path: str, title: str, keywords: tuple[str, ...]) -> bool:
    """Whether a drawing is a flag: it lies in that folder and says so (other things were copied there)."""
    return "/flags/" in path and "flag" in " ".join((title.lower(), *keywords))


def stem_words(stem: str, creator: str) -> str:
    """``"lightning_jon_phillips_04"`` by Jon Phillips -> ``"lightning"``; empty where nothing names a thing."""
    words = [w for w in re.split(r"[_\-. ]+|(?<=[a-z])(?=[A-Z0-9])", stem) if w]
    author = {part.lower() for part in re.findall(r"\w+", creator)}
    while len(words) > 1 and (_COUNT.fullmatch(words[-1]) or _is_author(words[-1].lower(), author)):
        words.pop()
    if words and words[0].lower() in ("aiga", "contour", "svg", "sport"):
        words = words[1:]
    kept = [w.lower() if w[:1].isupper() and w[1:].islower() else w for w in words if not w.isdigit()]
    return " ".join(w for w in kept if w.lower() not in WORDS_OF_NO_MEANING)


def translate(words: str) -> str:
    """The English for a title that is known in another language or spelling; otherwise the words as they are."""
    key = re.sub(r"[\s_]*\d+$", "", words.lower().replace("_", " ")).strip()
    return RETITLED.get(words.lower()) or ITALIAN.get(key) or FRENCH.get(key, words)


def _is_series(title: str) -> bool:
    return bool(_BY_AUTHOR.match(title) and "Nicu" in title) or title.lower().strip() in SERIES


def _is_author(word: str, author: set[str]) -> bool:
    """File names end in the author's name, cut somewhere."""
    return any(part.startswith(word) for part in author)


def _tidy(title: str) -> str:
    """``"Clipart by Wilfried Huss - UNICEF"`` -> ``"UNICEF"``; ``"hat - clothing"`` -> ``"hat"``."""
    words = _BY_AUTHOR.sub("", title)
    words = re.sub(r"\s*\((B and W|B&W|BN|email:[^)]*|W Italia)\)", "", words, flags=re.IGNORECASE)
    words = re.sub(r"\s+-\s+(clothing|body part|RPG map elements|iconset)$", "", words)
    words = re.sub(r"\s*\|.*|-aj$|\s+1m bwh$|\s+10cm bwh$", "", words)
    words = re.sub(r"(?<=[a-z])\d+$|\s+0\d$|\s+#?\d$", "", words.replace("_", " ").strip())
    if re.search(r"^\S*[a-z][A-Z]\S*$", words):
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words).lower()
    return " ".join(w for w in words.split() if w.lower() not in WORDS_OF_NO_MEANING).strip(" .,-")


def _card(stem: str) -> str:
    """Of the decks only one: playing cards of several decks are near duplicates."""
    match = _CARD.match(stem)
    return f"{_RANKS[match[2]]} of {_SUITS[match[1]]}" if match else ""


def _flag(name: str) -> str:
    """``"san marino"`` -> ``"Flag of San Marino"``."""
    name = name.replace("_", " ")
    if re.search(r"\b(flag|signal|map|banner|ensign|jack)\b", name, re.IGNORECASE):
        return name
    cased = " ".join(w if w in ("and", "of", "the") or w != w.lower() else w.capitalize() for w in name.split())
    return f"Flag of {cased}"
