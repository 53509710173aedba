"""The people who keep notes here: a name that nobody else has, and a password's hash."""

import sqlite3
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ._database import Database
from .store import utc_now


class NameTaken(Exception):
    """Somebody has this name, or one that reads the same."""


@dataclass(frozen=True, slots=True)
class User:
    """A user; the hash of the password never shows in a repr."""

    id: int
    name: str
    password_hash: str = field(repr=False)


class UserStore:
    """The users in a :class:`Database`.

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
        values = (name, name_key(name), password_hash, self._now().isoformat())
        try:
            rows = await self._database.run(lambda db: db.execute(sql, values).fetchall())
        except sqlite3.IntegrityError:
            raise NameTaken(name) from None
        return _user(rows[0])

    async def get(self, user_id: int) -> User | None:
        """The user of this id."""
        return await self._find("SELECT * FROM users WHERE id = ?", user_id)

    async def named(self, name: str) -> User | None:
        """The user of this name, however it is written."""
        return await self._find("SELECT * FROM users WHERE name_key = ?", name_key(name))

    async def set_password_hash(self, user_id: int, password_hash: str) -> None:
        """Replace the hash."""
        sql = "UPDATE users SET password_hash = ? WHERE id = ?"
        await self._database.run(lambda db: db.execute(sql, (password_hash, user_id)))

    async def _find(self, sql: str, value: int | str) -> User | None:
        row = await self._database.run(lambda db: db.execute(sql, (value,)).fetchone())
        return None if row is None else _user(row)


def name_key(name: str) -> str:
    """What two names share that a reader takes for the same: "Ａda" and "ada" are one user."""
    return unicodedata.normalize("NFKC", name.strip()).casefold()


def _user(row: sqlite3.Row) -> User:
    return User(row["id"], row["name"], row["password_hash"])
