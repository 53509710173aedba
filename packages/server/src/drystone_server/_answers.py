"""The responses of a connection: one at a time, each whole or visibly broken."""

from __future__ import annotations

import logging
from typing import Any, Final, cast

from ._errors import ClientDisconnected, HandlerTimeout, InvalidResponse, ServerClosing
from ._fields import RenderFields, render_fields
from ._file import FileBody
from ._head import PHRASES, ResponseFacts
from ._interfaces import FieldPairs, OutgoingResponse
from ._link import Link
from ._send import close_pieces, send_file, send_pieces, send_slices
from ._settings import Settings
from ._writer import JOINED, ResponseWriter

logger = logging.getLogger("drystone_server")

NOT_BEGUN: Final = 0
"""Nothing of the response was written: an error can still be answered."""
BEGUN: Final = 1
"""A part was written: an error can only cut the connection."""
COMPLETE: Final = 2
"""All of it was written, by a handler that is still at work."""
OVER: Final = 3
"""The handler has ended."""


class Answers(Link):
    """A `Link` that renders and writes responses.

    Args:
        settings: what all connections of a server share.
    """

    __slots__ = ("_settings", "facts", "request", "stage")

    def __init__(self, settings: Settings[Any]) -> None:
        super().__init__(settings.loop, settings.deadlines)
        self._settings = settings
        self.facts = ResponseFacts()
        self.stage = NOT_BEGUN
        self.request: Any = None

    def write_whole(
        self, status: int, fields: Any, body: bytes, render: RenderFields = render_fields
    ) -> None:
        """Write a response of few bytes at once.

        Raises:
            InvalidResponse: it cannot be sent as it is; nothing was written.
            ClientDisconnected: the client has left.
        """
        data = self._settings.heads.whole(status, fields, body, self.facts, render)
        self.stage = COMPLETE
        self.write(data)

    def open_response(
        self,
        status: int,
        fields: Any,
        length: int | None = None,
        render: RenderFields = render_fields,
    ) -> ResponseWriter:
        """Begin a response whose body comes in pieces; nothing is written yet.

        Raises:
            InvalidResponse: it cannot be sent as it is.
        """
        head, framing = self._settings.heads.streamed(status, fields, length, self.facts, render)
        return ResponseWriter(self, head, framing)

    async def send(self, response: OutgoingResponse) -> None:
        """Write any response, under back-pressure.

        Raises:
            InvalidResponse: the response cannot be sent, or turned out not to be what it said.
            ClientDisconnected: the client has left.
        """
        if self.stage != NOT_BEGUN:
            raise InvalidResponse("the request was answered already")
        body = response.body
        if isinstance(body, bytes):
            if len(body) <= JOINED:
                self.write_whole(response.status, response.headers, body)
            else:
                writer = self.open_response(response.status, response.headers, len(body))
                await send_slices(writer, body)
        elif isinstance(body, FileBody):
            await self._send_file(response, body)
        else:
            await self._send_pieces(response, body)

    async def _send_pieces(self, response: OutgoingResponse, body: Any) -> None:
        try:
            writer = self.open_response(response.status, response.headers)
            if writer.bodyless:
                await writer.finish()
            else:
                await send_pieces(writer, body, getattr(response, "trailers", ()))
        finally:
            await close_pieces(body)

    async def _send_file(self, response: OutgoingResponse, body: FileBody) -> None:
        file, count = await self.loop.run_in_executor(None, body.open)
        try:
            writer = self.open_response(response.status, response.headers, count)
            if writer.bodyless:
                await writer.finish()
            else:
                await send_file(self, writer, file, body.offset, count)
        finally:
            file.close()

    def write_interim(self, status: int, fields: FieldPairs = ()) -> None:
        """Write an interim response (RFC 9110, 15.2); HTTP/1.0 knows none, so it gets none.

        Raises:
            InvalidResponse: a field is malformed, or the response has begun.
            ClientDisconnected: the client has left.
        """
        if self.stage != NOT_BEGUN:
            raise InvalidResponse(f"a {status} response must come before the final one")
        data = self._settings.heads.interim(status, fields)
        if not self.facts.http10:
            self.write(data)

    def response_begins(self) -> None:
        """The first bytes of the response are about to be written."""
        self.stage = BEGUN

    def response_complete(self) -> None:
        """The last byte of the response was written."""
        self.stage = COMPLETE

    def fail(self, error: BaseException, explain: bool = False) -> None:
        """Answer an error, or cut the connection where an answer has begun.

        Args:
            error: an integer ``status`` of 400 to 599 is answered; any other error is 500.
            explain: tell the client what the error says; for the parser's.
        """
        if self.transport.is_closing() or (
            self.stage >= COMPLETE and isinstance(error, ClientDisconnected)
        ):
            self.facts.keep = False
            if not (explain or isinstance(error, (ClientDisconnected, *_EXPECTED))):
                where = name_request(self.request)
                logger.info("Handler of %s failed when its client had left", where, exc_info=error)
        elif self.stage >= COMPLETE:
            log_late_failure(self.request, error)
        elif self.stage == BEGUN or isinstance(error, ClientDisconnected):
            self.facts.keep = False
            if not (explain or isinstance(error, ClientDisconnected)):  # else the client's doing
                where = name_request(self.request)
                logger.error("Response to %s broken off: connection cut", where, exc_info=error)
            self.abort()
        else:
            self._answer_error(error, explain)

    def _answer_error(self, error: BaseException, explain: bool) -> None:
        status = _status_of(error)
        # The parser's 501 and 505 tell of the client; what it raises without a status is a bug.
        told = isinstance(error, _EXPECTED) or (explain and hasattr(error, "status"))
        if status >= 500 and not told:
            where = "no request" if explain else name_request(self.request)
            logger.error("Handler of %s failed: answered with %d", where, status, exc_info=error)
        detail = str(error).removeprefix(f"{status} ") if told and explain else ""
        if self._settings.error_response is not None:
            try:
                response = self._settings.error_response(status, detail)
                body = cast(bytes, response.body)
                self.write_whole(response.status, response.headers, body)
                return
            except Exception as fault:  # the last resort must not fail itself
                logger.error("error_response failed: answered in plain text", exc_info=fault)
        self.write_whole(status, _PLAIN_TEXT, _in_plain_text(status, detail))


def name_request(request: Any) -> str:
    """What a log calls a request; its query may hold secrets, and its path anything."""
    return "no request" if request is None else f"{request.method} {ascii(request.raw_path)[1:-1]}"


def log_late_failure(request: Any, error: BaseException) -> None:
    """Log what a handler raised when it had answered."""
    logger.error(
        "Handler of %s failed after its response was sent", name_request(request), exc_info=error
    )


def _in_plain_text(status: int, detail: str) -> bytes:
    text = f"{status} {PHRASES.get(status, 'Error')}"
    if detail:
        text = f"{text}: {detail}"
    return text.encode("ascii", "backslashreplace")[:1000] + b"\n"


_EXPECTED: Final = (HandlerTimeout, ServerClosing)
_PLAIN_TEXT: Final = (("Content-Type", "text/plain; charset=utf-8"),)


def _status_of(error: BaseException) -> int:
    status = getattr(error, "status", 500)
    return status if isinstance(status, int) and 400 <= status < 600 else 500
