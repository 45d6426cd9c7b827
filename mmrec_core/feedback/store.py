"""Likes and dislikes in SQLite: by session and profile, with what was searched and at which rank it stood. Never a medium."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from mmrec_core.errors import MMRecError
from mmrec_core.feedback.migrate import migrate
from mmrec_core.types import FeedbackEntry, Verdict, told

COLUMNS = "id, session, profile, item_id, verdict, query_kind, rank, bundle, time"
BUSY_SECONDS = 10.0
LOADED = "profile"
"""The kind of query of a verdict that came with a stored profile."""
BUGS = (sqlite3.IntegrityError, sqlite3.ProgrammingError)
"""What only a mistake in the code brings about; a traceback serves it better than a message for users."""


class FeedbackStore:
    """The feedback database at ``path``; made on first use. Threads and processes may share it.

    One connection behind one lock serves all threads of this process; write-ahead logging and a busy timeout serve others.
    Everything here raises MMRecError where the file cannot be used: the disk is full, another process keeps it locked, it is
    read-only or damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, Lock()
        with self._usable():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _connect(path)

    def add(
        self,
        item_id: str,
        verdict: Verdict,
        *,
        session: str,
        profile: str = "default",
        query_kind: str,
        rank: int | None,
        bundle: str,
    ) -> FeedbackEntry:
        """Store a verdict; an earlier one of the same session and profile on the same item is replaced."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        row = (session, profile, item_id, str(verdict), query_kind, rank, bundle, now)
        with self.transaction() as connection:
            _delete_verdict(connection, session, profile, item_id)
            number = insert_verdict(connection, row)
        return FeedbackEntry(number, session, profile, item_id, verdict, query_kind, rank, bundle, now)

    def undo(self, item_id: str, *, session: str, profile: str = "default") -> bool:
        """Take back what this session said about the item; False where it had said nothing."""
        with self.transaction() as connection:
            return _delete_verdict(connection, session, profile, item_id)

    def entries(
        self, *, session: str | None = None, profile: str | None = None, verdict: Verdict | None = None
    ) -> list[FeedbackEntry]:
        """What was said, oldest first; each argument narrows it down."""
        wanted = (session, session, profile, profile, verdict, verdict)
        rows = self.read(
            f"SELECT {COLUMNS} FROM verdicts"  # noqa: S608 - a constant, not input
            " WHERE (? IS NULL OR session = ?) AND (? IS NULL OR profile = ?) AND (? IS NULL OR verdict = ?)"
            " ORDER BY id",
            wanted,
        )
        return [_entry(row) for row in rows]

    def close(self) -> None:
        """Close the database; nothing is lost."""
        with self._lock:
            self._connection.close()

    def judgements(self) -> dict[str, int]:
        """How often each item was judged where it was recommended, by item id; profiles that were loaded do not count."""
        rows = self.read("SELECT item_id, COUNT(*) FROM verdicts WHERE query_kind != ? GROUP BY item_id", (LOADED,))
        return {str(item_id): int(count) for item_id, count in rows}

    def read(self, statement: str, values: Sequence[object] = ()) -> list[tuple]:
        """The rows of one query."""
        with self._lock, self._usable():
            return self._connection.execute(statement, tuple(values)).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction, committed where the block ends well, rolled back where it or the commit does not."""
        with self._lock, self._usable():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()  # does nothing where SQLite has rolled back by itself, e.g. on a full disk
                raise

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Say what is wrong with the file in the words of SQLite; raises MMRecError."""
        try:
            yield
        except BUGS:
            raise
        except (sqlite3.DatabaseError, OSError) as error:
            raise MMRecError(
                told(
                    "The feedback database at {path} cannot be used: {why}. Free disk space, close what else uses it and "
                    "check that it may be written to; a damaged one can be moved away, and a new one is made.",
                    path=self._path,
                    why=str(error),
                )
            ) from error


def _delete_verdict(connection: sqlite3.Connection, session: str, profile: str, item_id: str) -> bool:
    """Take back what was said about the item; False where nothing was."""
    statement = "DELETE FROM verdicts WHERE session = ? AND profile = ? AND item_id = ?"
    return connection.execute(statement, (session, profile, item_id)).rowcount > 0


def insert_verdict(connection: sqlite3.Connection, row: tuple) -> int:
    """Store a verdict, a row of ``COLUMNS`` without the number; returns that number."""
    statement = (
        "INSERT INTO verdicts (session, profile, item_id, verdict, query_kind, rank, bundle, time)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )
    return connection.execute(statement, row).lastrowid or 0


def _connect(path: Path) -> sqlite3.Connection:
    """Open the file at its newest version; a connection that fails at that is closed again."""
    # isolation_level=None: transactions are begun and ended by hand, so that migrations are atomic
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _entry(row: tuple) -> FeedbackEntry:
    """A row of ``COLUMNS`` as a value."""
    number, session, profile, item_id, verdict, query_kind, rank, bundle, time = row
    return FeedbackEntry(number, session, profile, item_id, Verdict(verdict), query_kind, rank, bundle, time)
