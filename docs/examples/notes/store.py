"""The notes, each belonging to one user: add, get, list, search, change, delete."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from . import _search
from ._database import Database

PAGE = 50  # notes in one list
BIGGEST = 2**63 - 1  # integer of SQLite


class NoteNotFound(LookupError):
    """There is no such note, or it is another user's: nobody can tell which."""

    status = 404


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it is stored; the times are in UTC."""

    id: int
    title: str
    text: str
    created: datetime
    changed: datetime


@dataclass(frozen=True, slots=True)
class NotePage:
    """One page of a list, newest first; ``before`` asks for the next, and is None on the last."""

    notes: list[Note]
    before: int | None


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class NoteStore:
    """The notes in a :class:`Database`. Every method sees the notes of the given owner only.

    Args:
        database: Where they are kept.
        now: The clock.
        changed: Called with the owner's id after each change.
        full_text: Whether to search by SQLite's full-text index; by default if it was built in.
    """

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime] = utc_now,
        changed: Callable[[int], object] = lambda owner: None,
        full_text: bool | None = None,
    ) -> None:
        self._database = database
        self._now = now
        self._changed = changed
        self._full_text = full_text

    async def open(self) -> None:
        """Prepare the search; the database has to be open."""
        self._full_text = await self._database.run(self._prepare)

    async def add(self, owner: int, title: str, text: str) -> Note:
        """Store a new note."""
        now = self._now().isoformat()
        values = (owner, title, text, now, now)
        columns = "owner, title, text, created, changed"
        sql = f"INSERT INTO notes ({columns}) VALUES (?, ?, ?, ?, ?) RETURNING *"
        note = await self._one(sql, *values)
        self._changed(owner)
        return note

    async def get(self, owner: int, note_id: int) -> Note:
        """The note; raises NoteNotFound."""
        sql = "SELECT * FROM notes WHERE id = ? AND owner = ?"
        return await self._one(sql, note_id, owner)

    async def find(
        self, owner: int, query: str = "", *, before: int | None = None, limit: int = PAGE
    ) -> NotePage:
        """The newest notes that hold every word of ``query``; after a page, those ``before`` it."""
        matches, words = _search.condition(query, full_text=bool(self._full_text))
        older = "AND id < ?" if before is not None else ""
        first = [min(before, BIGGEST)] if before is not None else []
        values: list[int | str] = [owner, *words, *first, limit + 1]
        sql = f"SELECT * FROM notes WHERE owner = ? AND {matches} {older} ORDER BY id DESC LIMIT ?"
        rows = await self._database.rows(sql, *values)
        notes = [_note(row) for row in rows[:limit]]
        return NotePage(notes, before=notes[-1].id if len(rows) > limit else None)

    async def change(self, owner: int, note_id: int, title: str, text: str) -> Note:
        """Replace the title and the text; raises NoteNotFound."""
        change = "UPDATE notes SET title = ?, text = ?, changed = ?"
        sql = f"{change} WHERE id = ? AND owner = ? RETURNING *"
        values = (title, text, self._now().isoformat(), note_id, owner)
        note = await self._one(sql, *values)
        self._changed(owner)
        return note

    async def delete(self, owner: int, note_id: int) -> Note:
        """Delete the note for good and answer what it was; raises NoteNotFound."""
        sql = "DELETE FROM notes WHERE id = ? AND owner = ? RETURNING *"
        note = await self._one(sql, note_id, owner)
        self._changed(owner)
        return note

    async def _one(self, sql: str, *values: int | str) -> Note:
        """The note that the statement answers."""
        rows = await self._database.rows(sql, *values)
        if not rows:
            raise NoteNotFound("there is no such note")
        return _note(rows[0])

    def _prepare(self, db: sqlite3.Connection) -> bool:
        full_text = _search.has_full_text(db) if self._full_text is None else self._full_text
        _search.prepare(db, full_text=full_text)
        return full_text


def _note(row: sqlite3.Row) -> Note:
    return Note(
        row["id"], row["title"], row["text"],
        datetime.fromisoformat(row["created"]), datetime.fromisoformat(row["changed"]),
    )  # fmt: skip
