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


def choose_precision(home: Path, device: torch.device, encoder: str, pooled: PooledAt) -> Precision:
    """bf16 where it is both faster and accurate on ``device``, else fp32.

    Processors without native bf16 run it up to 15 times slower than fp32, which no capability flag of torch tells reliably;
    so it is timed. The answer is kept in ``home/device.json`` under encoder, device and torch version.
    """
    import torch

    path = home / "device.json"
    key = f"{encoder} | {device_name(device)} | torch {torch.__version__}"
    known = _read(path)
    if known.get(key) in ("float32", "bfloat16"):
        return known[key]
    answer = faster_and_accurate(pooled)
    write_atomically(path, json.dumps(_read(path) | {key: answer}, indent=1, sort_keys=True).encode())
    return answer


def faster_and_accurate(pooled: PooledAt) -> Precision:
    """Time both precisions (best of three after a warm-up) and compare the embeddings."""
    exact, exact_seconds = _best(pooled, "float32", limit=float("inf"))
    rough, rough_seconds = _best(pooled, "bfloat16", limit=exact_seconds)
    cosine = float(np.min(np.sum(exact * rough, axis=1)))
    return "bfloat16" if rough_seconds < exact_seconds and cosine > LEAST_COSINE else "float32"


def _best(pooled: PooledAt, precision: Precision, limit: float) -> tuple[Embeddings, float]:
    """Embeddings and the best time; stops early where the warm-up already took ten times ``limit``."""
    seconds = []
    for _ in range(_REPEATS + 1):
        start = time.perf_counter()
        embeddings = pooled(precision)
        seconds.append(time.perf_counter() - start)
        if seconds[0] > 10 * limit:
            break
    return embeddings, min(seconds)


def _read(path: Path) -> dict[str, Precision]:
    """What is remembered; a file that cannot be read is as good as none, since it is only a memory of timings."""
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}
