"""A small query that touches every encoder."""

from __future__ import annotations

import numpy as np

from mmrec_core.types import Audio, Query

RATE = 44_100
SECONDS = 5.0


def warm_query() -> Query:
    """A grey picture, two words, and five seconds of a rising tone."""
    time = np.arange(int(RATE * SECONDS)) / RATE
    tone = (0.3 * np.sin(2 * np.pi * (200 + 100 * time) * time)).astype(np.float32)
    return Query(np.full((256, 256, 3), 128, dtype=np.uint8), "warm up", Audio(tone, RATE))
