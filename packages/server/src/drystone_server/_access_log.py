"""The access log: a line for each request, by the logger ``drystone_server.access``.

    127.0.0.1 "GET /notes?page=2 HTTP/1.1" 200 5120 0.8 ms

The address, the request line, the status, the bytes of the body as they were sent (framing
included), and the time from the head of the request to the end of the response. A dash stands for
what there is not; ``, cut`` ends the line of a response that was broken off. Bytes that were no
request have a line, too, which ends with what was wrong. Formatters find all of it in the arguments
of the record.
"""

from __future__ import annotations

import logging
from typing import Any, Final

from ._fields import render_fields
from ._interfaces import FieldPairs, R
from ._proxied import ProxiedConnection
from ._takeover import TakenConnection
from ._writer import ResponseWriter

logger = logging.getLogger("drystone_server.access")

_LINE: Final = '%s "%s %s HTTP/%s" %s %d %.1f ms%s'
_BODYLESS: Final = (204, 304)
_LONGEST: Final = 200
"""Characters of what is said of bytes that were no request."""


class Entry:
    """One line, until it is written.

    Args:
        request: None for what was no request.
        begun: when, by the loop's clock.
        end: what ends the line.

    Attributes:
        status: of the response that has begun; None before.
        before: bytes that were written on the connection before its body.
        written: whether the line was.
    """

    __slots__ = ("before", "begun", "end", "request", "status", "written")

    def __init__(self, request: Any, begun: float, end: str = "") -> None:
        self.request = request
        self.end = end
        self.begun = begun
        self.status: int | None = None
        self.before = 0
        self.written = False


class LoggedConnection(ProxiedConnection[R]):
    """An `HTTPConnection` that writes a line for each request.

    The line is written with the end of the response; for a request that got no whole response, when
    its handler has ended.
    """

    __slots__ = ("_entry",)

    async def _serve(self, request: R) -> None:
        entry = self._entry = Entry(request, self.loop.time())
        try:
            await super()._serve(request)
        finally:
            if not entry.written:
                sent = 0 if entry.status is None else max(0, self._written - entry.before)
                self._log(entry, sent, ", cut")

    def refuse(self, error: Exception) -> None:
        """Answer what is no request."""
        wrong = str(error).removeprefix(f"{getattr(error, 'status', '')} ")[:_LONGEST]
        self._entry = Entry(None, self.loop.time(), f", {escape(wrong)}")
        super().refuse(error)

    def write_whole(
        self, status: int, fields: Any, body: bytes, render: Any = render_fields
    ) -> None:
        """Write a response of few bytes at once."""
        super().write_whole(status, fields, body, render)
        self._entry.status = status
        bodyless = self.facts.head_only or status in _BODYLESS
        self._log(self._entry, 0 if bodyless else len(body))

    def open_response(
        self, status: int, fields: Any, length: int | None = None, render: Any = render_fields
    ) -> ResponseWriter:
        """Begin a response whose body comes in pieces."""
        writer = super().open_response(status, fields, length, render)
        self._entry.status = status
        self._entry.before = self._written + writer.head_size
        return writer

    def response_complete(self) -> None:
        """The last byte of the response was written."""
        super().response_complete()
        self._log(self._entry, self._written - self._entry.before)

    async def take_over(self, status: int = 101, headers: FieldPairs = ()) -> TakenConnection:
        """Accept the upgrade that the request offers."""
        taken = await super().take_over(status, headers)
        self._entry.status = status
        self._log(self._entry, 0)
        return taken

    def _log(self, entry: Entry, size: int, end: str = "") -> None:
        entry.written = True
        if not logger.isEnabledFor(logging.INFO):
            return
        client, request = self.client, entry.request
        method, target, version = ("-", "-", "-") if request is None else (
            escape(request.method), escape(request.target), request.http_version,
        )  # fmt: skip
        status = "-" if entry.status is None else entry.status
        took = (self.loop.time() - entry.begun) * 1000
        host = "-" if client is None else client[0]
        logger.info(_LINE, host, method, target, version, status, size, took, end or entry.end)


def escape(text: str) -> str:
    r"""Write what could end the quotes or the line as escapes.

    >>> escape('/a"\r\n127.0.0.1')
    '/a\\"\\r\\n127.0.0.1'
    """
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return text.encode("unicode_escape").decode("ascii").replace('"', '\\"')
