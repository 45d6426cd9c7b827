"""One source, from raw items to checked ones: texts cleaned, media decoded and stored, each refusal counted by reason."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from mmrec_core.catalogue.base import RawItem
from mmrec_core.catalogue.pictures import prepare_picture
from mmrec_core.catalogue.prose import plain, unique
from mmrec_core.catalogue.sounds import prepare_sound
from mmrec_core.catalogue.taxonomy import CATEGORIES
from mmrec_core.errors import MediaError
from mmrec_core.files import write_atomically
from mmrec_core.types import Item, Progress, Report, told

LONGEST_TITLE = 120
IN_FLIGHT = 32
_FILE_NAME = re.compile(
    r"_|\.(svg|png|jpe?g|gif|ogg|wav|flac|txt|cfg)\b|^[a-z]+[-.]?\d{2,}$|[0-9a-f]{12}", re.IGNORECASE
)


@dataclass(frozen=True)
class Prepared:
    """A checked item, whose media lie under the folder it was prepared in.

    ``shape_hash`` and ``colours`` are the picture's fingerprints, None and empty without a picture.
    """

    item: Item
    shape_hash: int | None = None
    colours: bytes = b""


@dataclass(frozen=True)
class Outcome:
    """One raw item after its check: either ``prepared`` or the reason it is ``left_out``; and what it does without."""

    prepared: Prepared | None = None
    left_out: str = ""
    media_left_off: tuple[str, ...] = ()


@dataclass(frozen=True)
class PreparedSource:
    """All of one source. Counts are by reason."""

    rows: tuple[Prepared, ...]
    left_out: Counter[str]
    media_left_off: Counter[str]


def prepare_source(name: str, title: str, raws: list[RawItem], folder: Path, report: Report) -> PreparedSource:
    """Check every raw item of source ``name`` and store its media below ``folder``; the order is kept.

    ``raws`` is emptied while it is worked off, so that its media need not be held to the end.
    """
    rows: list[Prepared] = []
    left_out: Counter[str] = Counter()
    media_left_off: Counter[str] = Counter()
    total = len(raws)
    for done, outcome in enumerate(_outcomes(name, raws, folder), start=1):
        report(Progress(told("Read {title}", title=title), done, total, "items"))
        if outcome.prepared:
            rows.append(outcome.prepared)
            media_left_off.update(outcome.media_left_off)
        else:
            left_out[outcome.left_out] += 1
    return PreparedSource(tuple(rows), left_out, media_left_off)


def _outcomes(name: str, raws: list[RawItem], folder: Path) -> Iterator[Outcome]:
    """Outcomes in order, worked out by threads (decoding and encoding let go of the interpreter), a few ahead."""
    raws.reverse()
    waiting: deque[Future[Outcome]] = deque()
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        try:
            while raws or waiting:
                while raws and len(waiting) < IN_FLIGHT:
                    waiting.append(pool.submit(check_item, name, raws.pop(), folder))
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def check_item(source: str, raw: RawItem, folder: Path) -> Outcome:
    """Check one raw item of ``source`` and store its media below ``folder``."""
    title, text = plain(raw.title), plain(raw.text)
    if reason := raw.left_out or why_unfit(title, raw):
        return Outcome(left_out=reason)
    off = []
    picture = sound = None
    try:
        picture = prepare_picture(raw.image) if raw.image else None
    except MediaError as error:
        off.append(str(error))
    try:
        sound = prepare_sound(raw.audio) if raw.audio else None
    except MediaError as error:
        off.append(str(error))
    if picture is None and sound is None:
        return Outcome(left_out=off[0] if off else "neither picture nor sound")
    item = Item(
        id=f"{source}/{raw.key}",
        title=title,
        text=text or title,
        tags=unique(plain(tag) for tag in raw.tags),
        category=raw.category,
        source=source,
        licence=plain(raw.licence),
        credit=plain(raw.credit),
        image=_store(folder, "images", picture.data, picture.suffix) if picture else None,
        audio=_store(folder, "sounds", sound.data, sound.suffix) if sound else None,
    )
    prints = (picture.shape_hash, picture.colours) if picture else (None, b"")
    return Outcome(Prepared(item, *prints), media_left_off=tuple(off))


def why_unfit(title: str, raw: RawItem) -> str:
    """Why an item cannot be shown, going by its words; empty where it can."""
    if not any(letter.isalpha() for letter in title):
        return "no title"
    if len(title) > LONGEST_TITLE:
        return "title too long"
    if _FILE_NAME.search(title):
        return "title is a file name"
    if raw.category not in CATEGORIES:
        return f"unknown category {raw.category!r}"
    if not raw.licence.strip() or not raw.credit.strip():
        return "no licence or credit"
    return ""


def _store(folder: Path, kind: str, data: bytes, suffix: str) -> str:
    """Write ``data`` under its own hash; returns the path below ``folder``."""
    digest = hashlib.sha256(data).hexdigest()
    path = f"{kind}/{digest[:2]}/{digest[:32]}.{suffix}"
    target = folder / path
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return path


def save_prepared(source: PreparedSource, folder: Path) -> None:
    """Write ``rows.jsonl``, last, as the sign that the folder is finished."""
    head = json.dumps({"left_out": source.left_out, "media_left_off": source.media_left_off})
    rows = [
        json.dumps({"item": asdict(r.item), "shape_hash": r.shape_hash, "colours": r.colours.hex()}, ensure_ascii=False)
        for r in source.rows
    ]
    write_atomically(folder / "rows.jsonl", ("\n".join([head, *rows]) + "\n").encode())


def load_prepared(folder: Path) -> PreparedSource:
    """Read what ``save_prepared`` wrote."""
    with (folder / "rows.jsonl").open(encoding="utf-8") as lines:
        head = json.loads(next(lines))
        rows = tuple(_row(json.loads(line)) for line in lines)
    return PreparedSource(rows, Counter(head["left_out"]), Counter(head["media_left_off"]))


def _row(values: dict) -> Prepared:
    item = Item(**{**values["item"], "tags": tuple(values["item"]["tags"])})
    return Prepared(item, values["shape_hash"], bytes.fromhex(values["colours"]))
