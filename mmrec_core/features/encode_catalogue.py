"""Every medium of the catalogue -> tokens in the cache; decoding in threads while the encoder works."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from mmrec_core.encoders.base import Encoder
from mmrec_core.errors import MediaError
from mmrec_core.features.token_cache import TokenCache, stored
from mmrec_core.features.token_files import Entry
from mmrec_core.media.audio import decode_audio
from mmrec_core.media.image import decode_image
from mmrec_core.types import Item, Modality, Progress, Report, TokenMatrix

BATCHES: Mapping[Modality, int] = {Modality.TEXT: 128, Modality.IMAGE: 32, Modality.AUDIO: 8}
"""Media decoded and encoded together; also the order of the work, quickest first."""
_THREADS = 4

Transform = Callable[[Modality, TokenMatrix], TokenMatrix]
"""What is done to tokens before they are stored, e.g. a bundle's projection."""


class CatalogueMedia(Protocol):
    """What is asked of a catalogue here."""

    @property
    def items(self) -> Sequence[Item]:
        """All items, in order."""
        ...

    def image_path(self, item: Item) -> Path | None:
        """The item's picture."""
        ...

    def audio_path(self, item: Item) -> Path | None:
        """The item's sound."""
        ...


@dataclass(frozen=True)
class _Job:
    """One medium to encode; ``load`` gives it decoded."""

    item_id: str
    modality: Modality
    content: str
    load: Callable[[], Any]


def encode_catalogue(
    catalogue: CatalogueMedia,
    encoders: Mapping[Modality, Encoder],
    folder: Path,
    key: str,
    transform: Transform | None = None,
    report: Report = lambda _: None,
) -> TokenCache:
    """The token cache of a catalogue under ``key``; only what is not in it yet is encoded, so it resumes.

    A medium that cannot be decoded is left out, and its reason is reported as the note of a Progress.

    Args:
        catalogue: items and where their media lie.
        encoders: by modality; a modality without one is left out.
        folder: holds nothing but the token caches of one purpose; those of other keys are removed at the end.
        key: must change with the encoders' versions and with ``transform``.
        transform: of the tokens' values before they are stored; None keeps them raw.
        report: progress in media; may raise to cancel.
    """
    jobs = [job for modality in BATCHES if modality in encoders for job in _jobs(catalogue, modality)]
    wanted: dict[Modality, dict[str, str]] = {modality: {} for modality in encoders}
    for job in jobs:
        wanted[job.modality][job.item_id] = job.content
    have = stored(folder, key)
    todo = [job for job in jobs if (job.modality, job.item_id, job.content) not in have]
    entries = _entries(todo, encoders, transform, report)
    return TokenCache.build(folder, key, entries, report, len(todo), wanted)


def _jobs(catalogue: CatalogueMedia, modality: Modality) -> Iterator[_Job]:
    """What ``modality`` has to offer, in the order of the catalogue."""
    for item in catalogue.items:
        if modality == Modality.TEXT:
            yield _text_job(item)
            continue
        path = catalogue.image_path(item) if modality == Modality.IMAGE else catalogue.audio_path(item)
        if path is not None:
            yield _file_job(item, modality, path)


def _text_job(item: Item) -> _Job:
    return _Job(item.id, Modality.TEXT, hashlib.sha256(item.reading.encode()).hexdigest(), lambda: item.reading)


def _file_job(item: Item, modality: Modality, path: Path) -> _Job:
    decode: Callable[[bytes, str], Any] = decode_image if modality == Modality.IMAGE else decode_audio
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    return _Job(item.id, modality, content, lambda: decode(path.read_bytes(), path.name))


def _entries(
    jobs: Sequence[_Job], encoders: Mapping[Modality, Encoder], transform: Transform | None, report: Report
) -> Iterator[Entry]:
    """Entries of all jobs; while one batch is encoded, the next is decoded."""
    with ThreadPoolExecutor(_THREADS) as pool:
        for batch in _ahead(pool, list(_batches(jobs))):
            good = [(job, medium) for job, medium in batch if not isinstance(medium, MediaError)]
            for job, medium in batch:
                if isinstance(medium, MediaError):
                    report(Progress("Encoding the catalogue", 0, 0, note=f"{job.item_id}: {medium}"))
            if good:
                yield from _encoded(good, encoders[good[0][0].modality], transform)


def _encoded(good: Sequence[tuple[_Job, Any]], encoder: Encoder, transform: Transform | None) -> Iterator[Entry]:
    for (job, _), tokens in zip(good, encoder.encode([medium for _, medium in good]), strict=True):
        kept = replace(tokens, values=transform(job.modality, tokens.values)) if transform else tokens
        yield Entry(job.item_id, job.modality, job.content, kept)


def _batches(jobs: Sequence[_Job]) -> Iterator[Sequence[_Job]]:
    """Jobs of one modality, as many as belong together."""
    for modality, size in BATCHES.items():
        mine = [job for job in jobs if job.modality == modality]
        yield from (mine[start : start + size] for start in range(0, len(mine), size))


def _ahead(pool: ThreadPoolExecutor, batches: Sequence[Sequence[_Job]]) -> Iterator[list[tuple[_Job, Any]]]:
    """Decoded batches in order, one batch ahead of the reader."""
    pending: deque[list[tuple[_Job, Future[Any]]]] = deque()
    for batch in batches:
        pending.append([(job, pool.submit(_load, job)) for job in batch])
        if len(pending) > 1:
            yield [(job, future.result()) for job, future in pending.popleft()]
    for rest in pending:
        yield [(job, future.result()) for job, future in rest]


def _load(job: _Job) -> Any:
    """The decoded medium, or the error that says why not."""
    try:
        return job.load()
    except MediaError as error:
        return error
