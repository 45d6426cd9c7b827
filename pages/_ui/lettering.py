"""How wide words are before a browser draws them: the advance widths of Helvetica, which Arial and Liberation Sans share."""

from __future__ import annotations

from unicodedata import east_asian_width

FAMILY = "Arial, Helvetica, Liberation Sans, sans-serif"
WIDE, OTHER = 1.0, 0.6
"""Ems of a character that Helvetica lacks: an ideograph, anything else."""


def width(text: str, size: float) -> float:
    """Pixels that ``text`` takes at ``size`` pixels an em."""
    from fpdf.fonts import CORE_FONTS_CHARWIDTHS

    known = CORE_FONTS_CHARWIDTHS["helvetica"]
    return size * sum(_ems(character, known) for character in text)


def _ems(character: str, known: dict[str, int]) -> float:
    coded = character.encode("cp1252", "ignore").decode("latin-1")
    if coded in known:
        return known[coded] / 1000
    return WIDE if east_asian_width(character) in "WF" else OTHER
