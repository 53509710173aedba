"""Access tokens and one-time tokens in SQLite."""

import sqlite3
from typing import Any

from drystone_auth._tokens import AccessToken, OneTimeToken

from .database import SQLiteDatabase

TABLES = """
CREATE TABLE IF NOT EXISTS auth_access_tokens (
    handle TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    label TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at REAL NOT NULL,
    expires_at REAL,
    last_used_at REAL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS auth_access_tokens_by_user ON auth_access_tokens (user_id);
CREATE TABLE IF NOT EXISTS auth_one_time_tokens (
    key TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id TEXT NOT NULL,
    data TEXT NOT NULL,
    expires_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS auth_one_time_tokens_by_user ON auth_one_time_tokens (user_id, purpose);
CREATE INDEX IF NOT EXISTS auth_one_time_tokens_by_end ON auth_one_time_tokens (expires_at);
"""


class SQLiteAccessTokenStore:
    """An `AccessTokenStore` in SQLite."""

    def __init__(self, database: SQLiteDatabase) -> None:
        self._database = database

    async def insert(self, token: AccessToken, now: float) -> None:
        """Keep a new token; forgets this user's that are over."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "DELETE FROM auth_access_tokens WHERE user_id = ? AND expires_at <= ?",
                (token.user_id, now),
            )
            connection.execute(
                "INSERT INTO auth_access_tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    token.handle,
                    token.key,
                    token.user_id,
                    token.label,
                    " ".join(sorted(token.scopes)),
                    token.created_at,
                    token.expires_at,
                    token.last_used_at,
                ),
            )

        await self._database.write(work)

    async def find(self, key: str, now: float) -> AccessToken | None:
        """Find the token with this key."""
        found = await self._select("key = ?", key, now)
        return found[0] if found else None

    async def used(self, handle: str, now: float) -> None:
        """Note that it was used now."""
        await self._database.write(
            lambda connection: connection.execute(
                "UPDATE auth_access_tokens SET last_used_at = MAX(COALESCE(last_used_at, 0), ?)"
                " WHERE handle = ?",
                (now, handle),
            )
        )

    async def owned(self, user_id: str, now: float) -> list[AccessToken]:
        """List a user's tokens, the newest first."""
        return await self._select("user_id = ?", user_id, now)

    async def delete_owned(self, user_id: str, handle: str | None = None) -> int:
        """Forget the user's token with this handle, or all."""
        return await self._database.write(
            lambda connection: (
                connection.execute(
                    "DELETE FROM auth_access_tokens"
                    " WHERE user_id = ? AND handle = COALESCE(?, handle)",
                    (user_id, handle),
                ).rowcount
            )
        )

    async def _select(self, condition: str, value: str, now: float) -> list[AccessToken]:
        def work(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
            return connection.execute(
                f"SELECT * FROM auth_access_tokens WHERE {condition}"  # noqa: S608 - from this class
                " AND (expires_at IS NULL OR expires_at > ?) ORDER BY created_at DESC",
                (value, now),
            ).fetchall()

        rows = await self._database.read(work)
        return [_access_token(row) for row in rows]


class SQLiteOneTimeTokenStore:
    """A `OneTimeTokenStore` in SQLite."""

    def __init__(self, database: SQLiteDatabase) -> None:
        self._database = database

    async def insert(self, token: OneTimeToken, now: float) -> None:
        """Keep a new token; forgets all that are over."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM auth_one_time_tokens WHERE expires_at <= ?", (now,))
            connection.execute(
                "INSERT INTO auth_one_time_tokens VALUES (?, ?, ?, ?, ?)",
                (token.key, token.purpose, token.user_id, token.data, token.expires_at),
            )

        await self._database.write(work)

    async def find(self, key: str, purpose: str, now: float) -> OneTimeToken | None:
        """Find the token with this key if it is for this purpose."""
        return await self._database.read(lambda connection: _find(connection, key, purpose, now))

    async def take(self, key: str, purpose: str, now: float) -> OneTimeToken | None:
        """Find it and forget it, in one transaction."""

        def work(connection: sqlite3.Connection) -> OneTimeToken | None:
            found = _find(connection, key, purpose, now)
            if found is not None:
                connection.execute("DELETE FROM auth_one_time_tokens WHERE key = ?", (key,))
            return found

        return await self._database.write(work)

    async def delete_owned(self, user_id: str, purpose: str) -> None:
        """Forget the user's tokens for this purpose."""
        await self._database.write(
            lambda connection: connection.execute(
                "DELETE FROM auth_one_time_tokens WHERE user_id = ? AND purpose = ?",
                (user_id, purpose),
            )
        )


def _access_token(row: tuple[Any, ...]) -> AccessToken:
    fields = (*row[:4], frozenset(row[4].split()), *row[5:])
    return AccessToken(*fields)


def _find(
    connection: sqlite3.Connection, key: str, purpose: str, now: float
) -> OneTimeToken | None:
    row = connection.execute(
        "SELECT * FROM auth_one_time_tokens WHERE key = ? AND purpose = ? AND expires_at > ?",
        (key, purpose, now),
    ).fetchone()
    return None if row is None else OneTimeToken(*row)
