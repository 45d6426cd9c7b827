"""Latency of warm queries: bytes of a picture, a text and five seconds of sound in, ten explained results out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple, Protocol

import numpy as np

from mmrec_core.errors import NotSetUpError
from mmrec_core.types import Audio, DeviceInfo, Item, Progress, Query, Recommendations, Report

QUERIES = 50
WARM_UP = 5
SECONDS = 5.0
RESULTS = 10
MIB = 2**20


class Answers(Protocol):
    """What is asked of the service here (it stands to the right of this file)."""

    def find_items(self, text: str, limit: int = 20) -> list[Item]: ...
    def image_bytes(self, item: Item) -> bytes | None: ...
    def audio_bytes(self, item: Item) -> bytes | None: ...
    def read_query(self, *, image: bytes | None, text: str | None, audio: bytes | None) -> Query: ...
    def recommend(self, query: Query, k: int = 10) -> Recommendations: ...
    def device_info(self) -> DeviceInfo: ...


class Upload(NamedTuple):
    """The files and the words of one query."""

    image: bytes
    text: str
    audio: bytes


def bench_query(service: Answers, report: Report, queries: int = QUERIES) -> dict[str, Any]:
    """Answer ``queries`` different queries made of catalogue media, after a warm-up.

    Returns:
        ``{total_ms: {p50, p95}, stages_ms: {stage: {p50, p95}}, queries, results, memory_mib, device}``; decoding of the
        uploads is a stage of its own.
    """
    uploads = make_uploads(service, queries + WARM_UP)
    answer_timed(service, uploads[0])
    totals: list[float] = []
    stages: list[dict[str, float]] = []
    for number, upload in enumerate(uploads):
        report(Progress("Answering queries", number, len(uploads), "queries"))
        total, timings = answer_timed(service, upload)
        if number >= WARM_UP:
            totals.append(total)
            stages.append(timings)
    return {
        "total_ms": quantiles(totals),
        "stages_ms": {stage: quantiles([t[stage] for t in stages]) for stage in stages[0]},
        "queries": len(totals),
        "results": RESULTS,
        "memory_mib": resident_mib(),
        "device": service.device_info().name,
    }


def answer_timed(service: Answers, upload: Upload) -> tuple[float, dict[str, float]]:
    """Milliseconds of one query from bytes to explained results, in all and by stage."""
    start = perf_counter()
    query = service.read_query(image=upload.image, text=upload.text, audio=upload.audio)
    decoded = perf_counter()
    answer = service.recommend(query, RESULTS)
    end = perf_counter()
    return (end - start) * 1000, {"decode": (decoded - start) * 1000, **answer.timings_ms}


def make_uploads(service: Answers, count: int) -> list[Upload]:
    """Queries that mix the picture of one item, the words of another and five seconds of the sound of a third.

    Raises:
        NotSetUpError: where the catalogue has no pictures or no sounds.
    """
    items = service.find_items("", 10**9)
    pictures, sounds = [i for i in items if i.image], [i for i in items if i.audio]
    if not pictures or not sounds:
        raise NotSetUpError("The catalogue has no pictures or no sounds to ask with. Run: python -m mmrec_core setup")
    rng = np.random.default_rng(0)
    chosen = [rng.integers(0, len(group), count) for group in (pictures, items, sounds)]
    uploads = []
    for picture, words, sound in zip(*chosen, strict=True):
        image, audio = service.image_bytes(pictures[picture]), service.audio_bytes(sounds[sound])
        heard = service.read_query(image=None, text=None, audio=audio).audio
        if image is None or heard is None:
            raise NotSetUpError("Media of the catalogue are missing. Run: python -m mmrec_core setup")
        uploads.append(Upload(image, items[words].title, wav_of(heard, SECONDS)))
    return uploads


def wav_of(audio: Audio, seconds: float) -> bytes:
    """Exactly ``seconds`` of the sound, from its beginning and over again, as a 16-bit WAV file."""
    import soundfile

    wanted = round(seconds * audio.rate)
    buffer = io.BytesIO()
    soundfile.write(buffer, np.resize(audio.samples, wanted), audio.rate, format="WAV")
    return buffer.getvalue()


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50": float(np.percentile(values, 50)), "p95": float(np.percentile(values, 95))}


def resident_mib() -> float:
    """Resident memory of this process in MiB; its peak where the system does not tell the present."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
