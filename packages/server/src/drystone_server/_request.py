"""The plain request: an object for a parser to fill, for handlers that have no framework."""

from __future__ import annotations

from typing import Any

from ._errors import BodyTooLarge


class Request:
    """A request as the parser filled it, with what the connection adds.

    Attributes:
        method: as received; methods are case-sensitive.
        target: the request target as received.
        raw_path: the path, still percent-encoded.
        query_string: what follows ``?``, without it.
        http_version: ``"1.1"`` or ``"1.0"``.
        headers: the fields.
        keep_alive: whether the client can use the connection again.
        expect_continue: whether it waits for 100 Continue before it sends the body.
        content_length: bytes of the body; 0 without one, None when it is chunked.
        upgrade: whether it offers another protocol, or is a CONNECT.
        trailers: the fields after a chunked body, once it was read.
        receive: ``async () -> bytes``, the next piece of the body; ``b""`` ends it.
        connection: the `HTTPConnection`.
    """

    __slots__ = (
        "connection",
        "content_length",
        "expect_continue",
        "headers",
        "http_version",
        "keep_alive",
        "method",
        "query_string",
        "raw_path",
        "receive",
        "target",
        "trailers",
        "upgrade",
    )

    method: str
    target: str
    raw_path: str
    query_string: str
    http_version: str
    headers: Any
    keep_alive: bool
    expect_continue: bool
    content_length: int | None
    upgrade: bool
    trailers: Any
    receive: Any
    connection: Any

    async def body(self, limit: int = 1024 * 1024) -> bytes:
        """Read the body whole.

        Args:
            limit: bytes that are too many.

        Raises:
            BodyTooLarge: the body is longer than the limit.
        """
        pieces: list[bytes] = []
        size = 0
        while piece := await self.receive():
            size += len(piece)
            if size > limit:
                raise BodyTooLarge(f"the body is longer than the {limit} bytes that were asked for")
            pieces.append(piece)
        return b"".join(pieces)

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.target}>"
