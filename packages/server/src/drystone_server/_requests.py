"""The input of a connection: what the parser says, and waiting for more of it."""

from __future__ import annotations

import asyncio
from typing import Any, Generic

from ._answers import NOT_BEGUN, Answers
from ._body import RequestBody
from ._deadlines import Limits
from ._interfaces import Parser, R
from ._settings import Settings


class Requests(Answers, Generic[R]):
    """`Answers` that asks a parser for requests and the pieces of their bodies.

    Args:
        settings: what all connections of a server share.
        parser: a fresh parser.

    Attributes:
        body: of the request at hand; None where it has none.
        unread: bytes that came and were not given to the handler, about.
    """

    __slots__ = ("_abandoned", "_ahead", "_dry", "_fault", "_parser", "_waiter", "body", "unread")

    def __init__(self, settings: Settings[Any], parser: Parser[R]) -> None:
        super().__init__(settings)
        self._parser = parser
        self.unread = 0
        self._waiter: asyncio.Future[None] | None = None
        self._ahead: R | None = None
        self._dry = False
        self._fault: Exception | None = None
        self._abandoned = False
        self.body: RequestBody | None = None

    @property
    def limits(self) -> Limits:
        """How much is taken; the same for all connections of a server."""
        return self._settings.limits

    def next_request(self) -> R | None:
        """The next request at hand; a malformed one is answered here, and is the last."""
        if self._ahead is not None:
            ahead, self._ahead = self._ahead, None
            return ahead
        if not self.facts.keep:
            return None
        try:
            return self._parser.next_request()
        except Exception as error:
            self.refuse(error)
            return None

    def refuse(self, error: Exception) -> None:
        """Answer what is no request with an error, the last response of the connection."""
        self._fault = error
        self.facts.head_only = self.facts.http10 = self.facts.keep = False
        self.stage = NOT_BEGUN
        self.fail(error, explain=True)

    def look_ahead(self) -> bool:
        """Whether another request is at hand already."""
        self._ahead = ahead = self.next_request()
        self._dry = ahead is None
        return ahead is not None

    def input_failed(self, error: Exception) -> None:
        """Take note of what the parser says of a body: the connection will close."""
        self.facts.keep = False
        self._fault = error

    async def wait_for_input(self) -> None:
        """Wait until the client has sent more.

        Raises:
            ClientDisconnected: it left.
            RequestTimeout: it did not, in time.
            RuntimeError: another task waits.
        """
        if self._waiter is not None:
            raise RuntimeError("another task waits for the body of this request already")
        self.unread = 0
        self._waiter = self.loop.create_future()
        self.resume_reading()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def wake(self, error: Exception | None = None) -> None:
        """Let who waits for input look again, or raise."""
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            if error is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(error)

    def body_is_read(self) -> bool:
        """Whether the body was read to its end, or there is none."""
        return self.body is None or self.body.complete

    async def drain_body(self) -> None:
        """Read what the handler left of the body, up to the limit (RFC 9112, 9.3)."""
        budget = self._settings.limits.drain
        try:
            while self.body is not None and (piece := await self.body.receive()):
                budget -= len(piece)
                if budget < 0:
                    self.facts.keep = False
                    return
        except Exception:  # late, malformed, cut short: no further request can be found
            self.facts.keep = False

    def unread_input(self) -> bool:
        """Whether the client has sent, or may be sending, something that nobody will read."""
        if self._abandoned or self._fault is not None or not self.body_is_read():
            return True
        return bool(self._parser.release())

    def send_continue(self) -> None:
        """Ask the client for the body it announced (RFC 9110, 10.1.1)."""
        if self.stage == NOT_BEGUN:
            self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
