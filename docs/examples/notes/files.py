"""The files that hang on notes: their names in the database, their bytes in a folder beside it."""

import asyncio
import sqlite3
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from ._database import Database
from .store import NoteNotFound

FILE_MAX = 20 * 2**20  # bytes
UPLOAD_MAX = 2 * FILE_MAX  # bytes of one form
NAME_MAX = 200  # characters
LEFTOVER = 3600.0  # seconds after which a file that no note refers to was left by a crash

# What a browser may show; everything else is a download of unknown kind, whatever the sender said.
SHOWN = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".webp": "image/webp",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A file on a note; ``stored`` is its name in the folder, which nobody chose."""

    id: int
    name: str
    size: int
    stored: str

    @property
    def media_type(self) -> str:
        """What it is sent as."""
        return SHOWN.get(Path(self.name).suffix.lower(), "application/octet-stream")

    @property
    def is_image(self) -> bool:
        """Whether a page may show it."""
        return self.media_type.startswith("image/")


class FileStore:
    """The files of notes.

    Args:
        database: Where their names are kept.
        folder: Where their bytes are kept; made if it is missing.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self.folder = folder

    async def open(self) -> None:
        """Make the folder, and clear it of what no note refers to any more."""
        await asyncio.to_thread(self.folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        known = {row["stored"] for row in await self._database.rows("SELECT stored FROM files")}
        await asyncio.to_thread(self._remove_unknown, known)

    async def add(
        self,
        owner: int,
        note_id: int,
        name: str,
        size: int,
        save: Callable[[Path], Awaitable[None]],
    ) -> None:
        """Store a file; ``save(path)`` writes it. Raises NoteNotFound."""
        stored = uuid.uuid4().hex
        await save(self.folder / stored)
        sql = """INSERT INTO files (note, name, size, stored)
                 SELECT id, ?, ?, ? FROM notes WHERE id = ? AND owner = ? RETURNING id"""
        values = (name[-NAME_MAX:] or "file", size, stored, note_id, owner)
        if not await self._database.rows(sql, *values):
            await asyncio.to_thread((self.folder / stored).unlink)
            raise NoteNotFound("there is no such note")

    async def of(self, owner: int, note_id: int) -> list[File]:
        """The files of a note, in the order they came."""
        sql = """SELECT files.* FROM files JOIN notes ON notes.id = files.note
                 WHERE note = ? AND owner = ? ORDER BY files.id"""
        return [_file(row) for row in await self._database.rows(sql, note_id, owner)]

    async def of_user(self, owner: int) -> list[File]:
        """The files of all of a user's notes."""
        sql = "SELECT files.* FROM files JOIN notes ON notes.id = files.note WHERE owner = ?"
        return [_file(row) for row in await self._database.rows(sql, owner)]

    async def get(self, owner: int, note_id: int, file_id: int) -> File:
        """One file; raises NoteNotFound."""
        found = [file for file in await self.of(owner, note_id) if file.id == file_id]
        if not found:
            raise NoteNotFound("there is no such file")
        return found[0]

    async def delete(self, owner: int, note_id: int, file_id: int) -> File:
        """Take a file off its note; raises NoteNotFound."""
        file = await self.get(owner, note_id, file_id)
        await self._database.rows("DELETE FROM files WHERE id = ?", file.id)
        await self.forget([file])
        return file

    async def forget(self, files: list[File]) -> None:
        """Remove the bytes of files that are in the database no more."""
        await asyncio.to_thread(self._remove, files)

    def _remove(self, files: list[File]) -> None:
        for file in files:
            (self.folder / file.stored).unlink(missing_ok=True)

    def _remove_unknown(self, known: set[str]) -> None:
        for path in self.folder.iterdir():
            # A young one may be on its way in through another process.
            if path.name not in known and path.stat().st_mtime < time.time() - LEFTOVER:
                path.unlink(missing_ok=True)


def _file(row: sqlite3.Row) -> File:
    return File(row["id"], row["name"], row["size"], row["stored"])
