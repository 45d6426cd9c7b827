"""A stopwatch that knows stages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Milliseconds by stage, in the order in which the stages began. A stage entered again adds up."""

    def __init__(self) -> None:
        self.timings_ms: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what runs inside."""
        self.timings_ms.setdefault(name, 0.0)
        start = perf_counter()
        try:
            yield
        finally:
            self.timings_ms[name] += (perf_counter() - start) * 1000
