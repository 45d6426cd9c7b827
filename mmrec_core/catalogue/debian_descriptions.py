"""What Debian's package lists say about packages: short and long description, and debtags.

The lists that machines keep often lack the long texts (``Translation-en``); then that one file is fetched through apt, and each
text is held against the ``Description-md5`` of the signed list.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
import lzma
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mmrec_core.errors import SourceUnavailableError
from mmrec_core.files import write_atomically
from mmrec_core.types import told

BESIDE = "packages.json"
"""File in the unpacked folder, or beside it, that holds descriptions where there is no apt."""
_APT_HELPER = Path("/usr/lib/apt/apt-helper")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Description:
    """One package in words. ``long`` keeps its line breaks; ``tags`` are debtags such as ``game::arcade``."""

    name: str
    short: str
    long: str = ""
    tags: tuple[str, ...] = ()
    checksum: str = ""


def describe(names: Iterable[str], folder: Path) -> dict[str, Description]:
    """Descriptions by package name; a name that no list knows is absent.

    Raises:
        SourceUnavailableError: neither ``packages.json`` nor apt is there.
    """
    wanted = list(names)
    for place in (folder / BESIDE, folder.parent / BESIDE):
        if place.is_file():
            known = read_descriptions(place)
            return {name: known[name] for name in wanted if name in known}
    if shutil.which("apt-cache"):
        return _from_apt(wanted)
    raise SourceUnavailableError(
        told(
            "Nothing describes the packages: there is no apt-cache, and no {beside} in {folder}. Run set-up "
            "on a machine with apt.",
            beside=BESIDE,
            folder=folder,
        )
    )


def parse_descriptions(lists: Iterable[str], translations: Iterable[str] = ()) -> dict[str, Description]:
    """Descriptions from the lines of a package list and, for the long texts, of a ``Translation-en`` file.

    Format of both: stanzas of ``Field: value`` lines, divided by empty lines; continuation lines start with a blank.
    """
    found: dict[str, Description] = {}
    for fields in _stanzas(lists):
        description = _description(fields)
        if description.name and description.short:
            found.setdefault(description.name, description)
    for fields in _stanzas(translations):
        known = found.get(fields.get("Package", ""))
        if known and not known.long and known.checksum == fields.get("Description-md5"):
            text = fields.get("Description-en", "")
            if known.checksum == hashlib.md5(f"{text}\n".encode(), usedforsecurity=False).hexdigest():
                found[known.name] = replace(known, long=_paragraphs(text))
    return found


def write_descriptions(descriptions: Mapping[str, Description], path: Path) -> None:
    """Store descriptions so that ``describe`` finds them without apt."""
    write_atomically(path, json.dumps([asdict(d) for d in descriptions.values()], ensure_ascii=False).encode())


def read_descriptions(path: Path) -> dict[str, Description]:
    """What ``write_descriptions`` stored, by package name."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {row["name"]: Description(**{**row, "tags": tuple(row["tags"])}) for row in rows}


def _stanzas(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    fields: dict[str, str] = {}
    last = ""
    for line in itertools.chain(lines, [""]):
        line = line.rstrip("\n")
        if not line.strip():
            if fields:
                yield fields
            fields, last = {}, ""
        elif line[0].isspace():
            fields[last] = f"{fields.get(last, '')}\n{line}"
        else:
            last, _, value = line.partition(":")
            fields[last] = value.strip()


def _description(fields: Mapping[str, str]) -> Description:
    text = fields.get("Description-en") or fields.get("Description", "")
    tags = tuple(tag.strip() for tag in fields.get("Tag", "").replace("\n", " ").split(",") if tag.strip())
    short = text.split("\n")[0].strip()
    return Description(fields.get("Package", ""), short, _paragraphs(text), tags, fields.get("Description-md5", ""))


def _paragraphs(text: str) -> str:
    """The lines after the first, without their blank in front; a lone dot is an empty line."""
    lines = [line[1:] for line in text.split("\n")[1:]]
    return "\n".join("" if line.strip() == "." else line for line in lines)


def _from_apt(names: Sequence[str]) -> dict[str, Description]:
    command = ["apt-cache", "show", "--no-all-versions", *names]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603 - fixed program, no shell
    known = parse_descriptions(shown.splitlines())
    if known and not any(description.long for description in known.values()):
        with tempfile.TemporaryDirectory() as folder:
            return parse_descriptions(shown.splitlines(), _fetch_translation(Path(folder) / "Translation-en.xz"))
    return known


def _fetch_translation(target: Path) -> list[str]:
    """Lines of the English long texts of the first suite that apt has; none, with a warning, where they cannot be had."""
    command = ["apt-get", "indextargets", "--format", "$(URI)", "Created-By: Packages"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()  # noqa: S603 - fixed program, no shell
    address = next((re.sub(r"/binary-[^/]+/Packages$", "/i18n/Translation-en.xz", uri) for uri in listed), "")
    if address and _APT_HELPER.exists():
        fetch = [str(_APT_HELPER), "download-file", address, str(target)]
        subprocess.run(fetch, capture_output=True, check=False)  # noqa: S603 - fixed program, no shell
    if not target.exists():
        _LOG.warning("No long descriptions of packages could be fetched; games keep their one-line descriptions.")
        return []
    with lzma.open(target, "rt", encoding="utf-8") as stream:
        return stream.readlines()
