"""The plain response: what a handler returns when it has no framework."""

from __future__ import annotations

from collections.abc import Callable

from ._interfaces import Body, FieldPairs


class Response:
    """A status, header fields and a body.

    Args:
        body: bytes; an async iterable of bytes, sent as it comes (chunked, or with the
            ``Content-Length`` among the headers, which is then checked); or a `FileBody`.
        status: a final status, 200 to 599.
        headers: a mapping or (name, value) pairs.
        trailers: fields to send after a chunked body, or a function that gives them then.
    """

    __slots__ = ("body", "headers", "status", "trailers")

    def __init__(
        self,
        body: Body = b"",
        status: int = 200,
        headers: FieldPairs = (),
        trailers: FieldPairs | Callable[[], FieldPairs] = (),
    ) -> None:
        self.body = body
        self.status = status
        self.headers = headers
        self.trailers = trailers

    def __repr__(self) -> str:
        body = f"{len(self.body)} bytes" if isinstance(self.body, bytes) else repr(self.body)
        return f"<Response {self.status} {body}>"
