"""A context that several enter: the first opens it, the last closes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack


class SharedContext:
    """Counts who is inside.

    Args:
        open_: makes the context, anew each time the first one enters.
    """

    def __init__(self, open_: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        self._open = open_
        self._inside = 0
        self._stack = AsyncExitStack()
        self._lock = asyncio.Lock()

    async def enter(self) -> None:
        """Open the context, unless it is open. Each `enter` needs a `leave`."""
        async with self._lock:
            if self._inside == 0:
                await self._stack.enter_async_context(self._open())
            self._inside += 1

    async def leave(self) -> None:
        """Close the context when nobody else is inside; nothing happens where nobody is."""
        async with self._lock:
            self._inside = max(0, self._inside - 1)
            if self._inside == 0:
                self._lock = asyncio.Lock()  # the next one may enter in another event loop
                await self._stack.aclose()
