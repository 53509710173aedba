"""The head of a response: status line, fields, and how the body is framed (RFC 9112, 6.3)."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from ._date import date_line
from ._errors import InvalidResponse
from ._fields import Notes, RenderFields, render_fields

CHUNKED: Final = -1
"""Framed by chunks."""
UNTIL_CLOSE: Final = -2
"""Ended by the end of the connection: all that HTTP/1.0 has for an unknown length."""

NO_BODY: Final = -3
"""The request or the status allows no body: pieces are taken and not sent."""

_BODYLESS: Final = frozenset({204, 304})

PHRASES: Final = {status.value: status.phrase for status in HTTPStatus} | {
    # As RFC 9110 names them; the names in http differ between versions of Python.
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}

STATUS_LINES: Final = {
    status: f"HTTP/1.1 {status} {PHRASES.get(status, '')}\r\n".encode()
    for status in range(100, 600)
}


class ResponseFacts:
    """What the request and the connection decide about a response.

    Attributes:
        head_only: the request was HEAD, so no body is sent.
        http10: the client speaks HTTP/1.0, so it knows no chunks.
        keep: whether the connection stays open; a rendered ``Connection: close`` clears it.
    """

    __slots__ = ("head_only", "http10", "keep")

    def __init__(self, head_only: bool = False, http10: bool = False, keep: bool = True) -> None:
        self.head_only = head_only
        self.http10 = http10
        self.keep = keep


class HeadRenderer:
    """Renders heads for one server.

    Args:
        server: the value of the ``Server`` field; None sends none.
        clock: gives the seconds since the epoch.
    """

    __slots__ = ("_clock", "_date", "_openings", "_second", "_server")

    def __init__(self, server: str | None = None, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._server = b"" if server is None else _server_line(server)
        self._openings: dict[int, bytes] = {}
        self._begin_second(clock())

    def whole(
        self,
        status: int,
        fields: Any,
        body: bytes,
        facts: ResponseFacts,
        render: RenderFields = render_fields,
    ) -> bytes:
        """Render a response whose body is at hand.

        Args:
            status: 200 to 599.
            fields: what ``render`` takes.
            body: the content; left out where the request or the status allows none.
            facts: what else decides; ``keep`` is updated.
            render: for str or for bytes fields.

        Raises:
            InvalidResponse: the response cannot be sent as it is.
        """
        block, length, notes = render(fields)
        size = len(body)
        if (
            notes is None
            and facts.keep
            and not (facts.http10 or facts.head_only or status in _BODYLESS)
            and (length is None or length == size)
        ):
            # What nearly every response is: a body, and nothing about the connection to say.
            return b"%b%d\r\n%b\r\n%b" % (self._opening(status), size, block, body)
        bodyless = facts.head_only or status in _BODYLESS
        if length is not None and length != size:
            if not bodyless:  # where nothing is sent, the length is the handler's to tell
                raise InvalidResponse(f"Content-Length is {length}, but the body has {size} bytes")
            size = length
        shown = size if status not in _BODYLESS or (length is not None and status == 304) else None
        head = self._join(status, block, notes, _length_line(shown), facts)
        return head if bodyless else head + body

    def streamed(
        self,
        status: int,
        fields: Any,
        length: int | None,
        facts: ResponseFacts,
        render: RenderFields = render_fields,
    ) -> tuple[bytes, int]:
        """Render the head of a response whose body comes in pieces.

        Args:
            status: 200 to 599.
            fields: what ``render`` takes.
            length: how many bytes the body has, where the server knows it.
            facts: what else decides; ``keep`` is updated.
            render: for str or for bytes fields.

        Returns:
            The head; and how many bytes of body may follow, or CHUNKED, UNTIL_CLOSE, NO_BODY.

        Raises:
            InvalidResponse: the response cannot be sent as it is.
        """
        block, given, notes = render(fields)
        told = facts.head_only or status in _BODYLESS  # then the length is the handler's to tell
        if length is not None and given not in (None, length) and not told:
            raise InvalidResponse(f"Content-Length is {given}, but the body has {length} bytes")
        length = length if given is None else given
        if status in _BODYLESS:
            shown = length if status == 304 else None
            return self._join(status, block, notes, _length_line(shown), facts), NO_BODY
        if length is None and facts.http10:
            facts.keep = False
            head = self._join(status, block, notes, b"", facts)
            return head, NO_BODY if facts.head_only else UNTIL_CLOSE
        framing = b"Transfer-Encoding: chunked\r\n" if length is None else _length_line(length)
        head = self._join(status, block, notes, framing, facts)
        if facts.head_only:
            return head, NO_BODY
        return head, CHUNKED if length is None else length

    def interim(self, status: int, fields: Any, render: RenderFields = render_fields) -> bytes:
        """Render an interim response (RFC 9110, 15.2), or what gives the connection away.

        Raises:
            InvalidResponse: a field is malformed, or concerns framing.
        """
        block, length, notes = render(fields)
        if length is not None:
            raise InvalidResponse(f"a {status} response has no Content-Length (RFC 9110, 8.6)")
        tokens = b"" if notes is None or not notes.tokens else notes.tokens
        connection = b"Connection: %b\r\n" % tokens if tokens else b""
        return b"%b%b%b\r\n" % (STATUS_LINES[status], connection, block)

    def _opening(self, status: int) -> bytes:
        """What responses of this status begin with, the same for a whole second."""
        now = self._clock()
        if not 0.0 <= now - self._second < 1.0:  # a clock may be set back
            self._begin_second(now)
        opening = self._openings.get(status)
        if opening is None:
            opening = b"%b%b%bContent-Length: " % (_status_line(status), self._date, self._server)
            self._openings[status] = opening
        return opening

    def _begin_second(self, now: float) -> None:
        self._second = int(now)
        self._date = date_line(self._second)
        self._openings.clear()

    def _join(
        self, status: int, block: bytes, notes: Notes | None, framing: bytes, facts: ResponseFacts
    ) -> bytes:
        self._opening(status)  # of this second
        date, server, tokens = self._date, self._server, b""
        if notes is not None:
            facts.keep = facts.keep and not notes.close
            tokens = notes.tokens
            if notes.date is not None:
                date = b"Date: %b\r\n" % notes.date
            if notes.server is not None:
                server = b"Server: %b\r\n" % notes.server
        if not facts.keep or facts.http10:
            own = b"keep-alive" if facts.keep else b"close"
            tokens = own + b", " + tokens if tokens else own
        connection = b"Connection: %b\r\n" % tokens if tokens else b""
        return b"%b%b%b%b%b%b\r\n" % (
            _status_line(status), date, server, connection, framing, block,
        )  # fmt: skip


def _status_line(status: int) -> bytes:
    line = STATUS_LINES.get(status)
    if line is None or status < 200:
        raise InvalidResponse(f"{status!r} is not a final status: it takes an int of 200 to 599")
    return line


def _length_line(length: int | None) -> bytes:
    return b"" if length is None else b"Content-Length: %d\r\n" % length


def _server_line(server: str) -> bytes:
    _, _, notes = render_fields([("Server", server)])
    assert notes is not None  # noqa: S101 (Server is a field that is noted)
    return b"Server: %b\r\n" % (notes.server or b"")
