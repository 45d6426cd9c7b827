"""Any text a person brings -> clean text: what is read is what is seen."""

from __future__ import annotations

import unicodedata

from mmrec_core.errors import LimitError
from mmrec_core.media.limits import LIMITS
from mmrec_core.types import told

_JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiner: format characters that spell words (Persian, Hindi) and emoji, so they stay."""


def clean_text(text: str) -> str:
    """NFC text in one line, without anything invisible.

    Surrogate pairs are joined and lone surrogates dropped; control and format characters are dropped (bidi
    overrides, NULs, soft hyphens, zero-width spaces; not the joiners); runs of white space become one space;
    combining marks beyond ``LIMITS.max_marks`` on one letter are dropped.

    Returns: the clean text, ``""`` where nothing is left.
    Raises: LimitError above ``LIMITS.max_characters`` after cleaning (``max_raw_characters`` before).
    """
    _check(len(text), LIMITS.max_raw_characters)
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    # Marks are capped before normalising: putting a run of n marks in canonical order takes n^2 steps.
    visible = _cap_marks("".join(c for c in whole if _is_kept(c)))
    clean = " ".join(word for word in unicodedata.normalize("NFC", visible).split() if word.strip(_JOINERS))
    _check(len(clean), LIMITS.max_characters)
    return clean


def _is_kept(character: str) -> bool:
    if character.isspace() or character in _JOINERS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs")


def _cap_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if run <= LIMITS.max_marks:
            kept.append(character)
    return "".join(kept)


def _check(length: int, limit: int) -> None:
    if length > limit:
        measured, most = (told("{n:,} characters", n=n) for n in (length, limit))
        raise LimitError(told("The text"), measured, most, told("Keep the part that matters."))
