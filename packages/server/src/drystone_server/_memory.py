"""A transport in memory, and the client's end of it."""

from __future__ import annotations

import asyncio
from typing import Any

from ._server import HTTPServer


class MemoryTransport(asyncio.Transport):
    """One connection without a socket: the test is the client.

    What the server writes stands in `sent`; with `stall` the client stops reading, and the bytes
    wait in the transport as they would for a socket.

    Args:
        protocol: the server's side.
        client: the address that the server sees.
        extra: further answers of ``get_extra_info``.
        half_close: whether the transport can end one direction; TLS cannot.
    """

    def __init__(
        self,
        protocol: asyncio.Protocol,
        client: tuple[str, int] | None = ("192.0.2.1", 50000),
        extra: dict[str, Any] | None = None,
        *,
        half_close: bool = True,
    ) -> None:
        super().__init__()
        self._protocol = protocol
        self._extra = {"peername": client, "sockname": ("192.0.2.2", 80), **(extra or {})}
        self._half_close = half_close
        self._waiting = bytearray()
        self._stalled = False
        self._paused_protocol = False
        self._high = 64 * 1024
        self._arrived: list[bytes] = []
        self.sent = bytearray()
        self.writes: list[bytes] = []
        self.reading = True
        self.eof = False
        self.closing = False
        self.aborted = False
        self.lost = False
        self._changed = asyncio.Event()
        protocol.connection_made(self)

    # The client's end

    def send(self, data: bytes) -> None:
        """Send bytes to the server; while it does not read they wait."""
        if self.reading and not self.closing and not self._arrived:
            self._protocol.data_received(data)
        elif not self.closing:
            self._arrived.append(data)

    def send_eof(self) -> None:
        """End the client's sending."""
        if not self._protocol.eof_received():
            self.close()

    def disconnect(self, error: Exception | None = None) -> None:
        """Leave, as by a reset."""
        self._waiting.clear()
        self.closing = True
        self._lose(error)

    def stall(self) -> None:
        """Take nothing more of what the server writes."""
        self._stalled = True

    def take(self, count: int | None = None) -> None:
        """Take so many of the bytes that wait; None takes all, and reads on."""
        if count is None:
            self._stalled = False
            count = len(self._waiting)
        self.sent += self._waiting[:count]
        del self._waiting[:count]
        self._flow()
        if self.closing and not self._waiting and not self.lost:
            self._lose(None)
        self._changed.set()

    async def read_until(self, end: bytes) -> bytes:
        """Wait for what the server sends up to and including ``end``, and take that away.

        Raises:
            EOFError: the connection ended before.
        """
        while end not in self.sent:
            if self.lost or self.eof:
                raise EOFError(f"the connection ended after {bytes(self.sent)!r}")
            self._changed.clear()
            await self._changed.wait()
        cut = self.sent.index(end) + len(end)
        found = bytes(self.sent[:cut])
        del self.sent[:cut]
        return found

    async def read_all(self) -> bytes:
        """Wait until the server has ended its sending, and give all that is left."""
        while not (self.lost or self.eof):
            self._changed.clear()
            await self._changed.wait()
        found = bytes(self.sent)
        self.sent.clear()
        return found

    # The server's end

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take bytes from the server."""
        if self.closing or self.eof:
            raise AssertionError(f"write after close: {bytes(data)!r}")
        self.writes.append(bytes(data))
        if self._stalled:
            self._waiting += data
            self._flow()
        else:
            self.sent += data
            self._changed.set()

    def _flow(self) -> None:
        if len(self._waiting) > self._high and not self._paused_protocol:
            self._paused_protocol = True
            self._protocol.pause_writing()
        elif self._paused_protocol and len(self._waiting) <= self._high // 4:
            self._paused_protocol = False
            self._protocol.resume_writing()

    def get_write_buffer_size(self) -> int:
        """Bytes that the client has not taken."""
        return len(self._waiting)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Pause the server beyond so many bytes."""
        self._high = 64 * 1024 if high is None else high

    def can_write_eof(self) -> bool:
        """Whether one direction can be ended alone."""
        return self._half_close

    def write_eof(self) -> None:
        """The server ends its sending."""
        self.eof = True
        self._changed.set()

    def pause_reading(self) -> None:
        """The server reads no more for now."""
        self.reading = False

    def resume_reading(self) -> None:
        """The server reads on; what has arrived meanwhile comes now."""
        self.reading = True
        asyncio.get_running_loop().call_soon(self._deliver)

    def _deliver(self) -> None:
        while self._arrived and self.reading and not self.closing:
            self._protocol.data_received(self._arrived.pop(0))

    def is_reading(self) -> bool:
        """Whether the server reads."""
        return self.reading

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Another protocol gets what comes."""
        assert isinstance(protocol, asyncio.Protocol)  # noqa: S101
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        """The protocol that gets what comes."""
        return self._protocol

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What the transport knows."""
        return self._extra.get(name, default)

    def is_closing(self) -> bool:
        """Whether it is closed or about to be."""
        return self.closing

    def close(self) -> None:
        """Close when the client has taken what waits."""
        if not self.closing:
            self.closing = True
            if not self._waiting:
                asyncio.get_running_loop().call_soon(self._lose, None)

    def abort(self) -> None:
        """Close at once."""
        self.aborted = True
        self._waiting.clear()
        self.closing = True
        asyncio.get_running_loop().call_soon(self._lose, None)

    def _lose(self, error: Exception | None) -> None:
        if not self.lost:
            self.lost = True
            self._changed.set()
            self._protocol.connection_lost(error)


def connect(
    server: HTTPServer[Any],
    client: tuple[str, int] | None = ("192.0.2.1", 50000),
    extra: dict[str, Any] | None = None,
    *,
    half_close: bool = True,
) -> MemoryTransport:
    """Open a connection to a server, without a socket; the server need not be started.

    Args:
        server: what to connect to.
        client: the address that it sees.
        extra: further answers of ``get_extra_info``, such as an ``ssl_object``.
        half_close: whether the transport can end one direction; TLS cannot.
    """
    return MemoryTransport(server.make_connection(), client, extra, half_close=half_close)
