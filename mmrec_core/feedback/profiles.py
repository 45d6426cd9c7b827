"""Profiles under a name, in the feedback database of this machine; nothing is sent anywhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from mmrec_core.errors import MMRecError, UnknownNameError
from mmrec_core.feedback.store import LOADED, FeedbackStore, insert_verdict
from mmrec_core.types import Profile, Verdict, told

LONGEST_NAME = 60


class ProfileStore:
    """Named profiles in ``store``; threads and processes may share it."""

    def __init__(self, store: FeedbackStore) -> None:
        self._store = store

    def names(self) -> list[str]:
        """Every name, in alphabetical order."""
        return [name for (name,) in self._store.read("SELECT name FROM profiles ORDER BY name COLLATE NOCASE, name")]

    def save(self, name: str, profile: Profile) -> None:
        """Store the profile, in place of an earlier one of the name; raises MMRecError for a name that cannot be used."""
        name = name.strip()
        if not 1 <= len(name) <= LONGEST_NAME:
            raise MMRecError(
                told(
                    "The name has {length} characters; a profile's name takes 1 to {longest}.",
                    length=len(name),
                    longest=LONGEST_NAME,
                )
            )
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._store.transaction() as connection:
            _delete(connection, name)
            row = (name, profile.text or "", profile.weight, now)
            connection.execute("INSERT INTO profiles (name, text, weight, time) VALUES (?, ?, ?, ?)", row)
            connection.executemany(
                "INSERT INTO profile_items (profile, position, item_id, verdict) VALUES (?, ?, ?, ?)",
                [(name, place, item, str(verdict)) for place, (item, verdict) in enumerate(_verdicts(profile))],
            )

    def load(self, name: str) -> Profile:
        """The profile called ``name``; raises UnknownNameError where there is none."""
        found = self._store.read("SELECT text, weight FROM profiles WHERE name = ?", (name,))
        if not found:
            raise UnknownNameError("profile", name, self.names())
        text, weight = found[0]
        items = "SELECT item_id, verdict FROM profile_items WHERE profile = ? ORDER BY position"
        said = self._store.read(items, (name,))
        liked, disliked = (tuple(item for item, verdict in said if verdict == kind) for kind in Verdict)
        return Profile(liked, disliked, text or None, weight)

    def forget(self, name: str) -> bool:
        """Delete the profile; False where there was none."""
        with self._store.transaction() as connection:
            return _delete(connection, name)

    def words(self, session: str) -> str | None:
        """What the person of a session says of themselves, or None."""
        found = self._store.read("SELECT text FROM words WHERE session = ?", (session,))
        return found[0][0] if found else None

    def keep_words(self, session: str, text: str | None) -> None:
        """Keep the session's own words, in place of earlier ones; nothing of them is left where they are blank."""
        with self._store.transaction() as connection:
            _keep_words(connection, session, text)

    def say_again(self, profile: Profile, *, session: str) -> None:
        """Make verdicts and words of a session those of the profile, items that are gone included; all of it or nothing."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM verdicts WHERE session = ? AND profile = 'default'", (session,))
            for item_id, verdict in _verdicts(profile):
                insert_verdict(connection, (session, "default", item_id, str(verdict), LOADED, None, "", now))
            _keep_words(connection, session, profile.text)


def _verdicts(profile: Profile) -> Iterable[tuple[str, Verdict]]:
    """Each item once; one that is in both lists was disliked."""
    return (dict.fromkeys(profile.liked, Verdict.LIKE) | dict.fromkeys(profile.disliked, Verdict.DISLIKE)).items()


def _delete(connection: sqlite3.Connection, name: str) -> bool:
    connection.execute("DELETE FROM profile_items WHERE profile = ?", (name,))
    return connection.execute("DELETE FROM profiles WHERE name = ?", (name,)).rowcount > 0


def _keep_words(connection: sqlite3.Connection, session: str, text: str | None) -> None:
    connection.execute("DELETE FROM words WHERE session = ?", (session,))
    if text := (text or "").strip():
        row = (session, text, datetime.now(UTC).isoformat(timespec="seconds"))
        connection.execute("INSERT INTO words (session, text, time) VALUES (?, ?, ?)", row)
