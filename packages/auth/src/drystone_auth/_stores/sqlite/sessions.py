"""Sessions in SQLite: a row per session, a row per name in it."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from drystone_auth._sessions import SessionRecord

from .database import SQLiteDatabase

SESSION_TABLES = """
CREATE TABLE IF NOT EXISTS auth_sessions (
    handle TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    user_id TEXT,
    created_at REAL NOT NULL,
    authenticated_at REAL,
    last_seen_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    remember INTEGER NOT NULL,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS auth_sessions_by_user ON auth_sessions (user_id);
CREATE INDEX IF NOT EXISTS auth_sessions_by_end ON auth_sessions (expires_at);
CREATE TABLE IF NOT EXISTS auth_session_data (
    handle TEXT NOT NULL REFERENCES auth_sessions ON UPDATE CASCADE ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (handle, name)
) WITHOUT ROWID;
"""

_COLUMNS = (
    "handle, key, user_id, created_at, authenticated_at, last_seen_at, expires_at,"
    " remember, user_agent, address"
)


class SQLiteSessionStore:
    """A `SessionStore` in SQLite."""

    def __init__(self, database: SQLiteDatabase) -> None:
        self._database = database

    async def insert(self, record: SessionRecord, data: Mapping[str, str], now: float) -> None:
        """Keep a new session; forgets a few that are over, so that no sweeper is needed."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "DELETE FROM auth_sessions WHERE handle IN"
                " (SELECT handle FROM auth_sessions WHERE expires_at <= ? LIMIT 20)",
                (now,),
            )
            connection.execute(
                f"INSERT INTO auth_sessions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                _row(record),
            )
            _set(connection, record.handle, data)

        await self._database.write(work)

    async def load(self, key: str, now: float) -> tuple[SessionRecord, dict[str, str]] | None:
        """Find the session with this key, with its data, in one query."""

        def work(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
            return connection.execute(
                f"SELECT {_COLUMNS}, name, value FROM auth_sessions LEFT JOIN auth_session_data"  # noqa: S608
                " USING (handle) WHERE key = ? AND expires_at > ?",
                (key, now),
            ).fetchall()

        rows = await self._database.read(work)
        if not rows:
            return None
        data = {str(name): str(value) for *_, name, value in rows if name is not None}
        return _record(rows[0][:-2]), data

    async def merge(
        self,
        handle: str,
        changes: Mapping[str, str | None],
        now: float,
        expires_at: float | None = None,
    ) -> bool:
        """Set and remove single names."""

        def work(connection: sqlite3.Connection) -> bool:
            if not _lives(connection, handle, now):
                return False
            removed = [(handle, name) for name, text in changes.items() if text is None]
            connection.executemany(
                "DELETE FROM auth_session_data WHERE handle = ? AND name = ?", removed
            )
            _set(connection, handle, {n: text for n, text in changes.items() if text is not None})
            if expires_at is not None:
                connection.execute(
                    "UPDATE auth_sessions SET last_seen_at = MAX(last_seen_at, ?),"
                    " expires_at = MAX(expires_at, ?) WHERE handle = ?",
                    (now, expires_at, handle),
                )
            return True

        return await self._database.write(work)

    async def renew(
        self, handle: str, record: SessionRecord, now: float, *, keep_data: bool = True
    ) -> bool:
        """Make the session become `record`; the old key is dead."""

        def work(connection: sqlite3.Connection) -> bool:
            if not _lives(connection, handle, now):
                return False
            if not keep_data:
                connection.execute("DELETE FROM auth_session_data WHERE handle = ?", (handle,))
            connection.execute(
                f"UPDATE auth_sessions SET ({_COLUMNS}) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
                " WHERE handle = ?",
                (*_row(record), handle),
            )
            return True

        return await self._database.write(work)

    async def delete(self, handle: str) -> bool:
        """Forget one session."""
        return await self._delete("DELETE FROM auth_sessions WHERE handle = ?", handle) > 0

    async def owned(self, user_id: str, now: float) -> list[SessionRecord]:
        """List a user's sessions, the last seen first."""

        def work(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
            return connection.execute(
                f"SELECT {_COLUMNS} FROM auth_sessions WHERE user_id = ? AND expires_at > ?"  # noqa: S608
                " ORDER BY last_seen_at DESC",
                (user_id, now),
            ).fetchall()

        return [_record(row) for row in await self._database.read(work)]

    async def delete_owned(self, user_id: str, keep: str | None = None) -> int:
        """Forget all of a user's sessions but one."""
        statement = "DELETE FROM auth_sessions WHERE user_id = ? AND handle IS NOT ?"
        return await self._delete(statement, user_id, keep)

    async def _delete(self, statement: str, *values: str | None) -> int:
        return await self._database.write(
            lambda connection: connection.execute(statement, values).rowcount
        )


def _lives(connection: sqlite3.Connection, handle: str, now: float) -> bool:
    found = connection.execute(
        "SELECT 1 FROM auth_sessions WHERE handle = ? AND expires_at > ?", (handle, now)
    )
    return found.fetchone() is not None


def _set(connection: sqlite3.Connection, handle: str, data: Mapping[str, str]) -> None:
    connection.executemany(
        "INSERT INTO auth_session_data (handle, name, value) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET value = excluded.value",
        [(handle, name, text) for name, text in data.items()],
    )


def _row(record: SessionRecord) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in _COLUMNS.split(", "))


def _record(row: tuple[Any, ...]) -> SessionRecord:
    fields = (*row[:7], bool(row[7]), *row[8:])
    return SessionRecord(*fields)
