"""The step for texts in other languages: a lexicon, and the catalogue's texts read as such queries are."""

from __future__ import annotations

import json
from pathlib import Path

from mmrec_core.assembly import bundle_description, text_key
from mmrec_core.bootstrap.encoding import catalogue_done
from mmrec_core.files import write_atomically
from mmrec_core.settings import Settings
from mmrec_core.types import Modality, Report, told


def languages_done(settings: Settings) -> str | None:
    """Whether there is a lexicon, and this catalogue's texts are read for queries in other languages."""
    from mmrec_core.encoders.lexicon.build import missing_lists

    if settings.preset == "hub":
        return told("read by the preset's own text encoder")
    missing = missing_lists(settings)
    if missing is None or not texts_read(settings):
        return None
    if missing:
        return told("titles and texts read; without {sources}", sources="; ".join(missing))
    return told("titles and texts read")


def texts_read(settings: Settings) -> bool:
    """Whether this catalogue's titles and texts are read for queries in other languages."""
    marker = _text_marker(settings)
    if not marker.exists() or catalogue_done(settings) is None:
        return False
    return bool(json.loads(marker.read_text()) == _text_state(settings))


def read_languages(settings: Settings, report: Report) -> None:
    """Build the lexicon, and read the catalogue's titles and texts as queries in other languages are read.

    What is done is kept; a lexicon that lacks word lists is built again.
    """
    from mmrec_core.catalogue.store import Catalogue
    from mmrec_core.encoders.base import ENCODERS
    from mmrec_core.encoders.lexicon.build import build_lexicon, needs_building
    from mmrec_core.encoders.threads import limited_threads
    from mmrec_core.encoders.use import SentenceEncoder
    from mmrec_core.features.keep_texts import keep_texts, known_sentences

    if settings.preset == "hub":
        return
    if needs_building(settings):
        build_lexicon(settings, report)
    texts = known_sentences(Catalogue.open(settings.catalogue).items)
    words = ENCODERS.build(bundle_description(settings)["encoders"][Modality.TEXT]["name"], settings)
    with limited_threads():
        keep_texts(texts, SentenceEncoder(settings), words, settings.known_texts, text_key(settings), report)
    write_atomically(_text_marker(settings), json.dumps(_text_state(settings)).encode())


def _text_marker(settings: Settings) -> Path:
    return settings.known_texts / "made_of.json"


def _text_state(settings: Settings) -> dict[str, str]:
    """What the kept texts are made of: two encoders, and the catalogue."""
    from mmrec_core.catalogue.store import Catalogue

    return {"texts": text_key(settings), "catalogue": Catalogue.open(settings.catalogue).fingerprint}
