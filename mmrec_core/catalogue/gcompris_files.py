"""All files of GCompris' resources, with the licence and the author of each."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from mmrec_core.catalogue.dep5 import Grant, holder, read_licences
from mmrec_core.catalogue.rcc import read_rcc

_PREFIX = "gcompris/src/activities/"
_DEFAULT = Grant("GPL-3.0-or-later", "The GCompris contributors")
_FIELD = re.compile(r"^(copyright|licen[cs]e|source|files):[ \t]*", re.IGNORECASE | re.MULTILINE)
_SOUND_ENDINGS = ("ogg", "mp3", "aac", "wav")
_LICENCES = {
    "gpl": "GPL-3.0-or-later",
    "gplv2+": "GPL-2.0-or-later",
    "gplv3": "GPL-3.0-or-later",
    "gplv3 or later": "GPL-3.0-or-later",
    "public domain": "Public domain",
    "apache license 2.0": "Apache-2.0",
}


class Files:
    """Files by their path below the activities, e.g. ``"instruments/resource/harp.ogg"``."""

    def __init__(self, folder: Path, package: str) -> None:
        self._bytes: dict[str, bytes] = {}
        for path in sorted(folder.rglob("*.rcc")):
            for name, data in read_rcc(path.read_bytes()).items():
                self._bytes[name.removeprefix(_PREFIX)] = data
        self._licences = read_licences(folder, package, _DEFAULT)
        self._notes = self._read_notes()

    def text(self, path: str) -> str:
        """A text file, or an empty text where there is none."""
        return self._bytes.get(path, b"").decode("utf-8", "replace")

    def matching(self, pattern: str) -> list[str]:
        """Paths that match the whole of a regular expression, in natural order."""
        found = [path for path in self._bytes if re.fullmatch(pattern, path)]
        return sorted(found, key=lambda path: [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", path)])

    def picture(self, path: str) -> bytes | None:
        """A picture's bytes, unpacked where it is a compressed drawing; None where there is none."""
        data = self._bytes.get(clean(path))
        return gzip.decompress(data) if data and data[:2] == b"\x1f\x8b" else data

    def sound(self, path: str) -> tuple[str, bytes] | None:
        """The file of a sound whose ending the program fills in (``$CA``), and its bytes."""
        for ending in _SOUND_ENDINGS:
            name = clean(path).replace("$CA", ending)
            if name in self._bytes:
                return name, self._bytes[name]
        return None

    def grant(self, path: str) -> Grant:
        """Licence and author: what the folder's own note says of the file, else the package's copyright file."""
        note = self._notes.get(clean(path))
        return note[0] if note else self._licences.of(f"src/activities/{clean(path)}")

    def origin(self, path: str) -> str:
        """The address that the folder's note names as the file's source, or an empty text."""
        note = self._notes.get(clean(path))
        return note[1] if note else ""

    def _read_notes(self) -> dict[str, tuple[Grant, str]]:
        notes: dict[str, tuple[Grant, str]] = {}
        for path in self._bytes:
            if path.endswith("/README"):
                folder = path.removesuffix("README")
                for names, grant, source in _paragraphs(self.text(path)):
                    notes |= {folder + name: (grant, source) for name in names}
        return notes


def clean(path: str) -> str:
    """``path`` below the activities, as the index has it."""
    return path.removeprefix("qrc:/").removeprefix(_PREFIX)


def _paragraphs(text: str) -> list[tuple[list[str], Grant, str]]:
    """File names, grant and source of every paragraph of a note that names files and a licence."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        pieces = _FIELD.split(paragraph)
        fields = {
            key.lower().replace("licence", "license"): value.strip()
            for key, value in zip(pieces[1::2], pieces[2::2], strict=True)
        }
        if fields.get("files") and fields.get("license"):
            credit = holder(fields.get("copyright", "").split("\n")[0]) or _DEFAULT.credit
            grant = Grant(_licence(fields["license"].split("\n")[0]), credit)
            found.append((fields["files"].split(), grant, fields.get("source", "").split("\n")[0]))
    return found


def _licence(value: str) -> str:
    known = _LICENCES.get(value.strip().lower())
    return known or re.sub(r"^(CC-[A-Z-]+) (\d)", r"\1-\2", value.strip())
