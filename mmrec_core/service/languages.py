"""What queries in other languages lack on this machine."""

from __future__ import annotations

from mmrec_core.assembly import text_key
from mmrec_core.encoders.language import ENGLISH
from mmrec_core.settings import Settings
from mmrec_core.types import told

NOT_READ = (
    "Other languages are not set up completely, so they find less. "
    "Run: python -m mmrec_core setup --only languages, then start the app again."
)


def language_note(settings: Settings, language: str | None) -> str | None:
    """What to tell whoever asks in ``language``; None where nothing is missing. A look at the folders only."""
    from mmrec_core.encoders.lexicon.build import missing_lists
    from mmrec_core.features.keep_texts import are_kept

    if language in (None, ENGLISH) or settings.preset == "hub":
        return None
    ready = are_kept(settings.known_texts, text_key(settings)) and missing_lists(settings) is not None
    return None if ready else told(NOT_READ)
