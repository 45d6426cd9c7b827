"""Screenshots of the games in Debian, with what Debian's package lists say about each game."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.catalogue.debian_descriptions import Description, describe
from mmrec_core.catalogue.prose import plain, shorten, slug, unique
from mmrec_core.registry import Plugin

_LICENCE = "Free licence of the game itself (Debian main)"
_MOST_WORDS = 120
_SUFFIXES = re.compile(
    r"-(?:client|server|gtk\d?|qt\d?|kde|gnome|sdl|gl|opengl|x11|x|data|common|game|all|bin|main|ui|gui|dedicated|3d|2d|svga|fr)$"
)
_NAMED = re.compile(
    r"^(?:The game |This is )?(\S[^.,;:!?]{1,38}?)(?:,? \([^)]*\))?,? (?:is|are|was|features|lets|puts|allows)\b"
)
_BOILERPLATE = re.compile(r"\b(?:this|the) (?:meta)?package|^homepage|^note that|^see also|\bdebian\b", re.IGNORECASE)
_PACKAGING = re.compile(r"\s*[-–]?\s*(?:complete suite )?\((?:metapackage|server files|binaries)\)", re.IGNORECASE)
_ALIKE = 0.72
_TAG_WORDS = {
    "interface::3d": "3D",
    "interface::commandline": "command line",
    "interface::text-mode": "text mode",
    "hardware::input:joystick": "joystick",
    "network::client": "online",
    "network::server": "online",
}


class GamesThumbnails:
    """Games with a screenshot and a description."""

    name = "games-thumbnails"
    title = "Debian games"
    packages = ("games-thumbnails",)

    def described(self, folder: Path) -> Collection[str]:
        """The packages that have a screenshot."""
        return _pictures(folder)

    def read(self, folder: Path) -> Iterator[RawItem]:
        """Games by package name; what no list describes is left out."""
        pictures = _pictures(folder)
        described = describe(pictures, folder)
        taken: Counter[str] = Counter()
        for name, path in pictures.items():
            description = described.get(name)
            if description is None or "transitional" in description.short:
                yield _left_out(name)
                continue
            title = game_title(description)
            taken[title] += 1
            distinct = title if taken[title] == 1 else f"{title} ({name})"
            yield RawItem(
                key=_key(name),
                title=distinct,
                text=game_text(description),
                tags=game_tags(description),
                category="games",
                licence=_LICENCE,
                credit=f"The authors of {title}",
                image=path.read_bytes(),
            )


def _pictures(folder: Path) -> dict[str, Path]:
    """The screenshots by the package that they show."""
    return {path.stem: path for path in sorted(folder.glob("usr/share/games/thumbnails/*.png"))}


def _key(package: str) -> str:
    return slug(package.replace("+", "-plus"))


def game_title(description: Description) -> str:
    """The game's name as its description writes it, else the package's name in title case."""
    base = _base(description.name)
    text = " ".join(description.long.split())
    claims = [description.short.split(" - ")[0]] if " - " in description.short else []
    claims += [match[1] for match in [_NAMED.match(text)] if match]
    for claim in claims:
        if _names(claim.strip(), base):
            return claim.strip().strip("\"'")
    for word in re.findall(r"[\w.'+-]*[\w+]", f"{description.short} {text}"):
        if _letters(word) == _letters(base) and word != word.lower():
            return word
    return re.sub(r"(^|[ ])([a-z])", lambda match: match[1] + match[2].upper(), base.replace("-", " "))


def _base(package: str) -> str:
    """The package's name without what tells its builds apart."""
    shorter = _SUFFIXES.sub("", package)
    return package if shorter == package else _base(shorter)


def _names(claim: str, base: str) -> bool:
    """Whether ``claim`` is the name of the game that the package ``base`` is called after."""
    ours, theirs = _letters(base), _letters(claim)
    initials = "".join(word[0] for word in claim.lower().split())
    if not theirs or claim == claim.lower() or len(claim.split()) > 6:
        return False
    if SequenceMatcher(None, ours, theirs).ratio() >= _ALIKE or (len(ours) > 2 and initials == ours):
        return True
    stem = ours.rstrip("0123456789")
    return len(stem) > 3 and (theirs.startswith(stem) or theirs.endswith(stem))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def game_text(description: Description) -> str:
    """Short and long description in whole sentences, without what only packagers need."""
    short = _PACKAGING.sub("", description.short[:1].upper() + description.short[1:])
    short = short if short[-1:] in ".!?" else f"{short}."
    paragraphs = [_flowing(paragraph) for paragraph in re.split(r"\n\s*\n", description.long)]
    told = [paragraph for paragraph in paragraphs if paragraph and not _BOILERPLATE.search(paragraph)]
    return shorten(plain(" ".join([short, *told])), _MOST_WORDS)


def _flowing(paragraph: str) -> str:
    """A paragraph on one line; the points of a list are divided by semicolons."""
    lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
    text = " ".join(re.sub(r"^[*+o-] +", "; ", line) for line in lines)
    return re.sub(
        r"\s*([:;,.])?\s*; ",
        lambda match: f"{match[1] if match[1] in (':', '.') else ';'} " if match[1] else "; ",
        text,
    ).lstrip("; ")


def game_tags(description: Description) -> tuple[str, ...]:
    """Genre and a few traits from the debtags."""
    genres = [
        tag.removeprefix("game::").split(":")[-1]
        for tag in description.tags
        if tag.startswith("game::") and tag != "game::TODO"
    ]
    return unique([*genres, *(_TAG_WORDS[tag] for tag in description.tags if tag in _TAG_WORDS)])


def _left_out(name: str) -> RawItem:
    reason = "no package list describes it"
    return RawItem(_key(name), name, "", (), "games", _LICENCE, "", left_out=reason)


PLUGIN = Plugin("games-thumbnails", GamesThumbnails.title, GamesThumbnails)
