"""A file that came with a form: in memory while small, in a temporary file when large."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import NoneType, UnionType
from typing import IO, TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

if TYPE_CHECKING:
    from drystone._threads import ThreadPool

_BLOCK = 2**18  # bytes at a time: going to a thread costs more than a small write


class UploadFile:
    """One uploaded file. Disk is touched in threads only.

    Args:
        filename: as the client said it: never a path to write to; see `safe_name`.
        content_type: as the client said it.
        memory: bytes to keep in memory; a longer file goes to disk.
        threads: where the disk is touched.

    Attributes:
        size: bytes so far.
    """

    def __init__(self, filename: str, content_type: str, memory: int, threads: ThreadPool) -> None:
        self.filename = filename
        self.content_type = content_type
        self.size = 0
        self._memory = memory
        self._threads = threads
        self._file: IO[bytes] = BytesIO()
        self._on_disk = False
        self._pending = bytearray()

    @property
    def on_disk(self) -> bool:
        """Whether the file outgrew its place in memory."""
        return self._on_disk

    @property
    def safe_name(self) -> str:
        """The last part of the file name, without anything that could lead elsewhere."""
        name = PureWindowsPath(PurePosixPath(self.filename).name).name
        name = "".join(char for char in name if char.isprintable())
        return "" if name in {".", ".."} else name

    async def write(self, data: bytes | bytearray) -> None:
        """Append data while the form is read."""
        self.size += len(data)
        if not self._on_disk and self.size <= self._memory:
            self._file.write(data)
            return
        self._pending += data
        if len(self._pending) >= _BLOCK:
            await self._flush()

    async def _flush(self) -> None:
        pending, self._pending = self._pending, bytearray()
        await self._threads.run(self._write_to_disk, pending)

    def _write_to_disk(self, data: bytearray) -> None:
        if not self._on_disk:
            from shutil import copyfileobj
            from tempfile import TemporaryFile

            kept = self._file
            kept.seek(0)
            self._file = TemporaryFile(prefix="drystone-upload-")  # noqa: SIM115  # closed by close()
            copyfileobj(kept, self._file)
            self._on_disk = True
        self._file.write(data)

    async def seek(self, offset: int) -> None:
        """Go to a place, in bytes from the start; the next read begins there."""
        if self._pending:
            await self._flush()
        self._file.seek(offset)

    async def read(self, size: int = -1) -> bytes:
        """Read so many bytes, or what is left."""
        if self._on_disk:
            return await self._threads.run(self._file.read, size)
        return self._file.read(size)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """What is left, in pieces of at most 256 KiB."""
        while piece := await self.read(_BLOCK):
            yield piece

    @property
    def file(self) -> IO[bytes]:
        """The file itself, for libraries and plain functions; in a thread, as it may be on disk."""
        return self._file

    async def save(self, path: str | os.PathLike[str]) -> None:
        """Copy the whole file to a path, which is replaced where it exists."""
        await self.seek(0)
        await self._threads.run(self._copy_to, Path(path))

    def _copy_to(self, path: Path) -> None:
        from shutil import copyfileobj

        with path.open("wb") as target:
            copyfileobj(self._file, target)

    async def close(self) -> None:
        """Let go of the file and its disk space."""
        self._file.close()

    def __repr__(self) -> str:
        return f"<UploadFile {self.filename!r} {self.content_type} {self.size} bytes>"


def files_wanted(type: Any) -> Literal["", "one", "many"]:
    """Whether a type is an `UploadFile`, or a list of them; None may be an alternative."""
    if type is UploadFile:
        return "one"
    origin, arguments = get_origin(type), get_args(type)
    if origin in (Union, UnionType):
        members = [member for member in arguments if member is not NoneType]
        return files_wanted(members[0]) if len(members) == 1 else ""
    return "many" if origin is list and arguments == (UploadFile,) else ""


def is_left_empty(value: object) -> bool:
    """Whether it is what a browser sends for a file input that was not used."""
    return isinstance(value, UploadFile) and not value.filename
