"""Numbered migrations: ``migrations/0001_name.sql`` and on, each applied once, in order, in one transaction."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from mmrec_core.errors import MMRecError
from mmrec_core.types import told

FOLDER = Path(__file__).parent / "migrations"


def migrations(folder: Path = FOLDER) -> list[tuple[int, Path]]:
    """(number, file) of every migration, in order."""
    return sorted((int(path.name.split("_")[0]), path) for path in folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def migrate(connection: sqlite3.Connection, folder: Path = FOLDER) -> int:
    """Bring the database to the newest version; returns that version. A migration that fails leaves nothing behind.

    Raises:
        MMRecError: where the database was written by a newer release.
    """
    found = migrations(folder)
    newest = found[-1][0] if found else 0
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > newest:
        raise MMRecError(
            told(
                "The feedback database has version {version}; this release knows {newest}. Update MMRec Lens, "
                "or move the file away.",
                version=version,
                newest=newest,
            )
        )
    for number, path in found:
        if number > version:
            _apply(connection, number, path.read_text(encoding="utf-8"))
    return newest


def _apply(connection: sqlite3.Connection, number: int, script: str) -> None:
    """One migration in one transaction; another process that was faster is noticed once the lock is held."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] < number:
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number:d}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()  # does nothing where SQLite has rolled back by itself, e.g. on a full disk
        raise


def _statements(script: str) -> list[str]:
    """The statements of a script (``executescript`` would commit before it runs)."""
    statements, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements + ([current] if current.strip() else [])
