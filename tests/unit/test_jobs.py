"""Jobs in real processes: they tell how they stand, one at a time, and every way to end leaves its own trace."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from mmrec_core.errors import MMRecError, UnknownNameError
from mmrec_core.files import write_atomically
from mmrec_core.jobs.desk import KEPT, JobBusyError, JobDesk
from mmrec_core.jobs.journal import EVENTS, Journal
from mmrec_core.jobs.lock import JobLock
from mmrec_core.jobs.reading import SILENT
from mmrec_core.types import Epoch, Job, JobStatus, Progress

WORKER = """
import os, signal, sys, time
from mmrec_core.errors import MMRecError
from mmrec_core.jobs.journal import journal, journalled
from mmrec_core.types import Epoch, Progress
with journalled():
    journal().progress(Progress("Count", 1, 3, "things"))
    journal().epoch(Epoch(1, {"alignment": 2.0}, {}, 0.5, 1.0))
    what = sys.argv[1]
    if what == "wait":
        time.sleep(60)
    if what == "break":
        raise RuntimeError("a bug")
    if what == "refuse":
        raise MMRecError("There is no catalogue. Run set-up.")
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    journal().progress(Progress("Count", 3, 3, "things"))
"""
PATIENCE_SECONDS = 90


@pytest.fixture
def desk(tmp_path):
    desk = JobDesk(tmp_path / "jobs", (sys.executable, "-c", WORKER))
    yield desk
    for job in desk.all():
        desk.stop(job.id)
        desk.stop(job.id)


def until(desk: JobDesk, job: Job, fits: Callable[[Job], bool]) -> Job:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if fits(found := desk.get(job.id)):
            return found
        time.sleep(0.05)
    raise AssertionError(f"{desk.get(job.id)} did not get there")


def run(desk: JobDesk, what: str) -> Job:
    return until(desk, desk.start("train", "Train", [what]), lambda job: not job.running)


def test_a_job_tells_its_progress_and_finishes(desk) -> None:
    job = run(desk, "count")
    assert job.status is JobStatus.FINISHED
    assert job.progress == {"Count": Progress("Count", 3, 3, "things")}
    assert job.epochs == (Epoch(1, {"alignment": 2.0}, {}, 0.5, 1.0),)
    assert not job.can_go_on
    with pytest.raises(MMRecError, match="only one that ended early"):
        desk.resume(job.id)


def test_an_error_made_for_users_is_shown_as_it_is(desk) -> None:
    job = run(desk, "refuse")
    assert (job.status, job.problem) == (JobStatus.FAILED, "There is no catalogue. Run set-up.")


def test_a_bug_is_a_crash_with_its_last_words(desk) -> None:
    job = run(desk, "break")
    assert (job.status, job.problem) == (JobStatus.CRASHED, "RuntimeError: a bug")
    assert job.epochs, "what it told before is kept"


def test_a_process_that_is_killed_is_a_crash_without_words(desk) -> None:
    job = run(desk, "die")
    assert (job.status, job.problem) == (JobStatus.CRASHED, SILENT)


def test_one_at_a_time_stopped_and_taken_up_again(desk) -> None:
    job = desk.start("train", "Train “mine”", ["wait"])
    assert job.running
    until(desk, job, lambda job: bool(job.epochs))
    with pytest.raises(JobBusyError, match="“Train “mine”” is running"):
        desk.start("evaluate", "Evaluate", ["count"])
    desk.stop(job.id)
    stopped = until(desk, job, lambda job: not job.running)
    assert stopped.status is JobStatus.STOPPED and stopped.can_go_on
    again = desk.resume(job.id)
    assert again.running and again.id == job.id
    desk.stop(job.id)
    desk.stop(job.id)
    assert until(desk, job, lambda job: not job.running).status is JobStatus.STOPPED


def test_another_desk_sees_the_same_job(desk) -> None:
    job = desk.start("train", "Train", ["wait"])
    other = JobDesk(desk.folder)
    assert other.running().id == job.id
    other.stop(job.id)
    until(other, job, lambda job: not job.running)
    assert other.running() is None


def test_a_lock_is_held_by_one_and_seen_by_all(tmp_path) -> None:
    lock = JobLock(tmp_path / "lock")
    assert lock.holder() is None
    descriptor = lock.take("first")
    assert JobLock(tmp_path / "lock").holder() == "first"
    assert JobLock(tmp_path / "lock").take("second") is None
    os.close(descriptor)
    assert lock.holder() is None


def test_a_run_that_begins_anew_drops_the_epochs_it_repeats(tmp_path) -> None:
    desk = JobDesk(tmp_path)
    write(tmp_path / "a")
    journal = Journal(tmp_path / "a")
    for number in (0, 1, 2, 1):
        journal.epoch(Epoch(number, {}, {}, 0.1 * number, 1.0))
    assert [epoch.number for epoch in desk.get("a").epochs] == [0, 1]


def test_a_half_written_line_is_left_for_the_next_look(tmp_path) -> None:
    write(tmp_path / "a")
    with (tmp_path / "a" / EVENTS).open("a") as file:
        file.write('{"event": "progress", "at": 1, "st')
    assert JobDesk(tmp_path).get("a").progress == {}


@pytest.mark.parametrize(
    "cut", [b'{"event": "progress", "at": 1, "st', '{"event": "end", "problem": "满'.encode()[:-1]]
)
def test_a_line_that_broke_off_costs_itself_and_no_other(tmp_path, cut) -> None:
    write(tmp_path / "a")
    with (tmp_path / "a" / EVENTS).open("ab") as file:
        file.write(cut)
    assert JobDesk(tmp_path).all()[0].progress == {}
    journal = Journal(tmp_path / "a")
    journal.begin()
    journal.progress(Progress("Count\u2028twice", 1, 3, "things"))
    assert [p.done for p in JobDesk(tmp_path).all()[0].progress.values()] == [1]


def test_an_event_of_an_older_version_lacks_what_came_later(tmp_path) -> None:
    write(tmp_path / "a")
    with (tmp_path / "a" / EVENTS).open("a") as file:
        file.write('{"event": "progress", "at": 1, "step": "Count", "done": 2, "total": 3}\n')
    (progress,) = JobDesk(tmp_path).get("a").progress.values()
    assert (progress.done, progress.unit, progress.note) == (2, "", "")


def test_stop_waits_for_a_start_and_never_signals_who_had_the_number_before(desk, monkeypatch) -> None:
    job = desk.start("train", "Train", ["wait"])
    desk.stop(job.id)
    until(desk, job, lambda job: not job.running)
    with subprocess.Popen(["sleep", "60"]) as innocent:
        (desk.folder / job.id / "pid").write_text(str(innocent.pid))
        monkeypatch.setattr("mmrec_core.jobs.desk.write_atomically", lambda *a: time.sleep(0.5) or write_atomically(*a))
        resuming = threading.Thread(target=desk.resume, args=(job.id,))
        resuming.start()
        while desk._lock.holder() != job.id:
            time.sleep(0.01)
        desk.stop(job.id)
        resuming.join()
        assert until(desk, job, lambda job: not job.running).status is JobStatus.STOPPED
        assert innocent.poll() is None
        innocent.kill()


def test_a_process_that_cannot_be_named_is_not_left_running(desk, monkeypatch) -> None:
    def full(path, data):
        if path.name == "pid":
            raise OSError(errno.ENOSPC, "No space left on device")
        write_atomically(path, data)

    monkeypatch.setattr("mmrec_core.jobs.desk.write_atomically", full)
    with pytest.raises(MMRecError, match="No space"):
        desk.start("train", "Train", ["wait"])
    assert until(desk, desk.all()[0], lambda job: not job.running).status is JobStatus.CRASHED


def test_stopping_what_has_just_ended_is_no_error(tmp_path) -> None:
    write(tmp_path / "a")
    ended = subprocess.Popen(["true"])
    ended.wait()
    (tmp_path / "a" / "pid").write_text(str(ended.pid))
    descriptor = JobLock(tmp_path / "lock").take("a")
    JobDesk(tmp_path).stop("a")
    os.close(descriptor)


def test_old_jobs_are_cleared_away_when_a_new_one_starts(desk) -> None:
    for number in range(KEPT + 3):
        write(desk.folder / f"2020-{number:02d}")
    job = run(desk, "count")
    names = [job.id for job in desk.all()]
    assert len(names) == KEPT + 1 and names[0] == job.id and "2020-00" not in names


def test_jobs_that_another_session_clears_away_are_passed_over(tmp_path) -> None:
    desk, names = JobDesk(tmp_path), [f"2020-{number:02d}" for number in range(40)]
    for name in names:
        write(tmp_path / name)
    other = threading.Thread(target=lambda: [JobDesk(tmp_path).forget(name) for name in names])
    other.start()
    while other.is_alive():
        assert all(job.status is JobStatus.CRASHED and job.kind == "train" for job in desk.all())
    assert desk.all() == []


def test_a_job_that_is_not_there(tmp_path) -> None:
    with pytest.raises(UnknownNameError):
        JobDesk(tmp_path).get("nothing")


def write(folder) -> None:
    """A job's folder without a process."""
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(
        '{"kind": "train", "title": "Train", "arguments": [], "about": {}, "started": "2026-01-01T00:00:00+00:00"}'
    )
    Journal(folder).begin()
