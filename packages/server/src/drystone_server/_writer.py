"""The body of one response, written piece by piece under back-pressure."""

from __future__ import annotations

import asyncio

from ._errors import InvalidResponse
from ._head import CHUNKED, NO_BODY
from ._wire import Sink

_TURNS = 16
"""Pieces that are written before other connections get their turn."""

JOINED = 64 * 1024
"""A response whose body is no larger is made one piece with its head."""


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

    @property
    def head_size(self) -> int:
        """Bytes of the head; 0 once it was sent."""
        return len(self._head)

    async def write(self, piece: bytes | memoryview) -> None:
        """Write a piece, and wait while the client is too slow.

        Raises:
            ClientDisconnected: the client has left.
            InvalidResponse: the body is longer than its Content-Length.
        """
        connection = self._connection
        piece = _as_bytes(piece)
        self._count(len(piece))
        # Also where nothing is left of it, as for HEAD: writing tells that the client has left.
        connection.write_parts(self._frame(piece))
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
        piece = _as_bytes(piece)
        self._count(len(piece))
        if self._framing > 0:
            raise InvalidResponse(f"the body ended {self._framing} bytes before its Content-Length")
        parts = self._frame(piece)
        if self._framing == CHUNKED:
            parts.append(b"0\r\n%b\r\n" % trailers)
        if parts:
            self._connection.write_parts(parts)
        self._connection.response_complete()

    def sent(self, count: int) -> None:
        """Account for bytes that were sent around the writer (``sendfile``)."""
        self._framing -= count

    def _frame(self, piece: bytes | memoryview) -> list[bytes | memoryview]:
        """The head if it was not sent yet, and the piece as it is sent; no copy of either."""
        parts: list[bytes | memoryview] = []
        if self._head:
            parts.append(self._head)
            self._head = b""
            self._connection.response_begins()
        if piece and self._framing == CHUNKED:
            parts += (b"%x\r\n" % len(piece), piece, b"\r\n")
        elif piece and self._framing != NO_BODY:
            parts.append(piece)
        return parts

    def _count(self, size: int) -> None:
        if self._framing < 0:
            return  # no length was said
        if size > self._framing:
            raise InvalidResponse(
                f"the body is longer than its Content-Length: {size} bytes more, "
                f"{self._framing} were left"
            )
        self._framing -= size


def _as_bytes(piece: bytes | memoryview) -> bytes | memoryview:
    """The piece, or a TypeError before anything of it is sent; a copy only of what is small."""
    try:
        return bytes(piece) if len(piece) <= JOINED else memoryview(piece).cast("B")
    except TypeError:
        raise TypeError(
            f"a body is made of bytes, not of {type(piece).__name__}: encode its pieces"
        ) from None
