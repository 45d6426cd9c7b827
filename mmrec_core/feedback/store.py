"""Likes and dislikes in SQLite: by session and profile, with what was searched and at which rank it stood. Never a medium."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from mmrec_core.feedback.migrate import migrate
from mmrec_core.types import FeedbackEntry, Verdict

COLUMNS = "id, session, profile, item_id, verdict, query_kind, rank, bundle, time"
BUSY_SECONDS = 10.0
LOADED = "profile"
"""The kind of query of a verdict that came with a stored profile."""


class FeedbackStore:
    """The feedback database at ``path``; made on first use. Threads and processes may share it.

    One connection behind one lock serves all threads of this process; write-ahead logging and a busy timeout serve others.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = Lock()
        # isolation_level=None: transactions are begun and ended by hand, so that migrations are atomic
        self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        migrate(self._connection)

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
            connection.execute(
                "DELETE FROM verdicts WHERE session = ? AND profile = ? AND item_id = ?", (session, profile, item_id)
            )
            cursor = connection.execute(
                "INSERT INTO verdicts (session, profile, item_id, verdict, query_kind, rank, bundle, time)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            number = cursor.lastrowid or 0
        return FeedbackEntry(number, session, profile, item_id, verdict, query_kind, rank, bundle, now)

    def undo(self, item_id: str, *, session: str, profile: str = "default") -> bool:
        """Take back what this session said about the item; False where it had said nothing."""
        with self.transaction() as connection:
            cursor = connection.execute(
                "DELETE FROM verdicts WHERE session = ? AND profile = ? AND item_id = ?", (session, profile, item_id)
            )
            return cursor.rowcount > 0

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
        with self._lock:
            return self._connection.execute(statement, tuple(values)).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction, committed where the block ends well, rolled back where it does not."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _entry(row: tuple) -> FeedbackEntry:
    """A row of ``COLUMNS`` as a value."""
    number, session, profile, item_id, verdict, query_kind, rank, bundle, time = row
    return FeedbackEntry(number, session, profile, item_id, Verdict(verdict), query_kind, rank, bundle, time)
