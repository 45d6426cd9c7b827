"""A set-up run in a background thread. It never touches streamlit: the page polls what is written here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from mmrec_core.errors import MMRecError
from mmrec_core.types import Progress, Report

log = logging.getLogger(__name__)


class SetupStoppedError(MMRecError):
    """The person pressed Stop; what is finished stays, the rest resumes later."""


class SetupJob:
    """At most one run at a time; ``progress`` is by step, in the order the steps began."""

    def __init__(self) -> None:
        self.progress: dict[str, Progress] = {}
        self.problem: str | None = None
        self.finished = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """True while the thread works."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        """True between a press on Stop and the end of the thread."""
        return self.running and self._stop.is_set()

    @property
    def broke(self) -> bool:
        """True where the thread ended without finishing and without a message of its own."""
        return self._thread is not None and not self.running and not self.finished and self.problem is None

    def start(self, work: Callable[[Report], object]) -> None:
        """Run ``work(report)`` unless a run is under way."""
        if self.running:
            return
        self.progress, self.problem, self.finished = {}, None, False
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, args=(work,), name="mmrec-setup", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the run to end at its next report."""
        self._stop.set()

    def _report(self, progress: Progress) -> None:
        if self._stop.is_set():
            raise SetupStoppedError("Set-up was stopped. What is finished is kept; press the button to go on.")
        self.progress[progress.step] = progress

    def _run(self, work: Callable[[Report], object]) -> None:
        try:
            work(self._report)
        except MMRecError as error:
            log.warning("set-up ended early: %s", error)
            self.problem = str(error)
        else:
            self.finished = True
