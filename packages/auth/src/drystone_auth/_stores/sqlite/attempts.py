"""Login attempts in SQLite."""

import sqlite3
from collections.abc import Sequence

from drystone_auth._stores.delays import delay_after

from .database import SQLiteDatabase

ATTEMPT_TABLES = """
CREATE TABLE IF NOT EXISTS auth_attempts (
    key TEXT PRIMARY KEY,
    attempts INTEGER NOT NULL,
    wait_until REAL NOT NULL,
    forget_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS auth_attempts_by_end ON auth_attempts (forget_at);
"""


class SQLiteAttemptStore:
    """An `AttemptStore` in SQLite."""

    def __init__(self, database: SQLiteDatabase) -> None:
        self._database = database

    async def acquire(
        self, key: str, delays: Sequence[float], forget_after: float, now: float
    ) -> float:
        """Count an attempt if none is to be waited for."""

        def work(connection: sqlite3.Connection) -> float:
            _sweep(connection, now)
            row = connection.execute(
                "SELECT attempts, wait_until FROM auth_attempts WHERE key = ? AND forget_at > ?",
                (key, now),
            ).fetchone()
            attempts, wait_until = row or (0, now)
            if attempts and wait_until > (latest := now + delay_after(attempts, delays)):
                wait_until = latest
                connection.execute(
                    "UPDATE auth_attempts SET wait_until = ? WHERE key = ?", (latest, key)
                )
            if wait_until > now:
                return float(wait_until - now)
            delay = delay_after(attempts + 1, delays)
            connection.execute(
                "INSERT OR REPLACE INTO auth_attempts VALUES (?, ?, ?, ?)",
                (key, attempts + 1, now + delay, now + max(delay, forget_after)),
            )
            return 0.0

        return await self._database.write(work)

    async def release(self, key: str) -> None:
        """Take the latest counted attempt back."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE auth_attempts SET attempts = attempts - 1, wait_until = 0 WHERE key = ?",
                (key,),
            )
            connection.execute("DELETE FROM auth_attempts WHERE key = ? AND attempts <= 0", (key,))

        await self._database.write(work)

    async def clear(self, key: str) -> None:
        """Forget the key."""
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM auth_attempts WHERE key = ?", (key,))
        )


def _sweep(connection: sqlite3.Connection, now: float) -> None:
    """Forget a few that are over, so that no sweeper is needed."""
    connection.execute(
        "DELETE FROM auth_attempts WHERE key IN"
        " (SELECT key FROM auth_attempts WHERE forget_at <= ? LIMIT 20)",
        (now,),
    )
