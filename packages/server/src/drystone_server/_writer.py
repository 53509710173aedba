"""The body of one response, written piece by piece under back-pressure."""

from __future__ import annotations

import asyncio

from ._errors import InvalidResponse
from ._head import CHUNKED, NO_BODY, UNTIL_CLOSE
from ._wire import Sink

_TURNS = 16
"""Pieces that are written before other connections get their turn."""

JOINED = 64 * 1024
"""Pieces up to this size are copied behind their chunk line, so that they are one write."""


class ResponseWriter:
    """Frames and writes the pieces; the head goes with the first of them.

    Until then nothing was sent, so that an error can still be answered. An empty piece sends the
    head by itself.

    Args:
        connection: where to write.
        head: the rendered head.
        framing: the number of bytes to come, or CHUNKED, UNTIL_CLOSE, NO_BODY.
    """

    __slots__ = ("_connection", "_framing", "_head", "_turns")

    def __init__(self, connection: Sink, head: bytes, framing: int) -> None:
        self._connection = connection
        self._head = head
        self._framing = framing
        self._turns = 0

    @property
    def bodyless(self) -> bool:
        """Whether the request or the status allows no body."""
        return self._framing == NO_BODY

    async def write(self, piece: bytes | memoryview) -> None:
        """Write a piece, and wait while the client is too slow.

        Raises:
            ClientDisconnected: the client has left.
            InvalidResponse: the body is longer than its Content-Length.
        """
        connection = self._connection
        if len(piece) > JOINED:
            for part in self._split(piece):
                connection.write(part)
        else:
            framed = self._frame(piece)
            # Also where nothing is left of it, as for HEAD: writing tells that the client has left.
            connection.write(self._take_head() + framed)
        self._turns += 1
        if connection.blocked is not None:
            await connection.wait_until_writable()
        elif self._turns % _TURNS == 0:
            await asyncio.sleep(0)

    async def finish(self, piece: bytes | memoryview = b"", trailers: bytes = b"") -> None:
        """Write the last piece and what ends the body.

        Raises:
            ClientDisconnected: the client has left.
            InvalidResponse: the body has not the length that was said.
        """
        if len(piece) > JOINED:
            await self.write(piece)
            piece = b""
        framed = self._frame(piece)
        if self._framing == CHUNKED:
            framed += b"0\r\n" + trailers + b"\r\n"
        elif self._framing > 0:
            raise InvalidResponse(f"the body ended {self._framing} bytes before its Content-Length")
        data = self._take_head() + framed
        if data:
            self._connection.write(data)
        self._connection.response_complete()

    def sent(self, count: int) -> None:
        """Account for bytes that were sent around the writer (``sendfile``)."""
        self._framing -= count

    def _take_head(self) -> bytes:
        head, self._head = self._head, b""
        if head:
            self._connection.response_begins()
        return head

    def _frame(self, piece: bytes | memoryview) -> bytes:
        piece = bytes(piece)  # of bytes no copy
        framing = self._framing
        if framing == CHUNKED:
            return b"%x\r\n%b\r\n" % (len(piece), piece) if piece else b""
        if framing == NO_BODY:
            return b""
        if framing != UNTIL_CLOSE:
            self._count(len(piece))
        return piece

    def _split(self, piece: bytes | memoryview) -> list[bytes | memoryview]:
        """Frame a large piece without copying it."""
        if self._framing == CHUNKED:
            return [b"%b%x\r\n" % (self._take_head(), len(piece)), piece, b"\r\n"]
        if self._framing >= 0:
            self._count(len(piece))
        head = self._take_head()
        parts: list[bytes | memoryview] = [head] if head else []
        return parts if self.bodyless else [*parts, piece]

    def _count(self, size: int) -> None:
        if size > self._framing:
            raise InvalidResponse(
                f"the body is longer than its Content-Length: {size} bytes more, "
                f"{self._framing} were left"
            )
        self._framing -= size
