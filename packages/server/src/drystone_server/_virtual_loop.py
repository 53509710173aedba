"""An event loop whose time passes only when nothing else is left to do."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any


class _Selector(selectors.DefaultSelector):
    """Instead of waiting, lets the time of its loop pass."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0 or self.loop.busy:
            # Work on other threads ends in real time; a virtual hour must not pass meanwhile.
            wait = timeout if timeout is None or timeout <= 0 else min(timeout, 0.01)
            ready: list[tuple[selectors.SelectorKey, int]] = super().select(wait)
            return ready
        ready = super().select(0)
        if not ready:
            self.loop.pass_time(timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """For tests of deadlines: ``asyncio.sleep(75)`` takes no time, and all in between happens.

    Not for real sockets, whose bytes need real time to arrive.
    """

    def __init__(self) -> None:
        selector = _Selector()
        selector.loop = self
        self._now = 0.0
        self.busy = 0
        super().__init__(selector)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._now

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self._now += seconds

    def timers(self) -> list[asyncio.TimerHandle]:
        """The timers that wait and were not cancelled."""
        scheduled: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        return [timer for timer in scheduled if not timer.cancelled()]

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Run on another thread; no time passes until it is done."""
        self.busy += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_done)
        return future

    def _thread_done(self, future: asyncio.Future[Any]) -> None:
        self.busy -= 1

    async def shutdown_default_executor(
        self,
        timeout: float | None = None,  # noqa: ASYNC109 (the interface of the loop)
    ) -> None:
        """Wait for the threads to end, in real time."""
        self.busy += 1
        try:
            await super().shutdown_default_executor()
        finally:
            self.busy -= 1
