"""How many threads the networks use."""

from __future__ import annotations

import os

MOST_THREADS = 8
"""The networks are small: beyond this many threads, waiting for each other costs more than they bring."""


def limit_threads() -> None:
    """Half as many threads an operation as this process may use, within MOST_THREADS: media are encoded side by side.

    numpy's matrix products get one. They are small here, and where every core is busy its threads wait for each other for
    a hundred times as long as the product takes.
    """
    import torch
    from threadpoolctl import threadpool_limits

    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(max(1, min(usable // 2, MOST_THREADS)))
    threadpool_limits(1, user_api="blas")
