"""What is SQLite's own; the contracts are in test_stores.py."""

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from drystone_auth import SessionRecord, Sessions, SQLiteStore, StoreUnavailable
from drystone_auth._stores.sqlite.database import switch_to_wal
from drystone_auth.testing import FakeRequest, Recorder


async def test_sessions_outlive_the_process(tmp_path: Path) -> None:
    path = tmp_path / "auth.db"
    async with SQLiteStore(path) as store:
        sessions = Sessions(store.sessions, observe=Recorder())
        session = await sessions.load(FakeRequest())
        session["a"] = 1
        await sessions.login(session, "ann")
        (line,) = await sessions.commit(session)

    async with SQLiteStore(str(path)) as store:
        sessions = Sessions(store.sessions, observe=Recorder())
        session = await sessions.load(FakeRequest(cookie=line.partition(";")[0]))
        assert (session.user_id, dict(session)) == ("ann", {"a": 1})


async def test_the_file_is_its_owners_and_in_wal_mode(tmp_path: Path) -> None:
    path = tmp_path / "auth.db"
    async with SQLiteStore(path) as store:
        await store.sessions.owned("ann", 0.0)
        assert path.stat().st_mode & 0o777 == 0o600
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.close()


async def test_no_secret_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "auth.db"
    async with SQLiteStore(path) as store:
        sessions = Sessions(store.sessions, observe=Recorder())
        session = await sessions.load(FakeRequest())
        await sessions.login(session, "ann")
        (line,) = await sessions.commit(session)

    secret = line.partition(";")[0].partition("=")[2].encode()
    assert secret not in content(tmp_path)


def content(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_it_runs_in_one_thread_of_its_own(tmp_path: Path) -> None:
    async with SQLiteStore(tmp_path / "auth.db") as store:
        threads = await asyncio.gather(
            *(store._database.read(lambda _: threading.get_ident()) for _ in range(20))
        )

    assert len(set(threads)) == 1
    assert threading.get_ident() not in threads


async def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    over = SessionRecord("h1", "k1", "ann", 0.0, 0.0, 0.0, 100.0)
    alive = SessionRecord("h2", "k2", "ann", 0.0, 0.0, 0.0, 1000.0)
    async with SQLiteStore(tmp_path / "auth.db") as store:
        await store.sessions.insert(over, {}, 0.0)
        await store.sessions.insert(alive, {}, 0.0)
        with pytest.raises(StoreUnavailable) as caught:
            await store.sessions.insert(alive, {}, 200.0)  # would sweep the other one first
        assert "UNIQUE" in caught.value.reason
        assert len(await store.sessions.owned("ann", 50.0)) == 2


async def test_two_processes_share_the_file(tmp_path: Path) -> None:
    """Two connections, each in its thread, merge into one session at once."""
    path = tmp_path / "auth.db"
    record = SessionRecord("h", "k", "ann", 0.0, 0.0, 0.0, 100.0)
    async with SQLiteStore(path) as one, SQLiteStore(path) as two:
        await one.sessions.insert(record, {}, 0.0)
        await asyncio.gather(
            *(
                store.sessions.merge("h", {f"{name}{i}": "1"}, 0.0)
                for name, store in (("a", one), ("b", two))
                for i in range(10)
            )
        )
        found = await two.sessions.load("k", 0.0)

    assert found is not None
    assert len(found[1]) == 20


async def test_many_open_a_new_file_at_once(tmp_path: Path) -> None:
    stores = [SQLiteStore(tmp_path / "auth.db") for _ in range(6)]
    try:
        results = await asyncio.gather(*(store.sessions.owned("ann", 0.0) for store in stores))
    finally:
        for store in stores:
            await store.close()

    assert results == [[]] * 6


class Busy(sqlite3.Connection):
    """Is locked a few times, as when others switch the journal of the same new file."""

    times = 2

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        if self.times:
            self.times -= 1
            raise sqlite3.OperationalError("database is locked")
        return super().execute(*arguments)


def test_the_journal_is_switched_when_the_others_are_done(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "auth.db", factory=Busy)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        switch_to_wal(connection, 0.0)
    switch_to_wal(connection, 10.0)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


async def test_a_writer_that_does_not_finish_is_an_error_in_time(tmp_path: Path) -> None:
    path = tmp_path / "auth.db"
    record = SessionRecord("h", "k", "ann", 0.0, 0.0, 0.0, 100.0)
    async with SQLiteStore(path, busy_timeout=0.05) as store:
        await store.sessions.owned("ann", 0.0)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable) as caught:
            await store.sessions.insert(record, {}, 0.0)
        assert "locked" in caught.value.reason
        assert await store.sessions.owned("ann", 0.0) == []  # readers go on
        other.execute("ROLLBACK")
        other.close()
        await store.sessions.insert(record, {}, 0.0)


async def test_a_store_is_entered_again(tmp_path: Path) -> None:
    """An application that opens it in its lifespan may be started twice: each test does so."""
    store = SQLiteStore(tmp_path / "auth.db")
    sessions = Sessions(store.sessions, observe=Recorder())
    async with store:
        session = await sessions.load(FakeRequest())
        await sessions.login(session, "ann")
        await sessions.commit(session)
    with pytest.raises(StoreUnavailable):
        await sessions.active("ann")
    async with store, store:
        assert len(await sessions.active("ann")) == 1


async def test_closing_twice_is_nothing(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "auth.db")
    await store.close()
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.sessions.owned("ann", 0.0)


@pytest.mark.parametrize(
    "statements",
    [
        # Fails at the commit, with the transaction still open.
        ["PRAGMA defer_foreign_keys = ON", "INSERT INTO auth_session_data VALUES ('x', 'a', '1')"],
        # Fails after SQLite has ended the transaction, as it does when the disk is full.
        ["ROLLBACK", "no statement"],
    ],
)
async def test_a_failed_transaction_leaves_the_connection_usable(
    statements: list[str], tmp_path: Path
) -> None:
    async with SQLiteStore(tmp_path / "auth.db") as store:

        def work(connection: sqlite3.Connection) -> None:
            for statement in statements:
                connection.execute(statement)

        with pytest.raises(StoreUnavailable):
            await store._database.write(work)
        await store.sessions.insert(SessionRecord("h", "k", "ann", 0.0, 0.0, 0.0, 9.0), {}, 0.0)
        assert len(await store.sessions.owned("ann", 0.0)) == 1


async def test_a_write_holds_the_lock_from_its_start(tmp_path: Path) -> None:
    """Else two that read before they write could only fail, however long they waited."""
    path = tmp_path / "auth.db"

    def work(_: sqlite3.Connection) -> str:
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            return str(error)
        finally:
            other.close()
        return "not locked"

    async with SQLiteStore(path) as store:
        assert await store._database.write(work) == "database is locked"


async def test_what_is_queued_behind_close_does_not_open_the_file_anew(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "auth.db")
    await store.sessions.owned("ann", 0.0)

    answers = await asyncio.gather(
        store.close(), store.sessions.owned("ann", 0.0), return_exceptions=True
    )

    assert answers[0] is None
    assert isinstance(answers[1], StoreUnavailable)
    assert store._database._connection is None
