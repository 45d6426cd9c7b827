"""Refusals in one voice: what the file is, what is allowed, what to do. Names and causes are made fit to show."""

from __future__ import annotations

from mmrec_core.errors import LimitError, UnreadableError
from mmrec_core.media.limits import LIMITS
from mmrec_core.media.sniff import sniff
from mmrec_core.types import Sentence, told

IMAGES = told("PNG, JPEG, WebP, GIF, BMP and TIFF pictures")
SOUNDS = told("WAV, MP3, Ogg, Opus, FLAC, M4A, AAC, AIFF and WebM sounds")
_NAME_LENGTH = 60


def shown_name(name: str) -> str:
    """``name`` as it may stand in a message: printable characters only, at most 60 of them."""
    if isinstance(name, Sentence):
        return name
    printable = "".join(c for c in name if c.isprintable()).strip()
    if not printable:
        return told("The file")
    return printable if len(printable) <= _NAME_LENGTH else printable[: _NAME_LENGTH - 1] + "…"


def check_size(data: bytes, name: str) -> None:
    """Raise UnreadableError for no bytes and LimitError for too many; the first check on any upload."""
    if not data:
        raise UnreadableError(
            told("{file} is empty (0 bytes). Choose a file that holds something.", file=shown_name(name))
        )
    if len(data) > LIMITS.max_bytes:
        raise LimitError(
            shown_name(name),
            f"{len(data) / 1e6:,.1f} MB",
            f"{LIMITS.max_bytes / 1e6:,.0f} MB",
            told("Choose a smaller file, or save it again with more compression."),
        )


def wrong_kind(data: bytes, name: str, allowed: str) -> UnreadableError:
    """The refusal of a file that is something else, or nothing known."""
    found = sniff(data)
    is_what = told("is of no known type")
    if found:
        is_what = told("is {article} {kind}", article=_article(found), kind=told(found))
    return UnreadableError(
        told(
            "{file} {is_what}, which is not read here. Allowed are {allowed}.",
            file=shown_name(name),
            is_what=is_what,
            allowed=allowed,
        )
    )


def damaged(name: str, kind: str, cause: str, remedy: str) -> UnreadableError:
    """The refusal of a file of the right kind whose content cannot be decoded. ``cause`` is one short clause."""
    clause = cause
    if not isinstance(cause, Sentence):
        clause = " ".join("".join(c if c.isprintable() else " " for c in cause).split())[:120]
    return UnreadableError(
        told(
            "{file} is {article} {kind} that cannot be decoded: {clause}. {remedy}",
            file=shown_name(name),
            article=_article(kind),
            kind=told(kind),
            clause=clause,
            remedy=remedy,
        )
    )


def _article(noun: str) -> Sentence:
    """ "an" before a vowel sound: these abbreviations are spoken letter by letter."""
    vowel = noun.startswith(("SVG", "HTML", "XML", "MP", "M4", "RTF", "xz")) or noun[0] in "AEIOaeio"
    return told("an") if vowel else told("a")
