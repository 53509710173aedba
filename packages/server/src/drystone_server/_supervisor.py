"""One child process at a time, begun anew with each change."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, Final, Protocol

logger = logging.getLogger("drystone_server")

_GRACE: Final = 5.0
"""Seconds that a child has after each signal: its requests are to end, then it is to clean up."""


class Child(Protocol):
    """A process that was started."""

    @property
    def returncode(self) -> int | None:
        """Its status; negative is the signal that ended it, and None says that it runs."""

    async def wait(self) -> int:
        """Wait for its end."""

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""


class Supervisor:
    """Keeps a child running, and begins it anew when something changes.

    A child that ends by itself is begun again at the next change.

    Args:
        start: starts a child.
        changes: the files of each change.
        grace: seconds from a signal to the next, sharper one.
    """

    def __init__(
        self,
        start: Callable[[], Awaitable[Child]],
        changes: AsyncIterator[Iterable[Path]],
        *,
        grace: float = _GRACE,
    ) -> None:
        self._start = start
        self._changes = changes
        self._grace = grace
        self._stopped = asyncio.Event()
        self._hurry = asyncio.Event()

    def stop(self) -> None:
        """Stop the child and then `run`; called again, be sharper with the child."""
        self._stopped.set()
        self._hurry.set()

    async def run(self) -> int:
        """Keep a child running until `stop` is called.

        Returns:
            The exit status of the last child, as a shell tells it.
        """
        while True:
            # Asked for before the child begins, so that no change is missed.
            change = asyncio.ensure_future(anext(self._changes))
            try:
                child = await self._start()
                try:
                    await self._wait_for_reason(child, change)
                    if not self._stopped.is_set():
                        names = sorted(path.name for path in change.result())
                        logger.info("%s changed: restarting", ", ".join(names))
                finally:
                    status = await self._end(child)
            finally:
                change.cancel()
                await asyncio.wait([change])
            if self._stopped.is_set():
                return status if status >= 0 else 128 - status

    async def _wait_for_reason(self, child: Child, change: asyncio.Future[Any]) -> None:
        """Wait for a change or for `stop`; say so when the child has ended by itself."""
        await _first(child.wait(), self._stopped.wait(), change)
        if child.returncode is not None and not (self._stopped.is_set() or change.done()):
            logger.warning("Ended with status %d; the next change restarts it", child.returncode)
            await _first(self._stopped.wait(), change)

    async def _end(self, child: Child) -> int:
        """End the child: in order, then with its connections cut, then at once."""
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
            if child.returncode is None:
                self._hurry.clear()
                child.send_signal(number)
                await _first(child.wait(), self._hurry.wait(), seconds=self._grace)
        return await child.wait()


async def _first(*waits: Awaitable[Any], seconds: float | None = None) -> None:
    """Wait for one of them; those that were begun here are cancelled then."""
    begun = {asyncio.ensure_future(wait) for wait in waits}
    try:
        await asyncio.wait(begun, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for future in begun.difference(waits):
            future.cancel()
