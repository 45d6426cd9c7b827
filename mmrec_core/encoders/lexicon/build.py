"""Build the lexicon: fetch what the word lists lie in, and write every entry; what is earlier in the row counts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from mmrec_core.catalogue.packages import fetch_package
from mmrec_core.encoders.lexicon import cldr, edict, gcompris
from mmrec_core.encoders.lexicon.base import WordList
from mmrec_core.encoders.lexicon.store import Entry, write_lexicon
from mmrec_core.errors import SourceUnavailableError
from mmrec_core.files import write_atomically
from mmrec_core.settings import Settings
from mmrec_core.types import Progress, Report, told

VERSION = 1
"""Goes up whenever the same packages would give other entries."""
NAMES, KEYWORDS = cldr.WORD_LISTS
WORD_LISTS: tuple[WordList, ...] = (gcompris.WORD_LIST, NAMES, edict.WORD_LIST, KEYWORDS)


def missing_lists(settings: Settings) -> dict[str, str] | None:
    """Titles of word lists that could not be had, with the reasons; None where there is no lexicon of this version."""
    marker = settings.lexicon.with_name("made_of.json")
    if not marker.exists() or not settings.lexicon.exists():
        return None
    made_of = json.loads(marker.read_text())
    return dict(made_of["missing"]) if made_of["version"] == VERSION else None


def build_lexicon(settings: Settings, report: Report) -> dict[str, str]:
    """Write the lexicon; returns titles of word lists that could not be had, with the reasons.

    Packages are unpacked beside it and removed again, since one of them is ten times as large as what is taken from it.
    """
    path, missing = settings.lexicon, dict[str, str]()
    unpacked = path.parent / "packages"

    def entries() -> Iterator[Entry]:
        for number, words in enumerate(WORD_LISTS):
            report(Progress("Building the lexicon", number, len(WORD_LISTS), "word lists", words.title))
            try:
                yield from words.read(_folder_of(words, unpacked, settings, report))
            except SourceUnavailableError as error:
                missing[words.title] = error.message
                report(Progress(told("Going on without {name}", name=words.title), 1, 1, note=error.message))

    write_lexicon(path, entries())
    shutil.rmtree(unpacked, ignore_errors=True)
    write_atomically(path.with_name("made_of.json"), json.dumps({"version": VERSION, "missing": missing}).encode())
    return missing


def _folder_of(words: WordList, unpacked: Path, settings: Settings, report: Report) -> Path:
    """Where its package is unpacked: the catalogue's folder where it is a source of the catalogue, too."""
    ours = settings.media / words.name
    folder = ours if ours.exists() else unpacked / words.packages[0]
    fetch_package(words.packages, folder, settings, report)
    return folder
