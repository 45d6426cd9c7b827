"""Which letters a report on paper can show: those of the font that matplotlib carries (Latin, Greek, Cyrillic, Arabic and more)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

LACKING = "□"
"""Stands for a letter that the font does not have."""


def font_file(bold: bool = False) -> Path:
    """The font of PDF reports and their drawings."""
    import matplotlib

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name


def printable(text: str) -> str:
    """The text with LACKING for every letter that the font does not have."""
    known = _letters()
    return "".join(letter if letter.isspace() or ord(letter) in known else LACKING for letter in text)


def can_print(text: str) -> bool:
    """True where no letter is lost."""
    return printable(text) == text


@cache
def _letters() -> frozenset[int]:
    """Code points that the font has in both its weights."""
    from fontTools.ttLib import TTFont

    return frozenset.intersection(*(frozenset(TTFont(font_file(bold)).getBestCmap()) for bold in (False, True)))
