"""The lingering close (RFC 9112, 9.6).

A socket that is closed with unread input resets the connection, and the reset may overtake the last
response. So the server ends its own sending, reads on and drops what comes until the client closes
too or the time is up.
"""

from __future__ import annotations

import asyncio


class Lingering(asyncio.Protocol):
    """Takes the place of the connection as the protocol of its transport.

    Args:
        connection: the `HTTPConnection`, told when all is over.
        transport: its transport.
    """

    __slots__ = ("_connection", "_transport")

    def __init__(self, connection: asyncio.BaseProtocol, transport: asyncio.Transport) -> None:
        self._connection = connection
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Drop it."""

    def eof_received(self) -> None:
        """The client has read everything, or left: close."""
        self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the connection."""
        self._connection.connection_lost(exc)
