"""What a handler can ask of its connection, beyond reading a body and returning a response."""

from __future__ import annotations

import asyncio
from typing import Any

from ._answers import BEGUN, COMPLETE, NOT_BEGUN, OVER
from ._body import RequestBody
from ._errors import ClientDisconnected, InvalidResponse
from ._interfaces import FieldPairs, Parser, R
from ._requests import Requests
from ._settings import Settings
from ._takeover import TakenConnection
from ._timeouts import HANDLER, NEVER, READ


class HandlerSide(Requests[R]):
    """The part of the connection that handlers use, as ``request.connection``.

    It speaks of the request being handled: it is of no use to a task that outlives that.

    Args:
        settings: what all connections of a server share.
        parser: a fresh parser.
    """

    __slots__ = ("_cancelled_by", "_departed", "_notify", "_taken", "_task", "_watchers")

    request: R | None

    def __init__(self, settings: Settings[Any], parser: Parser[R]) -> None:
        super().__init__(settings, parser)
        self._task: asyncio.Task[None] | None = None
        self._departed = False
        self._watchers: tuple[asyncio.Future[None], ...] = ()
        self._notify = False
        self._cancelled_by: Exception | None = None
        self._taken: TakenConnection | None = None

    # Notices

    @property
    def disconnected(self) -> bool:
        """Whether the client is known to have left."""
        return self._departed

    async def wait_disconnected(self) -> None:
        """Wait until the client has left.

        A client that only ended its sending may still read, so that is taken for leaving after
        `Deadlines.half_close` seconds.
        """
        notice = self.watch_departure()
        try:
            await notice
        finally:
            self.unwatch_departure(notice)

    def watch_departure(self) -> asyncio.Future[None]:
        """Make a future that ends when the client has left; give it back when done."""
        notice = self.loop.create_future()
        if self._departed:
            notice.set_result(None)
        self._watchers = (*self._watchers, notice)
        return notice

    def unwatch_departure(self, notice: asyncio.Future[None]) -> None:
        """Give back a future of `watch_departure`."""
        self._watchers = tuple(other for other in self._watchers if other is not notice)

    def cancel_on_disconnect(self) -> None:
        """Have the handler cancelled when the client leaves; otherwise it runs to its end.

        Raises:
            ClientDisconnected: it has left already.
        """
        if self.disconnected:
            raise ClientDisconnected("the client has left")
        self._notify = True

    @property
    def closing(self) -> bool:
        """Whether the server has begun to close: bring long work to an end."""
        return self._settings.closing.is_set()

    async def wait_closing(self) -> None:
        """Wait until the server begins to close."""
        await self._settings.closing.wait()

    def set_handler_timeout(self, seconds: float | None) -> None:
        """Give this request so many seconds from now, then 503; None is all the time it takes."""
        self.timeouts.reset_timeout(HANDLER, seconds)

    # Answers out of the ordinary

    def early_hints(self, headers: FieldPairs) -> None:
        """Send 103 Early Hints (RFC 8297), such as ``Link`` fields to preload; HTTP/1.0 gets none.

        Raises:
            InvalidResponse: a field is malformed, or the response has begun.
            ClientDisconnected: the client has left.
        """
        self.write_interim(103, headers)

    async def take_over(self, status: int = 101, headers: FieldPairs = ()) -> TakenConnection:
        """Accept the upgrade that the request offers, and take the connection for another protocol.

        The connection is closed when the handler returns (None, since this was its response).

        Args:
            status: 101 for an upgrade (RFC 9110, 7.8); 200 for CONNECT (9.3.6).
            headers: the fields of that response. ``Connection`` and ``Upgrade`` are the handler's.

        Returns:
            The raw connection, with the bytes that followed the request.

        Raises:
            InvalidResponse: the request offers no upgrade, or was answered already.
            ClientDisconnected: the client has left.
        """
        request = self.request
        if request is None or not request.upgrade:
            raise InvalidResponse("the request offers no upgrade: there is nothing to take over")
        while not self.body_is_read() and self.body is not None:
            await self.body.receive()
        if self.stage != NOT_BEGUN:
            raise InvalidResponse("the request was answered already")
        data = self._settings.heads.interim(status, headers)
        self.stage = BEGUN
        self.write(data)
        self.stage = COMPLETE
        return self._hand_over()

    def _hand_over(self) -> TakenConnection:
        self.facts.keep = False
        self.timeouts.at[READ] = self.timeouts.at[HANDLER] = NEVER
        taken = TakenConnection(
            self, self.transport, self._parser.release(), self._settings.limits.read_ahead
        )
        self._taken = taken
        self.transport.set_protocol(taken)
        self.resume_reading()
        return taken

    # For the connection

    def before_answer(self, status: int) -> None:
        """The handler knows its answer: decide whether the connection can stay open after it.

        Raises:
            InvalidResponse: a CONNECT would be answered as a tunnel that nobody serves.
        """
        self.timeouts.at[HANDLER] = NEVER
        if self._cancelled_by is not None:
            self.take_back_cancellation()
        if self._settings.closing.is_set():
            self.facts.keep = False
        request: Any = self.request
        if self.body is not None and not self.body.complete:
            self._weigh_the_rest(request, self.body)
        if request.upgrade and request.method == "CONNECT" and 200 <= status < 300:
            raise InvalidResponse("a CONNECT is accepted only by taking over (RFC 9110, 9.3.6)")

    def _weigh_the_rest(self, request: Any, body: RequestBody) -> None:
        """Close after the response where the rest of the body is too much, or was not asked for."""
        left = (request.content_length or 0) - body.received
        if body.unasked or left > self._settings.limits.drain:
            self.facts.keep = False

    def cancel(self, cause: Exception) -> None:
        """Cancel the handler at work; the cause is answered if that is still possible."""
        if self._task is not None and self._cancelled_by is None:
            self._cancelled_by = cause
            self._task.cancel()

    def take_back_cancellation(self) -> Exception | None:
        """Forget the cancellation that has done its work; give its cause."""
        cause, self._cancelled_by = self._cancelled_by, None
        if cause is not None and self._task is not None:
            self._task.uncancel()
        return cause

    def tell_that_client_left(self) -> None:
        """Set the notice, and cancel the handler that asked for it."""
        self._departed = True
        for notice in self._watchers:
            if not notice.done():
                notice.set_result(None)
        if self._notify and self.stage != OVER:
            self._notify = False
            self.cancel(ClientDisconnected("the client left before it had its response"))
