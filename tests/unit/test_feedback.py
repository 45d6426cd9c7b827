"""The feedback store: what is said is kept, replaced and taken back; migrations are atomic."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from mmrec_core.errors import MMRecError
from mmrec_core.feedback.migrate import migrate, migrations
from mmrec_core.feedback.profiles import ProfileStore
from mmrec_core.feedback.store import FeedbackStore
from mmrec_core.types import Profile, Verdict


@pytest.fixture
def store(tmp_path):
    store = FeedbackStore(tmp_path / "deep" / "feedback.sqlite")
    yield store
    store.close()


def say(store, item, verdict=Verdict.LIKE, session="s1", profile="default", rank=3):
    return store.add(
        item, verdict, session=session, profile=profile, query_kind="image+text", rank=rank, bundle="abc123"
    )


def test_an_entry_comes_back_as_it_was_added(store):
    entry = say(store, "a/1")
    assert store.entries() == [entry]
    assert (entry.query_kind, entry.rank, entry.bundle) == ("image+text", 3, "abc123")
    assert entry.time.endswith("+00:00")


def test_a_new_verdict_replaces_the_old_one(store):
    say(store, "a/1", Verdict.LIKE)
    say(store, "a/1", Verdict.DISLIKE)
    assert [e.verdict for e in store.entries()] == [Verdict.DISLIKE]


def test_undo_takes_back_only_what_this_session_said(store):
    say(store, "a/1", session="s1")
    say(store, "a/1", session="s2")
    assert store.undo("a/1", session="s1")
    assert not store.undo("a/1", session="s1")
    assert [e.session for e in store.entries()] == ["s2"]


def test_entries_are_narrowed_down(store):
    say(store, "a/1", Verdict.LIKE, session="s1", profile="anna")
    say(store, "a/2", Verdict.DISLIKE, session="s1", profile="ben")
    say(store, "a/3", Verdict.LIKE, session="s2", profile="anna")
    assert [e.item_id for e in store.entries(session="s1")] == ["a/1", "a/2"]
    assert [e.item_id for e in store.entries(profile="anna", verdict=Verdict.LIKE)] == ["a/1", "a/3"]


def test_it_survives_reopening(tmp_path):
    first = FeedbackStore(tmp_path / "f.sqlite")
    say(first, "a/1")
    first.close()
    assert len(FeedbackStore(tmp_path / "f.sqlite").entries()) == 1


def test_many_threads_and_two_stores_lose_nothing(tmp_path):
    stores = [FeedbackStore(tmp_path / "f.sqlite") for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: say(stores[n % 2], f"a/{n}", session=f"s{n % 5}"), range(60)))
    assert len(stores[0].entries()) == 60


def test_a_bad_row_leaves_the_store_usable(store):
    with pytest.raises(sqlite3.IntegrityError):
        say(store, "a/1", rank=0)
    say(store, "a/2")
    assert [e.item_id for e in store.entries()] == ["a/2"]


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path):
    (tmp_path / "f.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(MMRecError, match=r"f\.sqlite cannot be used: file is not a database"):
        FeedbackStore(tmp_path / "f.sqlite")


def test_a_folder_that_cannot_be_made_is_refused_by_name(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(MMRecError, match="cannot be used"):
        FeedbackStore(tmp_path / "file" / "f.sqlite")


def test_a_lock_that_is_not_let_go_is_said_and_later_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr("mmrec_core.feedback.store.BUSY_SECONDS", 0.01)
    store, other = FeedbackStore(tmp_path / "f.sqlite"), sqlite3.connect(tmp_path / "f.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(MMRecError, match="locked"):
        say(store, "a/1")
    other.execute("ROLLBACK")
    say(store, "a/1")
    assert len(store.entries()) == 1


def test_a_full_disk_is_said_and_leaves_the_store_usable(store):
    say(store, "a/1")
    store.read("PRAGMA max_page_count = 1")  # SQLite keeps to the pages that there are
    with pytest.raises(MMRecError, match="full"):
        say(store, "a" * 10**6)
    store.read("PRAGMA max_page_count = 100000")
    say(store, "a/2")
    assert [e.item_id for e in store.entries()] == ["a/1", "a/2"]


def test_a_commit_that_fails_leaves_no_transaction_open(store):
    store.read("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), store.transaction() as connection:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute("INSERT INTO profile_items VALUES ('nobody', 0, 'a/1', 'like')")
    say(store, "a/2")
    assert [e.item_id for e in store.entries()] == ["a/2"]


def test_a_profile_takes_the_place_of_what_was_said_wholly_or_not_at_all(store):
    say(store, "a/1")
    with pytest.raises(sqlite3.IntegrityError):
        ProfileStore(store).say_again(Profile(liked=("a/2", None)), session="s1")
    assert [e.item_id for e in store.entries()] == ["a/1"]
    ProfileStore(store).say_again(Profile(liked=("a/1", "a/2")), session="s1")
    assert [e.item_id for e in store.entries()] == ["a/1", "a/2"]


def test_a_failing_migration_leaves_nothing_behind(tmp_path):
    (tmp_path / "0001_good.sql").write_text("CREATE TABLE a (x);")
    (tmp_path / "0002_bad.sql").write_text("CREATE TABLE b (x);\nINSERT INTO missing VALUES (1);")
    connection = sqlite3.connect(":memory:", isolation_level=None)
    with pytest.raises(sqlite3.OperationalError, match="missing"):
        migrate(connection, tmp_path)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert tables == ["a"]
    assert connection.execute("PRAGMA user_version").fetchone()[0] == 1


def test_migrating_twice_changes_nothing():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    assert migrate(connection) == migrate(connection) == migrations()[-1][0]


def test_a_database_of_a_newer_release_is_refused():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA user_version = 9999")
    with pytest.raises(MMRecError, match="9999"):
        migrate(connection)


def test_numbers_of_migrations_are_distinct_and_without_gaps():
    numbers = [number for number, _ in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))
