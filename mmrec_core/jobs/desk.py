"""Where jobs are started, watched, stopped and taken up again; one heavy job at a time, and old ones are cleared away."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mmrec_core.errors import MMRecError, UnknownNameError
from mmrec_core.files import write_atomically
from mmrec_core.jobs.journal import FOLDER, Journal
from mmrec_core.jobs.lock import JobLock, turn
from mmrec_core.jobs.reading import DESCRIPTION, LOG, STOP, read_job
from mmrec_core.settings import REPOSITORY
from mmrec_core.types import Job, told
from mmrec_core.types.sentence import packed

KEPT = 12
"""Jobs that are remembered; older ones are cleared away when a new one starts."""
PID = "pid"
"""Whom to stop: written once the process runs, so only whoever has the turn may read it."""


class JobBusyError(MMRecError):
    """Another heavy job runs on this machine."""


@dataclass(frozen=True)
class JobDesk:
    """All jobs of a home.

    Args:
        folder: one sub-folder a job.
        program: what the arguments of a job are handed to.
    """

    folder: Path
    program: tuple[str, ...] = (sys.executable, "-m", "mmrec_core")

    def start(self, kind: str, title: str, arguments: Sequence[str], about: Mapping[str, str] | None = None) -> Job:
        """Run ``python -m mmrec_core`` with these arguments in a process of its own.

        Raises:
            JobBusyError: where a job runs already; two would only slow each other down.
            MMRecError: where the disk does not take what is to be written.
        """
        self._clear()
        name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{kind}-{uuid.uuid4().hex[:4]}"
        words = {"kind": kind, "title": packed(title), "arguments": [*arguments], "about": dict(about or {})}
        return self._launch(name, {**words, "started": datetime.now(UTC).isoformat(timespec="seconds")})

    def resume(self, job_id: str) -> Job:
        """Run a job again that ended early; what it finished before is not done again."""
        job = self.get(job_id)
        if not job.can_go_on:
            raise MMRecError(
                told(
                    "The job {title!r} is {status}; only one that ended early can go on.",
                    title=job.title,
                    status=job.status,
                )
            )
        return self._launch(job_id, None)

    def stop(self, job_id: str) -> None:
        """Ask a job to end; asked once more, it is ended at once. A job that is over stays as it is."""
        with turn(self._turn):
            if self._lock.holder() != job_id:
                return
            asked = self.folder / job_id / STOP
            harshness = signal.SIGKILL if asked.exists() else signal.SIGTERM
            asked.touch()
            with suppress(ProcessLookupError):  # it has ended since the lock was looked at
                os.kill(int((self.folder / job_id / PID).read_text()), harshness)

    def is_stopping(self, job: Job) -> bool:
        """True between the request to stop and the end."""
        return job.running and (self.folder / job.id / STOP).exists()

    def get(self, job_id: str) -> Job:
        """One job; raises UnknownNameError."""
        if (job := self.find(job_id)) is None:
            raise UnknownNameError("job", job_id, [job.id for job in self.all()])
        return job

    def find(self, job_id: str) -> Job | None:
        """One job, or None where there is none (any more)."""
        return self._read(job_id, self._lock.holder())

    def all(self) -> list[Job]:
        """Every job, newest first."""
        holder = self._lock.holder()
        return [job for folder in self._folders() if (job := self._read(folder.name, holder))]

    def latest(self, kind: str) -> Job | None:
        """The newest job of a kind."""
        return next((job for job in self.all() if job.kind == kind), None)

    def running(self) -> Job | None:
        """The one that runs now."""
        return next((job for job in self.all() if job.running), None)

    def forget(self, job_id: str) -> None:
        """Clear a job away that is over. Its description goes first: without it, nobody reads what is left."""
        with turn(self._turn):
            if self._lock.holder() != job_id:
                (self.folder / job_id / DESCRIPTION).unlink(missing_ok=True)
                shutil.rmtree(self.folder / job_id, ignore_errors=True)

    def _read(self, job_id: str, holder: str | None) -> Job | None:
        with suppress(FileNotFoundError):  # it was never there, or another session clears it away just now
            return read_job(self.folder / job_id, holder == job_id)
        return None

    def _launch(self, name: str, description: dict | None) -> Job:
        try:
            with turn(self._turn):
                self._launch_in_turn(name, description)
        except OSError as error:
            raise MMRecError(
                told(
                    "The job could not be started in {folder}: {why}.", folder=self.folder, why=error.strerror or error
                )
            ) from error
        return self.get(name)

    def _launch_in_turn(self, name: str, description: dict | None) -> None:
        descriptor = self._lock.take(name)
        if descriptor is None:
            other = self.running()
            busy = told("“{title}” is running", title=other.title) if other else told("A job is running")
            raise JobBusyError(told("{busy}. One heavy job runs at a time: wait for it, or stop it.", busy=busy))
        try:
            folder = self.folder / name
            if description is not None:
                write_atomically(folder / DESCRIPTION, json.dumps(description, indent=1).encode())
            for left in (STOP, PID):
                (folder / left).unlink(missing_ok=True)
            Journal(folder).begin()
            self._spawn(folder, descriptor)
        finally:
            os.close(descriptor)

    def _spawn(self, folder: Path, lock: int) -> None:
        """Start the process; it inherits the lock, and a session of its own keeps the terminal's Ctrl-C away from it."""
        arguments = json.loads((folder / DESCRIPTION).read_text())["arguments"]
        with (folder / LOG).open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program, arguments as a list
                [*self.program, *arguments],
                cwd=REPOSITORY,
                env={**os.environ, FOLDER: str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(lock,),
            )
        threading.Thread(target=process.wait, name="mmrec-job-reaper", daemon=True).start()
        try:
            write_atomically(folder / PID, str(process.pid).encode())
        except OSError:
            process.kill()  # nobody could stop it
            raise

    def _clear(self) -> None:
        for folder in self._folders()[KEPT:]:
            self.forget(folder.name)

    def _folders(self) -> list[Path]:
        return sorted((path.parent for path in self.folder.glob(f"*/{DESCRIPTION}")), reverse=True)

    @property
    def _turn(self) -> Path:
        return self.folder / "turn"

    @property
    def _lock(self) -> JobLock:
        return JobLock(self.folder / "lock")
