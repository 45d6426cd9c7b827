"""Whether an encoder runs in bf16: decided by measuring, once a machine and encoder, and remembered."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmrec_core.encoders.device import Precision, device_name
from mmrec_core.files import write_atomically
from mmrec_core.types import Embeddings

if TYPE_CHECKING:
    import torch

LEAST_COSINE = 0.999
"""The pooled embedding in bf16 must stay this close to the one in fp32, on every probe."""
_REPEATS = 3

PooledAt = Callable[[Precision], Embeddings]
"""Runs a fixed probe batch at a precision and returns its pooled, unit-length embeddings."""
Clock = Callable[[], float]


def choose_precision(home: Path, device: torch.device, encoder: str, pooled: PooledAt) -> Precision:
    """bf16 where it is both faster and accurate on ``device``, else fp32.

    Processors that only emulate bf16 run it up to 15 times slower than fp32. Where oneDNN has no bf16 kernels at all that is
    certain; elsewhere it is timed, on a processor in processor time, which other programs do not disturb. The answer is kept in ``home/device.json`` under encoder, device and torch version.
    """
    import torch

    if device.type == "cpu" and not processor_has_bf16():
        return "float32"
    path = home / "device.json"
    key = f"{encoder} | {device_name(device)} | torch {torch.__version__}"
    known = _read(path)
    if known.get(key) in ("float32", "bfloat16"):
        return known[key]
    clock = time.process_time if device.type == "cpu" else time.perf_counter
    answer = faster_and_accurate(pooled, clock)
    write_atomically(path, json.dumps(_read(path) | {key: answer}, indent=1, sort_keys=True).encode())
    return answer


def processor_has_bf16() -> bool:
    """Whether oneDNN has bf16 kernels for this processor; it refuses to prepare weights for bf16 where it has none."""
    import torch

    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def faster_and_accurate(pooled: PooledAt, clock: Clock = time.perf_counter) -> Precision:
    """Time both precisions (best of three after a warm-up) and compare the embeddings."""
    exact, exact_seconds = _best(pooled, "float32", clock, limit=float("inf"))
    rough, rough_seconds = _best(pooled, "bfloat16", clock, limit=exact_seconds)
    cosine = float(np.min(np.sum(exact * rough, axis=1)))
    return "bfloat16" if rough_seconds < exact_seconds and cosine > LEAST_COSINE else "float32"


def _best(pooled: PooledAt, precision: Precision, clock: Clock, limit: float) -> tuple[Embeddings, float]:
    """Embeddings and the best time; stops early where the warm-up already took three times ``limit``."""
    seconds = []
    for _ in range(_REPEATS + 1):
        start = clock()
        embeddings = pooled(precision)
        seconds.append(clock() - start)
        if seconds[0] > 3 * limit:
            break
    return embeddings, min(seconds)


def _read(path: Path) -> dict[str, Precision]:
    """What is remembered; a file that cannot be read is as good as none, since it is only a memory of timings."""
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}
