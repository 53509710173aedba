"""SQLite off the event loop: one connection, on one thread of its own.

SQLite calls block, so they never run on the event loop's thread. One thread for all of them also
means that nothing in this file needs a lock: the thread's queue is the order of the transactions.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

# Each entry brings the file from the version before it to its own; entries are only ever appended.
MIGRATIONS = (
    """
    CREATE TABLE users (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL UNIQUE,
        password_hash TEXT NOT NULL,
        created TEXT NOT NULL
    );
    CREATE TABLE notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        owner INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        created TEXT NOT NULL,
        changed TEXT NOT NULL
    );
    CREATE INDEX notes_by_owner ON notes (owner, id);
    """,
    """
    CREATE TABLE files (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        note INTEGER NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        size INTEGER NOT NULL,
        stored TEXT NOT NULL
    );
    CREATE INDEX files_by_note ON files (note, id);
    """,
)


class Database:
    """One SQLite file, created on :meth:`open`.

    Args:
        path: The file; ``":memory:"`` keeps everything in memory.
        timeout: Seconds to wait for another process that is writing to the same file.
    """

    def __init__(self, path: str | Path, *, timeout: float = 5.0) -> None:
        self.path = path
        self._timeout = timeout
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="notes-sqlite")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Open the file and bring its tables up to date."""
        await self._on_thread(self._open)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work(connection)`` on the database's thread as one transaction.

        What it changed is committed when it returns, and rolled back when it raises.
        """
        return await self._on_thread(lambda: self._transaction(work))

    async def rows(self, sql: str, *values: int | str) -> list[sqlite3.Row]:
        """Run one statement as one transaction, and answer its rows.

        None for an integer beyond those of SQLite: nothing has such an id.
        """
        try:
            return await self.run(lambda db: db.execute(sql, values).fetchall())
        except OverflowError:
            return []

    async def close(self) -> None:
        """Finish what is queued, and close the file."""
        await self._on_thread(self._close)
        self._thread.shutdown()

    async def __aenter__(self) -> "Database":
        await self.open()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def _on_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            raise RuntimeError("the database is not open: await database.open() first")
        with self._connection:
            return work(self._connection)

    def _open(self) -> None:
        if self._connection is not None:
            raise RuntimeError("the database is open already")
        if self.path != ":memory:":
            Path(self.path).touch(mode=0o600)  # for nobody else's eyes, if it is new
        connection = sqlite3.connect(self.path, timeout=self._timeout)
        connection.row_factory = sqlite3.Row
        # With WAL, readers and a writer do not block each other, and NORMAL is safe and quick.
        for setting in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {setting}")
        migrate(connection)
        self._connection = connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the migrations that the file has not seen yet, each in a transaction of its own."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT"
        )
