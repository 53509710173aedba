"""The clocks of one connection, on one timer.

A timer of the event loop costs more than a request's share of time allows, so setting a clock back
only stores a number; the timer goes off at the time it was once given, looks at the numbers, and is
armed again for the earliest. It is moved only when a clock is set to an earlier time than that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

READ: Final = 0
"""The client has to send something."""
WRITE: Final = 1
"""The client has to take something."""
HANDLER: Final = 2
"""The handler has to answer."""

NEVER: Final = float("inf")


class Timeouts:
    """Three clocks, one timer.

    Args:
        loop: gives the time (seconds, monotonic) and the timer.
        close_on_timeout: called with READ, WRITE or HANDLER when that clock has run out.
    """

    __slots__ = ("_armed", "_loop", "_timer", "at", "close_on_timeout")

    def __init__(
        self, loop: asyncio.AbstractEventLoop, close_on_timeout: Callable[[int], None]
    ) -> None:
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self._armed = NEVER
        self.at = [NEVER, NEVER, NEVER]
        self.close_on_timeout = close_on_timeout

    def reset_timeout(self, clock: int, seconds: float | None) -> None:
        """Let the clock run out in so many seconds from now; None stops it."""
        if seconds is None:
            self.at[clock] = NEVER
            return
        when = self.at[clock] = self._loop.time() + seconds
        if when < self._armed:
            self._arm(when, seconds)

    def cancel_timeout(self, clock: int) -> None:
        """Stop the clock. (Where each part of a microsecond counts, ``at[clock] = NEVER``.)"""
        self.at[clock] = NEVER

    def close(self) -> None:
        """Stop all clocks and drop the timer; nothing is held any longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._armed = NEVER
        self.at = [NEVER, NEVER, NEVER]
        self.close_on_timeout = _nobody

    def _arm(self, when: float, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._armed = when
        self._timer = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        self._armed = NEVER
        now = self._loop.time()
        for clock, when in enumerate(self.at):
            if when <= now:
                self.at[clock] = NEVER
                self.close_on_timeout(clock)
        earliest = min(self.at)
        if earliest < self._armed:
            self._arm(earliest, earliest - now)


def _nobody(clock: int) -> None:
    """Nobody waits for the clocks of a closed connection."""
