"""Work that is done once the response was sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable, Callable, Sequence
from functools import partial

from ._interfaces import Connection, ServerConnection, Work
from ._response import Response

logger = logging.getLogger("drystone")


class AfterWork:
    """The work under way of one application; awaited when it stops."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, response: Response | None, work: Sequence[Work]) -> None:
        """Do the work when the connection has the whole response.

        A response of bytes is written before the task made here has its first turn; one that is
        streamed starts it when the stream ends or is closed. None was sent already.
        """
        if response is not None and isinstance(response.body, AsyncIterable):
            response.body = FollowedBody(response.body, partial(self.start, work))
        else:
            self.start(work)

    def start(self, work: Sequence[Work]) -> None:
        """Do the pieces of work one after the other, in a task of their own."""
        task = asyncio.get_running_loop().create_task(run_all(work))
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

    def __init__(self, body: AsyncIterable[bytes], then: Callable[[], None]) -> None:
        self._pieces = aiter(body)
        self._then: Callable[[], None] | None = then

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


async def run_all(work: Sequence[Work]) -> None:
    """Do each piece; one that fails is logged and keeps no other from its turn."""
    for piece in work:
        try:
            await piece()
        except Exception:
            logger.exception("Work after a response failed")
