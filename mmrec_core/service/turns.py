"""Turns at the model: one computation at a time, first come, first served."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from mmrec_core.explain.ticks import listening


class Turns:
    """Who may compute now.

    A long explanation lets those who wait have a turn between two of its batches, so that a search of one session takes no
    longer than a batch of another's. Computations share nothing but the model, which none of them changes.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._queue: deque[object] = deque()
        """Tickets in the order of asking; the first is of whoever computes."""

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and have it inside the block. A thread must not ask for a second one there."""
        self._take()
        try:
            with listening(self._let_others_in):
                yield
        finally:
            self._give()

    def _let_others_in(self, _: int) -> None:
        if len(self._queue) > 1:
            self._give()
            self._take()

    def _take(self) -> None:
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
            self._changed.wait_for(lambda: self._queue[0] is ticket)

    def _give(self) -> None:
        with self._changed:
            self._queue.popleft()
            self._changed.notify_all()
