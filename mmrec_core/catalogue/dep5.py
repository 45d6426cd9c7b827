"""Debian's machine-readable copyright files: which licence and whose work a file of a package is.

Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FIELD = re.compile(r"^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_ADDRESS = re.compile(r"\s*<[^>]*>|\s*\([^)]*(?:@|[.]com|[.]org|[.]net)[^)]*\)")
_SITE = re.compile(r"(?:taken from|from the|from)\s+([\w-]+\.(?:com|org|net))", re.IGNORECASE)
_LAST_YEARS = re.compile(r",[\d\s,–-]+$")
_YEARS = re.compile(r"^(?:copyright|©|\(c\)|by |[\d\s,–-])+", re.IGNORECASE)
_SPDX = {
    "GPL-2": "GPL-2.0-only",
    "GPL-2+": "GPL-2.0-or-later",
    "GPL-3": "GPL-3.0-only",
    "GPL-3+": "GPL-3.0-or-later",
    "LGPL-3+": "LGPL-3.0-or-later",
    "public-domain": "Public domain",
    "free-art": "Free Art License",
    "CC0": "CC0-1.0",
    "CC-0": "CC0-1.0",
}


@dataclass(frozen=True)
class Grant:
    """Under which licence a file may be used, and whom to credit."""

    licence: str
    credit: str


class Licences:
    """The ``Files:`` paragraphs of one copyright file; the last one that matches a path holds, as the format says."""

    def __init__(self, text: str, default: Grant) -> None:
        self._default = default
        self._rules: list[tuple[re.Pattern[str], Grant]] = []
        for paragraph in re.split(r"\n[ \t]*\n", text):
            fields = {name.lower(): value.strip() for name, value in _FIELD.findall(paragraph)}
            if "files" in fields and "license" in fields:
                holders = _holders(fields.get("copyright", "")) or default.credit
                if site := _SITE.search(paragraph) if holders == "Various" else None:
                    holders = f"Contributors of {site[1]}"
                grant = Grant(_licence(fields["license"]), holders)
                self._rules += [(_glob(pattern), grant) for pattern in _patterns(fields["files"])]

    def of(self, path: str) -> Grant:
        """The grant of ``path``, as the source package names it."""
        return next((grant for rule, grant in reversed(self._rules) if rule.fullmatch(path)), self._default)


def read_licences(folder: Path, package: str, default: Grant) -> Licences:
    """Licences of the unpacked ``package``; without its copyright file everything falls under ``default``."""
    path = folder / "usr/share/doc" / package / "copyright"
    return Licences(path.read_text("utf-8") if path.is_file() else "", default)


def together(*grants: Grant) -> Grant:
    """One grant for something made of several files: all licences hold, everybody is credited."""
    licences = dict.fromkeys(grant.licence for grant in grants)
    credits = dict.fromkeys(grant.credit for grant in grants)
    return Grant(" AND ".join(sorted(licences)), "; ".join(credits))


def holder(line: str) -> str:
    """A name out of one line of a copyright notice: without years, addresses and the like."""
    return _LAST_YEARS.sub("", _YEARS.sub("", _ADDRESS.sub("", line.strip()))).strip(" ,.")


def _patterns(value: str) -> list[str]:
    """Patterns stand apart by white space, but names with spaces do occur, so a line also counts as a whole."""
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    return [pattern for line in lines for pattern in dict.fromkeys([line, *line.split()])]


def _glob(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(escaped, re.DOTALL)


def _licence(value: str) -> str:
    first = value.splitlines()[0].strip()
    return _SPDX.get(first, first)


def _holders(value: str, most: int = 3) -> str:
    """Names without years and addresses; more than ``most`` end in "and others"."""
    names = [holder(line) for line in value.splitlines()]
    named = list(dict.fromkeys(name for name in names if name))
    return "; ".join(named[:most]) + (" and others" if len(named) > most else "")
