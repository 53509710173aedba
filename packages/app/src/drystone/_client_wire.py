"""Reading responses from the stream of a connection."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from drystone_parser import Headers


@dataclass(slots=True)
class ResponseHead:
    """What stands before a body."""

    status: int
    reason: str
    http_version: str
    headers: Headers


class WireReader:
    """Reads one response.

    Args:
        stream: what the server writes.
        method: of the request, as the answer to HEAD has no body.
    """

    def __init__(self, stream: asyncio.StreamReader, method: str) -> None:
        self._stream = stream
        self._method = method
        self._chunked = False
        self._left: int | None = None
        self.complete = False

    async def read_head(self) -> ResponseHead:
        """Read the head of the final response; interim ones (1xx) are passed over."""
        while True:
            block = await self._stream.readuntil(b"\r\n\r\n")
            start, *lines = block[:-4].decode("latin-1").split("\r\n")
            version, status, *reason = start.split(" ", 2)
            pairs = [line.split(":", 1) for line in lines]
            headers = Headers((name, value.strip()) for name, value in pairs)
            if not status.startswith("1"):
                self._frame(int(status), headers)
                return ResponseHead(int(status), "".join(reason), version[5:], headers)

    def _frame(self, status: int, headers: Headers) -> None:
        length = headers.get("content-length")
        if self._method == "HEAD" or status in (204, 304):
            self.complete = True
        elif headers.get("transfer-encoding") == "chunked":
            self._chunked = True
        elif length is not None:
            self._left = int(length)
            self.complete = self._left == 0

    async def read_piece(self) -> bytes:
        """The next piece of the body; empty at its end."""
        if self.complete:
            return b""
        if self._chunked:
            size = int(await self._stream.readuntil(b"\r\n"), 16)
            piece = await self._stream.readexactly(size)
            await self._stream.readexactly(2)
            self.complete = size == 0
            return piece
        if self._left is None:
            piece = await self._stream.read(65536)
            return piece
        piece = await self._stream.read(min(self._left, 65536))
        self._left -= len(piece)
        self.complete = self._left == 0
        return piece
