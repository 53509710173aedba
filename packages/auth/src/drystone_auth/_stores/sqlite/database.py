"""A SQLite connection that only its own thread touches."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from drystone_auth._errors import StoreUnavailable
from drystone_auth._text import no_text

T = TypeVar("T")


class SQLiteDatabase:
    """Opens the file at first use, and runs work on it in one thread."""

    def __init__(self, path: str | Path, schema: str, busy_timeout: float) -> None:
        self._path = str(path)
        self._schema = schema
        self._busy_timeout = busy_timeout
        self._connection: sqlite3.Connection | None = None
        self._closed = False
        self._thread = _new_thread()

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work(connection)` in the thread.

        Raises:
            StoreUnavailable: SQLite failed, or the store is closed.
            MalformedText: a value holds a lone surrogate.
        """
        return await self._run(lambda: work(self._open()))

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work(connection)` in the thread, in one transaction that holds the write lock."""

        def in_transaction() -> T:
            with _transaction(self._open()) as connection:
                return work(connection)

        return await self._run(in_transaction)

    async def close(self) -> None:
        """Close the connection and end the thread."""
        thread = self._thread
        try:
            await self._run(self._close)
        except StoreUnavailable:
            return  # closed before
        thread.shutdown()

    def reopen(self) -> None:
        """Take work again after `close`, in a new thread and on a new connection."""
        if self._closed:
            self._closed = False
            self._thread = _new_thread()

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except UnicodeEncodeError as error:
            raise no_text(error) from None
        except sqlite3.Error as error:
            raise StoreUnavailable(f"SQLite store {self._path}: {error}") from error
        except RuntimeError as error:
            raise StoreUnavailable(f"SQLite store {self._path} is closed") from error

    def _open(self) -> sqlite3.Connection:
        if self._closed:  # work that was queued behind `close` must not open the file anew
            raise sqlite3.ProgrammingError("the store is closed")
        if self._connection is None:
            if self._path != ":memory:":
                with contextlib.suppress(OSError):
                    Path(self._path).touch(mode=0o600, exist_ok=False)
            connection = sqlite3.connect(
                self._path, timeout=self._busy_timeout, isolation_level=None
            )
            try:
                switch_to_wal(connection, self._busy_timeout)
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("PRAGMA foreign_keys = ON")
                connection.executescript(self._schema)
            except sqlite3.Error:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _close(self) -> None:
        self._closed = True
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _new_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="drystone-auth-sqlite")


def switch_to_wal(connection: sqlite3.Connection, patience: float) -> None:
    """Switch the journal, which others may be doing at the same moment with a new file.

    SQLite does not wait for them where waiting could be for ever: it says at once that the
    database is locked.

    Args:
        connection: outside a transaction.
        patience: seconds to try again.

    Raises:
        sqlite3.OperationalError: the others took longer, or something else is wrong.
    """
    end = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= end:
                raise
        time.sleep(0.005)


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    # IMMEDIATE takes the write lock at once: two processes never deadlock on upgrading.
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite ends it by itself when the disk is full
            connection.execute("ROLLBACK")
        raise
