"""What the parts of a connection use of each other, so that none of them imports another."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from typing import Protocol

from ._deadlines import Deadlines, Limits
from ._timeouts import Timeouts


class Sink(Protocol):
    """Where a response is written, as the writer sees it."""

    blocked: asyncio.Future[None] | None

    def write_parts(self, parts: Sequence[bytes | memoryview]) -> None:
        """Write what belongs together."""
        ...

    async def wait_until_writable(self) -> None:
        """Wait until the client has taken enough."""
        ...

    def response_begins(self) -> None:
        """The first bytes of the response are about to be written."""
        ...

    def response_complete(self) -> None:
        """The last byte of the response was written."""
        ...


class Source(Protocol):
    """Where a request comes from, as its body sees it."""

    loop: asyncio.AbstractEventLoop
    timeouts: Timeouts
    deadlines: Deadlines
    eof: bool
    unread: int

    @property
    def limits(self) -> Limits:
        """Of the server."""
        ...

    def input_failed(self, error: Exception) -> None:
        """Take note of what the parser says of a malformed body."""
        ...

    async def wait_for_input(self) -> None:
        """Wait until the client has sent more."""
        ...

    def send_continue(self) -> None:
        """Send 100 Continue."""
        ...


class Taken(Protocol):
    """A connection that was taken over, as its new owner sees it."""

    loop: asyncio.AbstractEventLoop
    tls: ssl.SSLObject | None
    eof: bool
    blocked: asyncio.Future[None] | None

    def write(self, data: bytes) -> None:
        """Write bytes."""
        ...

    async def wait_until_writable(self) -> None:
        """Wait until the client has taken enough."""
        ...

    def pause_reading(self) -> None:
        """Take no more from the client for now."""
        ...

    def resume_reading(self) -> None:
        """Take what the client sends."""
        ...

    def pause_writing(self) -> None:
        """The transport holds enough."""
        ...

    def resume_writing(self) -> None:
        """The transport takes more."""
        ...

    def connection_lost(self, exc: Exception | None, /) -> None:
        """The transport is closed."""
        ...
