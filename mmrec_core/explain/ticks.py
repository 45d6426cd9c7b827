"""How long work is heard of, and stopped: every scorer says how many evaluations it is about to make.

A listener belongs to the thread that set it (``contextvars``), so that samplers, libraries and the facade in between need
not hand it on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int], None]
"""Receives the number of evaluations of the next batch. It may raise StoppedError to end the work between two batches."""
_LISTENER: ContextVar[Listener | None] = ContextVar("mmrec_ticks", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Let ``listener`` hear every batch that this thread scores inside the block, after whoever listens already."""
    outer = _LISTENER.get()

    def both(evaluations: int) -> None:
        if outer is not None:
            outer(evaluations)
        listener(evaluations)

    token = _LISTENER.set(both)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def tick(evaluations: int) -> None:
    """Say that a batch of so many evaluations begins; without a listener, nothing happens."""
    listener = _LISTENER.get()
    if listener is not None:
        listener(evaluations)
