"""A TCP connection without TCP: two ends in one process and one event loop.

The far end is a real connection of the server; what passes are the bytes that a socket would carry.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from drystone._interfaces import ServerConnection


class MemoryTransport(asyncio.Transport):
    """The server's end: what it writes is what the client reads.

    Args:
        protocol: the server's protocol of this connection.
        client: the address that the server sees.
        is_secure: whether it seems to be TLS, though the bytes pass as they are.
    """

    def __init__(
        self, protocol: asyncio.Protocol, client: tuple[str, int], is_secure: bool = False
    ) -> None:
        extra: dict[str, Any] = {"peername": client, "sockname": ("127.0.0.1", 80)}
        if is_secure:
            extra |= {"sockname": ("127.0.0.1", 443), "ssl_object": _no_session()}
        super().__init__(extra)
        self._protocol = protocol
        self._closing = False
        self.reader = asyncio.StreamReader()
        self._resumed = asyncio.Event()
        self._resumed.set()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Give bytes to the client."""
        if not self._closing:
            self.reader.feed_data(bytes(data))

    def writelines(self, list_of_data: Any) -> None:
        """Give several pieces to the client."""
        self.write(b"".join(list_of_data))

    def write_eof(self) -> None:
        """Tell the client that no more comes."""
        self.reader.feed_eof()

    def can_write_eof(self) -> bool:
        """Half-closing works."""
        return True

    def is_closing(self) -> bool:
        """Whether the connection was closed by either end."""
        return self._closing

    def pause_reading(self) -> None:
        """Hold the client's bytes back."""
        self._resumed.clear()

    def resume_reading(self) -> None:
        """Take the client's bytes again."""
        self._resumed.set()

    def is_reading(self) -> bool:
        """Whether the server takes bytes."""
        return self._resumed.is_set()

    def get_write_buffer_size(self) -> int:
        """Nothing is ever kept here."""
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is ever kept here, so there is nothing to limit."""

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Give the connection to another protocol."""
        assert isinstance(protocol, asyncio.Protocol)  # noqa: S101  # no other kind reads a stream
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        """The protocol of the server."""
        return self._protocol

    def close(self) -> None:
        """Close from the server's side."""
        self._close(None)

    def abort(self) -> None:
        """Close at once."""
        self._close(None)

    def _close(self, error: Exception | None) -> None:
        if not self._closing:
            self._closing = True
            self._resumed.set()
            self.reader.feed_eof()
            asyncio.get_running_loop().call_soon(self._protocol.connection_lost, error)

    async def send(self, data: bytes) -> None:
        """Give bytes to the server, when it takes them."""
        await self._resumed.wait()
        if self._closing:
            raise ConnectionResetError("The server closed the connection")
        self._protocol.data_received(data)

    def give_up(self) -> None:
        """Close from the client's side, and end the handler: the test waits for it no more."""
        if isinstance(self._protocol, ServerConnection) and not self._closing:
            self._protocol.cancel_on_disconnect()
        self.hang_up()

    def hang_up(self) -> None:
        """Close from the client's side, in the middle of things."""
        self._close(ConnectionResetError("The client went away"))


def _no_session() -> Any:
    import ssl

    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).wrap_bio(
        ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True
    )


def connect(
    make_protocol: Callable[[], asyncio.Protocol],
    client: tuple[str, int] = ("127.0.0.1", 50000),
    *,
    is_secure: bool = False,
) -> MemoryTransport:
    """Open a connection to a server's protocol."""
    protocol = make_protocol()
    transport = MemoryTransport(protocol, client, is_secure)
    protocol.connection_made(transport)
    return transport
