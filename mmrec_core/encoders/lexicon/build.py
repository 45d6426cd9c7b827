"""Build the lexicon: fetch what the word lists lie in, and write every entry; what is earlier in the row counts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree.ElementTree import ParseError

from mmrec_core.catalogue.packages import fetch_package, why_unread
from mmrec_core.encoders.lexicon import cldr, edict, gcompris, hanja
from mmrec_core.encoders.lexicon.base import WordList
from mmrec_core.encoders.lexicon.store import Entry, is_whole, write_lexicon
from mmrec_core.errors import MMRecError
from mmrec_core.files import write_atomically
from mmrec_core.settings import Settings
from mmrec_core.types import Progress, Report, Watched, told

VERSION = 6
"""Goes up whenever the same packages would give other entries."""
NAMES, KEYWORDS = cldr.WORD_LISTS
WORD_LISTS: tuple[WordList, ...] = (gcompris.WORD_LIST, NAMES, edict.WORD_LIST, KEYWORDS, hanja.WORD_LIST)


def needs_building(settings: Settings) -> bool:
    """Whether the lexicon is missing, damaged, of another version, or lacks a word list."""
    return missing_lists(settings) != {} or not is_whole(settings.lexicon)


def missing_lists(settings: Settings) -> dict[str, str] | None:
    """Titles of word lists that could not be had, with the reasons; None where there is no lexicon of this version."""
    if not (_marker(settings).exists() and settings.lexicon.exists()):
        return None
    made_of = json.loads(_marker(settings).read_text())
    return dict(made_of["missing"]) if made_of["version"] == VERSION else None


def build_lexicon(settings: Settings, report: Report) -> dict[str, str]:
    """Write the lexicon; returns titles of word lists that the lexicon then lacks, with the reasons.

    Where one cannot be had that the present lexicon holds, the present one stays as it is. Packages are unpacked beside it and removed
    again, since one of them is ten times as large as what is taken from it.
    """
    present, missing, entries = _present(settings), dict[str, str](), list[Entry]()
    unpacked = settings.lexicon.parent / "packages"
    watched = Watched(report)
    for number, words in enumerate(WORD_LISTS):
        watched(Progress("Building the lexicon", number, len(WORD_LISTS), "word lists", words.title))
        try:
            entries += list(words.read(_folder_of(words, unpacked, settings, watched)))
        except (MMRecError, OSError, ValueError, LookupError, ParseError) as error:
            if watched.stopped:
                raise
            missing[words.title] = why_unread(error)
            report(Progress(told("Going on without {name}", name=words.title), 1, 1, note=missing[words.title]))
    shutil.rmtree(unpacked, ignore_errors=True)
    if present is not None and not set(missing) <= set(present):
        return present
    write_lexicon(settings.lexicon, entries)
    made_of = {"version": VERSION, "missing": missing}
    write_atomically(_marker(settings), json.dumps(made_of).encode())
    return missing


def _present(settings: Settings) -> dict[str, str] | None:
    """What the present lexicon lacks, whatever version it has; None where there is none that can be read."""
    if not (_marker(settings).exists() and settings.lexicon.exists() and is_whole(settings.lexicon)):
        return None
    return dict(json.loads(_marker(settings).read_text())["missing"])


def _marker(settings: Settings) -> Path:
    return settings.lexicon.with_name("made_of.json")


def _folder_of(words: WordList, unpacked: Path, settings: Settings, report: Report) -> Path:
    """Where its package is unpacked: the catalogue's folder where it is a source of the catalogue, too; of several what holds all."""
    ours = settings.media / words.name
    folders = [ours if ours.exists() else unpacked / names[0] for names in words.packages]
    for names, folder in zip(words.packages, folders, strict=True):
        fetch_package(names, folder, settings, report)
    return folders[0] if len(folders) == 1 else unpacked
