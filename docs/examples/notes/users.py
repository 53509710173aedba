"""The people who keep notes here: a name that nobody else has, and a password's hash."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from drystone_auth import Account, Principal, normalise_account

from ._database import Database
from .store import utc_now

READ, WRITE = "notes:read", "notes:write"


class NameTaken(Exception):
    """Somebody has this name, or one that reads the same."""


@dataclass(frozen=True, slots=True)
class User:
    """A user; the hash of the password never shows in a repr."""

    id: int
    name: str
    password_hash: str = field(repr=False)

    @property
    def principal(self) -> Principal:
        """Who this is to the guards; in person, so nothing is out of scope."""
        scopes = frozenset({READ, WRITE})
        return Principal(str(self.id), scopes=scopes, attributes={"name": self.name})


class UserStore:
    """The users in a :class:`Database`, and what drystone_auth asks about them.

    Args:
        database: Where they are kept.
        now: The clock.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    async def add(self, name: str, password_hash: str) -> User:
        """A new user; raises NameTaken."""
        columns = "name, name_key, password_hash, created"
        sql = f"INSERT INTO users ({columns}) VALUES (?, ?, ?, ?) RETURNING *"
        values = (name, normalise_account(name), password_hash, self._now().isoformat())
        try:
            rows = await self._database.rows(sql, *values)
        except sqlite3.IntegrityError:
            raise NameTaken(name) from None
        return _user(rows[0])

    async def named(self, name: str) -> User | None:
        """The user of this name, however it is written."""
        return await self._find("SELECT * FROM users WHERE name_key = ?", normalise_account(name))

    async def account(self, name: str) -> Account | None:
        """What a login needs to know of the user of this name."""
        user = await self.named(name)
        return Account(user.principal, user.password_hash) if user else None

    async def principal(self, user_id: str) -> Principal | None:
        """Who this id stands for, looked up in each request: a user who is gone is out at once."""
        user = await self._find("SELECT * FROM users WHERE id = ?", int(user_id))
        return user.principal if user else None

    async def set_password_hash(self, user_id: str, password_hash: str) -> None:
        """Replace the hash."""
        sql = "UPDATE users SET password_hash = ? WHERE id = ?"
        await self._database.rows(sql, password_hash, int(user_id))

    async def delete(self, user_id: str) -> None:
        """Delete a user with all notes; their files' bytes are the caller's to remove."""
        await self._database.rows("DELETE FROM users WHERE id = ?", int(user_id))

    async def _find(self, sql: str, value: int | str) -> User | None:
        rows = await self._database.rows(sql, value)
        return _user(rows[0]) if rows else None


def _user(row: sqlite3.Row) -> User:
    return User(row["id"], row["name"], row["password_hash"])
