"""What the server asks of a parser, a request and a response.

Nothing here is imported by the packages that meet these shapes; they only have to fit.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping
from typing import Any, Protocol, TypeAlias, TypeVar

from ._file import FileBody

FieldPairs: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]
"""Header fields: a mapping, or (name, value) pairs where a name may come again."""

Body: TypeAlias = bytes | AsyncIterable[bytes] | FileBody


class RequestHeaders(Protocol):
    """The fields of a request."""

    def get(self, name: str, /) -> str | None:
        """The value of the field, its name in any case; None where it is missing."""
        ...

    def items(self) -> Iterable[tuple[str, str]]:
        """Names and values in the order received."""
        ...


class IncomingRequest(Protocol):
    """What a parser fills, and the two attributes that the connection adds."""

    method: str
    target: str
    raw_path: str
    query_string: str
    http_version: str
    keep_alive: bool
    expect_continue: bool
    content_length: int | None
    upgrade: bool
    receive: Any
    """``async () -> bytes``: a piece of the body, ``b""`` at its end. Set by the connection."""
    connection: Any
    """The `HTTPConnection` that brought the request; set by the connection."""

    @property
    def headers(self) -> RequestHeaders:
        """The header fields."""
        ...


R = TypeVar("R", bound=IncomingRequest)
R_co = TypeVar("R_co", bound=IncomingRequest, covariant=True)


class Parser(Protocol[R_co]):
    """Bytes in, requests and pieces of bodies out. One parser serves one connection.

    ``next_request`` and ``next_body`` raise where the fault lies in the order of messages; an
    exception with an integer ``status`` is answered with it.
    """

    def feed(self, data: bytes, /) -> None:
        """Append bytes; never raises."""
        ...

    def feed_eof(self) -> None:
        """The peer will send no more; never raises."""
        ...

    def next_request(self) -> R_co | None:
        """The next head, or None for "not yet"; called only when the body before it was read."""
        ...

    def next_body(self) -> bytes | None:
        """A piece of the body, ``b""`` when it is complete, None for "not yet".

        Never called where ``content_length`` is 0: such a request has no body to read.
        """
        ...

    def release(self) -> bytes:
        """The bytes that were fed and not used; the connection is somebody else's from now on."""
        ...


class OutgoingResponse(Protocol):
    """What a handler returns."""

    @property
    def status(self) -> int:
        """A final status, 200 to 599."""
        ...

    @property
    def headers(self) -> FieldPairs:
        """The header fields; the server adds those of framing, and Date."""
        ...

    @property
    def body(self) -> Body:
        """Bytes, an async iterable of bytes, or a `FileBody`."""
        ...


Handler: TypeAlias = Callable[[R], Awaitable[OutgoingResponse | None]]
"""``async (request) -> response``; None where it answered by `HTTPConnection.respond`."""


ErrorResponse: TypeAlias = Callable[[int, str], OutgoingResponse]
"""``(status, detail) -> response`` of few bytes; the detail, often empty, is for the client."""
