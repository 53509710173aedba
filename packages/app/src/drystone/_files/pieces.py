"""The bytes of a file, for who changes them on their way."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from drystone_server import FileBody

    from drystone._threads import ThreadPool

_BLOCK = 2**18


class FilePieces:
    """A file body as an async iterator, opened when the first piece is asked for.

    Args:
        body: what to read.
        threads: where to read it.
    """

    def __init__(self, body: FileBody, threads: ThreadPool) -> None:
        self._body = body
        self._threads = threads
        self._file: IO[bytes] | None = None
        self._left = 0

    def __aiter__(self) -> FilePieces:
        return self

    async def __anext__(self) -> bytes:
        if self._file is None:
            self._file, self._left = await self._threads.run(self._body.open)
        if self._left <= 0:
            raise StopAsyncIteration
        piece = await self._threads.run(self._read, self._file)
        self._left -= len(piece)
        return piece

    def _read(self, file: IO[bytes]) -> bytes:
        piece = file.read(min(self._left, _BLOCK))
        if not piece:
            raise OSError(f"{file.name} became shorter while it was sent")
        return piece

    async def aclose(self) -> None:
        """Close the file; also one that came opened and was never read."""
        close = getattr(self._file or self._body.file, "close", None)
        if close is not None:
            close()
