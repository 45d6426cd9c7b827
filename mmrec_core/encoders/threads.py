"""How many threads the networks use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Part = TypeVar("Part")
Answer = TypeVar("Answer")

MOST_THREADS = 8
"""The networks are small: beyond this many threads, waiting for each other costs more than they bring."""


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def limit_threads() -> None:
    """Half as many threads an operation as this process may use, within MOST_THREADS: media are encoded side by side.

    numpy's matrix products get one. They are small here, and where every core is busy its threads wait for each other for
    a hundred times as long as the product takes.
    """
    import torch
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(max(1, min(usable_cores() // 2, MOST_THREADS)))
    threadpool_limits(1, user_api="blas")


@contextmanager
def limited_threads() -> Iterator[None]:
    """Within it threads are limited as ``limit_threads`` does it; for encoding in bulk, where no application did."""
    import torch
    from threadpoolctl import threadpool_limits

    before = torch.get_num_threads()
    with threadpool_limits():
        limit_threads()
        try:
            yield
        finally:
            torch.set_num_threads(before)


@contextmanager
def kept_threads() -> Iterator[None]:
    """Whatever happens within it, after it an operation has as many threads as before.

    Other libraries on OpenMP set the number for the whole thread that calls them.
    """
    import torch

    before = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def every_core() -> Iterator[None]:
    """Within it an operation uses every core, as torch does by itself; for comparisons."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(usable_cores())
    try:
        yield
    finally:
        torch.set_num_threads(before)


def side_by_side(work: Callable[[Part], Answer], parts: Sequence[Part]) -> list[Answer]:
    """``work`` of each part in order, on as many cores as operations of one thread leave free.

    For small networks this uses more of a processor than more threads an operation do.
    """
    import torch

    workers = min(len(parts), max(1, usable_cores() // torch.get_num_threads()))
    if workers < 2:
        return [work(part) for part in parts]
    # a new thread learns torch's limit by asking for it; before that oneDNN would take every core
    with ThreadPoolExecutor(workers, initializer=torch.get_num_threads) as pool:
        return list(pool.map(work, parts))
