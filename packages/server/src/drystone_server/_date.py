"""The Date field (RFC 9110, 6.6.1), made once a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate


class DateField:
    """Gives the line ``Date: ...`` for now.

    Args:
        clock: gives the seconds since the epoch.
    """

    __slots__ = ("_clock", "_line", "_second")

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._second = -1
        self._line = b""

    def __call__(self) -> bytes:
        """The whole line, with its CRLF."""
        second = int(self._clock())
        if second != self._second:
            self._line = b"Date: %b\r\n" % formatdate(second, usegmt=True).encode()
            self._second = second
        return self._line
