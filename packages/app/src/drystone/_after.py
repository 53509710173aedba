"""Work that is done once the response was sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from ._response import Response

logger = logging.getLogger("drystone")

Work: TypeAlias = Callable[[], Awaitable[Any]]


class AfterWork:
    """The work under way of one application; awaited when it stops."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, response: Response, work: Sequence[Work]) -> None:
        """Do the work when the connection has the whole response.

        A response of bytes is written before the task made here has its first turn; one that is
        streamed starts it when the stream ends or is closed.
        """
        if isinstance(response.body, AsyncIterable):
            response.body = self._then(response.body, work)
        else:
            self.start(work)

    async def _then(self, body: AsyncIterable[bytes], work: Sequence[Work]) -> AsyncIterator[bytes]:
        try:
            async for piece in body:
                yield piece
        finally:
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


async def run_all(work: Sequence[Work]) -> None:
    """Do each piece; one that fails is logged and keeps no other from its turn."""
    for piece in work:
        try:
            await piece()
        except Exception:
            logger.exception("Work after a response failed")
