"""Work that is done once the response was sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable, Callable, Iterable
from functools import partial
from typing import Protocol

from ._interfaces import Connection, ServerConnection, Work
from ._response import Response

logger = logging.getLogger("drystone")


class Answered(Protocol):
    """A request whose answer is known."""

    connection: Connection
    after: list[Work] | None
    cleanups: list[Work] | None

    async def respond(self, response: Response) -> None:
        """Send the response, from the task at work."""
        ...


class AfterWork:
    """The work under way of one application; awaited when it stops."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Future[None]] = set()

    async def see_to(self, request: Answered, response: Response | None) -> Response | None:
        """Do what comes after a response.

        Where the connection lets us, the response is sent from here: then it has been sent when the
        work begins, and what providers opened is left in the task and context it was entered in.
        Not so an event stream, as this task is cancelled when its client leaves, be it a moment
        after the end.

        Returns:
            The response, where it is still to be sent.
        """
        if response is not None and not _can_be_sent_here(request, response):
            self.follow(response, request)
            return response
        ended = asyncio.get_running_loop().create_future()
        self._note(ended)
        try:
            if response is not None:
                await request.respond(response)
        finally:
            try:
                await self._finish(request)
            finally:
                ended.set_result(None)
        return None

    async def _finish(self, request: Answered) -> None:
        """Start the work; what it may still use is left behind it, also when we are cancelled."""
        try:
            if request.after:
                task = self.start(request.after)
                if request.cleanups:
                    await asyncio.shield(task)
        finally:
            await clean_up(request)

    def follow(self, response: Response, request: Answered) -> None:
        """Do the work when the connection has the whole response.

        A response of bytes is written before the task made here has its first turn; one that is
        streamed starts it when the stream ends or is closed.
        """
        if isinstance(response.body, AsyncIterable):
            response.body = FollowedBody(response.body, partial(self._begin, request))
        else:
            self._begin(request)

    def _begin(self, request: Answered) -> None:
        if work := work_of(request):
            self.start(work)

    def start(self, work: Iterable[Work]) -> asyncio.Task[None]:
        """Do the pieces of work one after the other, in a task of their own."""
        task = asyncio.get_running_loop().create_task(run_all(work))
        self._note(task)
        return task

    def _note(self, task: asyncio.Future[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)


class FollowedBody:
    """A stream, and what is done once it has ended, broken off, or was never begun.

    Args:
        body: the stream.
        then: what to call.
    """

    def __init__(self, body: AsyncIterable[bytes], then: Callable[[], object]) -> None:
        self._pieces = aiter(body)
        self._then: Callable[[], object] | None = then

    def __aiter__(self) -> FollowedBody:
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._pieces)
        except BaseException:  # its end is an exception too
            self._end()
            raise

    async def aclose(self) -> None:
        """End the stream where it stands; what follows comes after its clean-up."""
        close = getattr(self._pieces, "aclose", None)
        try:
            if close is not None:
                await close()
        finally:
            self._end()

    def _end(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()


def end_with_connection(response: Response, connection: Connection) -> None:
    """Have an event stream end when its client leaves or the server closes, not at its next event.

    Other streams find out at their next piece: a client that only ended its sending may still read
    a long download, and would lose it; and a closing server lets it end.
    """
    if hasattr(response.body, "wait_end") and isinstance(connection, ServerConnection):
        response.body.wait_end = connection.wait_closing
        if not connection.disconnected:
            connection.cancel_on_disconnect()


def _can_be_sent_here(request: Answered, response: Response) -> bool:
    return hasattr(request.connection, "respond") and not hasattr(response.body, "wait_end")


def work_of(request: Answered) -> list[Work]:
    """What is to be done after the response, in order."""
    return [*(request.after or ()), *reversed(request.cleanups or ())]


async def run_all(work: Iterable[Work]) -> None:
    """Do each piece; one that fails is logged and keeps no other from its turn."""
    for piece in work:
        try:
            await piece()
        except Exception:
            logger.exception("Work after a response failed")


async def clean_up(request: Answered) -> None:
    """Do each clean-up, the last named first; none is left out, also when we are cancelled."""
    cancelled = None
    for piece in reversed(request.cleanups or ()):
        try:
            await run_all((piece,))
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
