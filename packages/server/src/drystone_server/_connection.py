"""The life of one HTTP/1.1 connection (RFC 9112, 9), from its first byte to its close."""

from __future__ import annotations

import asyncio
import contextvars
import sys
from typing import Any, Final, cast

from ._answers import COMPLETE, NOT_BEGUN, OVER, log_late_failure
from ._body import RequestBody, no_body
from ._errors import (
    ClientDisconnected,
    HandlerTimeout,
    InvalidResponse,
    RequestTimeout,
    ServerClosing,
)
from ._handler_side import HandlerSide
from ._interfaces import OutgoingResponse, Parser, R
from ._settings import Settings
from ._timeouts import HANDLER, NEVER, READ
from ._writer import JOINED

# From 3.12 on a task can run at once until it first waits; a handler that never waits is then
# answered within data_received.
_EAGER: Final[dict[str, Any]] = {"eager_start": True} if sys.version_info >= (3, 12) else {}


class HTTPConnection(HandlerSide[R]):
    """Reads requests, calls the handler, writes responses, in order, until one side closes.

    There is one task while a request is being answered, and none while the connection is idle.
    Each task begins with the context that the connection was made in, so that no request sees the
    context variables of another.

    Args:
        settings: what all connections of a server share.
        parser: a fresh parser.
    """

    __slots__ = ("_busy", "_context", "_generation", "_head_begun", "_lingering", "_served")

    def __init__(self, settings: Settings[R], parser: Parser[R]) -> None:
        super().__init__(settings, parser)
        self._busy = False
        self._generation = 0
        self._head_begun = False
        self._lingering = False
        self._served = 0

    # What the transport reports

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands: wait for its first byte."""
        super().connection_made(transport)
        self._context = contextvars.copy_context()
        self.transport.set_write_buffer_limits(high=self._settings.limits.write_buffer)
        self._settings.connections.add(self)
        self.timeouts.reset_timeout(READ, self.deadlines.first_byte)

    def data_received(self, data: bytes) -> None:
        """Bytes came: they begin a burst of requests, or are read ahead of the handler."""
        self._parser.feed(data)
        self._dry = False
        if not self._busy:
            self.unread = len(data)
            self._begin_burst()
            return
        self.unread += len(data)
        if self._waiter is not None:
            self.wake()
        elif self.stage == COMPLETE and self.body_is_read():
            self.turn_to_next(self.request)
            return
        if self.unread > self._settings.limits.read_ahead:
            # Also when somebody waits: a loop may read many times before it lets him run.
            self.pause_reading()

    def eof_received(self) -> bool:
        """The client sends no more; it may still read its answers (RFC 9112, 9.6)."""
        self.eof = True
        self._parser.feed_eof()
        if self._busy:
            self.wake()
            self.timeouts.reset_timeout(READ, self.deadlines.half_close)
            if self.body_is_read():  # else the handler may yet read it, and requests may follow
                self._leave_answered()
        else:
            self._begin_burst()
        return self._busy and self.tls is None

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone; its handler goes on unless it asked to be told."""
        self.lose()
        self.facts.keep = False
        self.wake(ClientDisconnected("the client left before its request was read"))
        self.tell_that_client_left()
        if self._task is not None:
            self._settings.adopt(self._task)
        self._settings.forget(self)

    # Bursts of requests

    def _begin_burst(self) -> None:
        request = self.next_request()
        if request is not None:
            self._busy = True
            self.timeouts.at[READ] = NEVER
            task = self._start(request, _EAGER)
            self._task = self._task if task.done() else task
        elif not self.facts.keep:
            self._finish()
        elif self.eof:
            self.close()
        elif not self._head_begun:
            self._head_begun = True
            self.timeouts.reset_timeout(READ, self.deadlines.head)

    def _start(self, request: R, how: dict[str, Any]) -> asyncio.Task[None]:
        context = self._context.copy()
        return asyncio.Task(
            self._serve(request), loop=self.loop, name="http", context=context, **how
        )

    async def _serve(self, request: R) -> None:
        """Answer a request, and begin the next if it is at hand."""
        generation = self._generation
        self._begin(request)
        try:
            response = await self._settings.handler(request)
            if response is None:
                self._check_answered(generation)
            else:
                self.before_answer(response.status)
                body = response.body
                if body.__class__ is bytes and len(body) <= JOINED and self.stage == NOT_BEGUN:
                    self.write_whole(response.status, response.headers, body)
                else:
                    await self.send(response)
        except BaseException as error:
            if generation != self._generation:
                self._background_failed(error, request)
                return
            self._failed(error)
        if generation != self._generation:
            return  # the connection has turned to other requests already
        self.stage = OVER
        if self.blocked is not None or not self.body_is_read():
            await self._settle()
        following = None if self._dry or not self.facts.keep else self.next_request()
        if following is None:
            self._end_burst()
        else:
            # Not eagerly: others get their turn, and the stack does not grow with the burst.
            self._task = self._start(following, {})

    def _begin(self, request: R) -> None:
        facts = self.facts
        facts.head_only = request.method == "HEAD"
        facts.http10 = request.http_version == "1.0"
        facts.keep = request.keep_alive
        if self._settings.limits.requests is not None:
            self._count_request(self._settings.limits.requests)
        self.stage = NOT_BEGUN
        self._notify = False
        self.request = request
        request.connection = self
        if request.content_length == 0:
            self.body = None
            request.receive = no_body
        else:
            expects = request.expect_continue and not facts.http10
            self.body = body = RequestBody(
                self, self._parser.next_body, request.content_length, expects
            )
            request.receive = body.receive
        if self.deadlines.handler is not None:
            self.timeouts.reset_timeout(HANDLER, self.deadlines.handler)
        else:
            self.timeouts.at[HANDLER] = NEVER  # the last handler may have set it

    def _count_request(self, limit: int) -> None:
        self._served += 1
        self.facts.keep = self.facts.keep and self._served < limit

    def _check_answered(self, generation: int) -> None:
        if self.stage != COMPLETE and generation == self._generation:
            if self.transport.is_closing():
                raise ClientDisconnected("the client left before its response was sent")
            raise InvalidResponse("the handler returned None without a whole response")

    async def _settle(self) -> None:
        """Drain the body, and let the client take its response."""
        if self.facts.keep and not self.body_is_read():
            await self.drain_body()
        if self.blocked is not None:
            try:
                await self.wait_until_writable()
            except ClientDisconnected:
                pass
            except BaseException:  # the task is cancelled from outside: nobody else would close
                self.abort()
                raise

    def _end_burst(self) -> None:
        if not self.facts.keep or self.eof:
            self._finish()
            self._leave_request()
        else:
            self._leave_request()
            self._head_begun = False
            if not self._reading:
                self.resume_reading()
            self.timeouts.reset_timeout(READ, self.deadlines.keep_alive)

    def _leave_request(self) -> None:
        self._busy = False
        self.stage = OVER  # and not COMPLETE: the task of the next request may begin late
        self._task = None
        self.request = None
        if self.body is not None:
            self._abandoned = not self.body.complete
            self.body.close()
            self.body = None

    # Handlers that answer by themselves

    async def respond(self, response: OutgoingResponse) -> None:
        """Send the response now; the handler may go on with other work, and returns None.

        The next request of the connection does not wait for that.

        Raises:
            InvalidResponse: the response cannot be sent, or there was one already.
            ClientDisconnected: the client left while it was sent.
        """
        self.before_answer(response.status)
        await self.send(response)
        self.answered_early()

    def answered_early(self) -> None:
        """The handler answered by itself and may go on: the next request need not wait for it."""
        if self.body_is_read() and (not self.facts.keep or self.look_ahead()):
            self.loop.call_soon(self.turn_to_next, self.request)

    def turn_to_next(self, answered: R | None) -> None:
        """Leave the handler of an answered request to itself, and go on to the next request."""
        if self.request is answered and self.stage == COMPLETE and not self.lost:
            self._generation += 1
            self._settings.adopt(cast(asyncio.Task[None], self._task))
            self._leave_request()
            self._head_begun = False
            self._begin_burst()
            if self.eof and self._busy:
                self.timeouts.reset_timeout(READ, self.deadlines.half_close)

    def _leave_answered(self) -> None:
        """Do not wait for a handler that has answered already."""
        if self.stage == COMPLETE and self._taken is None:
            self.turn_to_next(self.request)

    def _finish(self) -> None:
        """Close after the last response, so that the client can read it."""
        if not self._lingering and not self.transport.is_closing():
            self._lingering = True
            try:
                self.linger(self._taken is None and self.unread_input())
            except BaseException:  # of a parser: nobody else would close
                self.abort()
                raise

    # Failures

    def _failed(self, error: BaseException) -> None:
        """The handler or its response raised: answer that, or cut the connection."""
        if isinstance(error, asyncio.CancelledError):
            error = self._reason_of(error)
        elif not isinstance(error, Exception):
            self.abort()
            raise error
        self.before_answer(500)
        self.fail(error, explain=error is self._fault)
        if self._taken is not None and not isinstance(error, ClientDisconnected):
            self.abort()

    def _reason_of(self, error: asyncio.CancelledError) -> Exception:
        """Why the handler was cancelled: by a clock, the client or the server, or by itself."""
        cause = self.take_back_cancellation()
        if cause is not None:
            return cause
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            self.abort()
            raise error
        return RuntimeError("the handler let a CancelledError of its own escape")

    def _background_failed(self, error: BaseException, request: R) -> None:
        if not isinstance(error, Exception):
            raise error
        if not isinstance(error, ClientDisconnected):
            log_late_failure(request, error)

    # Clocks

    def close_on_timeout(self, clock: int) -> None:
        """A clock has run out: answer 408 or 503 where that is possible, and close."""
        if clock == HANDLER:
            self.cancel(HandlerTimeout("the handler did not answer in time"))
        elif clock != READ or self._lingering:
            super().close_on_timeout(clock)
        elif self._waiter is not None:
            self.facts.keep = False
            self.wake(RequestTimeout("the client did not send the body in time"))
        elif self._busy:
            self.tell_that_client_left()
        else:
            self._close_idle()

    def _close_idle(self) -> None:
        """Close silently, or with 408 where a request has begun (RFC 9110, 15.5.9)."""
        self._parser.feed_eof()
        try:
            self._parser.next_request()
        except Exception:
            self.refuse(RequestTimeout("the client did not send the request in time"))
            self._finish()
        else:
            self.facts.keep = False  # what TLS still delivers is no request
            self.close()

    # The end of the server

    def server_closes(self) -> None:
        """Close now if idle; a handler at work ends first, and its response is the last."""
        self.facts.keep = False
        if not self._busy:
            self._finish_idle()
        elif self.stage == OVER:
            self.wake(ServerClosing("the rest of the body is not waited for"))
        else:
            self._leave_answered()

    def _finish_idle(self) -> None:
        if not self._lingering:
            self.close()

    def stop(self) -> None:
        """The time to end is up: cancel the handler, with 503 where that is still possible."""
        if self._busy and self.stage < COMPLETE:
            self.cancel(ServerClosing("the server stopped before the handler answered"))
        elif self._taken is not None:
            self.cancel(ClientDisconnected("the server stopped"))
        else:
            self.abort()
