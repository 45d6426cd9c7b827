"""What texts in other languages lack on this machine, and which texts cannot be read at all."""

from __future__ import annotations

from collections.abc import Callable, Collection

import regex

from mmrec_core.assembly import text_key
from mmrec_core.encoders.gibberish import strange_words
from mmrec_core.encoders.language import ENGLISH, LANGUAGES, unread_script
from mmrec_core.encoders.unread import unread_language
from mmrec_core.settings import Settings
from mmrec_core.types import told
from mmrec_core.types.sentence import enumerated

NOT_READ = (
    "Other languages are not set up completely, so they find less. "
    "Run: python -m mmrec_core setup --only languages, then start the app again."
)
UNREAD = "{script} letters cannot be read, so this text finds nothing that it means. Languages that can: {languages}."
LOOKS_UNREAD = "This looks like {language}, which cannot be read, so it finds little of what it means. Languages that can: {languages}."
UNKNOWN = "No word of this text is known, so what it finds is a guess. Check the spelling, or say it in other words."
EXCLUDING = {
    ENGLISH: r"\b(?:not|no|without|except)\b",
    "es": r"\b(?:no|sin|excepto)\b",
    "fr": r"\b(?:pas|sans|sauf)\b",
    "de": r"\b(?:nicht|kein\p{L}*|ohne|außer)\b",
    "zh": r"没有|不要|除了",
}
"""By language, how people say what they do not want; one language's “no” is another's “in the”."""
MINUS = r"(?<!\S)-\p{L}+"
NOT_EXCLUDED = "Words cannot be excluded: “{word}” is read like any other. Dislike a result instead."


def text_note(
    settings: Settings,
    text: str,
    language: str | None,
    chosen: bool = False,
    mentioned: Callable[[Collection[str]], bool] = lambda _: False,
) -> str | None:
    """What to tell whoever asks with ``text`` in ``language``, which they may have ``chosen``; None where nothing is amiss.

    A look at the folders and at lists of words only. ``mentioned`` says whether the catalogue holds one of some words.
    """
    if language is None or settings.preset == "hub":
        return None
    readable = enumerated([told(name) for name in LANGUAGES.values()])
    if script := unread_script(text):
        return told(UNREAD, script=script, languages=readable)
    if not chosen and (name := unread_language(text)):
        return told(LOOKS_UNREAD, language=told(name), languages=readable)
    if not chosen and (words := strange_words(text)) and not mentioned(words):
        return told(UNKNOWN)
    if language != ENGLISH and not _is_set_up(settings):
        return told(NOT_READ)
    if excluded := excluded_words(text, language):
        return told(NOT_EXCLUDED, word=excluded)
    return None


def excluded_words(text: str, language: str) -> str | None:
    """The first word by which a text in ``language`` says what is not wanted; None where it says no such thing."""
    ways = [MINUS, *([EXCLUDING[language]] if language in EXCLUDING else [])]
    found = regex.search("|".join(ways), text, regex.IGNORECASE)
    return found[0].strip() if found else None


def _is_set_up(settings: Settings) -> bool:
    """Whether set-up has read the catalogue's texts and written the lexicon."""
    from mmrec_core.encoders.lexicon.build import missing_lists
    from mmrec_core.features.keep_texts import are_kept

    return are_kept(settings.known_texts, text_key(settings)) and missing_lists(settings) is not None
