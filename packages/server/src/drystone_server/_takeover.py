"""The connection after an upgrade: bytes in both directions, no HTTP."""

from __future__ import annotations

import asyncio

from ._wire import Taken


class TakenConnection(asyncio.Protocol):
    """What `HTTPConnection.take_over` gives: the raw connection, under back-pressure both ways.

    It belongs to the handler until that returns. Then it is closed, after what was written: the
    sending ends, and the client has `Deadlines.linger` to end its own.

    Args:
        connection: the connection that it was.
        transport: its transport. A protocol of another make may be set on it (``set_protocol``);
            that one must pass ``connection_lost`` on to this object.
        received: the bytes that followed the request.
        read_ahead: bytes to take from the client before anybody reads them.
    """

    def __init__(
        self,
        connection: Taken,
        transport: asyncio.Transport,
        received: bytes,
        read_ahead: int,
    ) -> None:
        self._connection = connection
        self.transport = transport
        self._buffer = bytearray(received)
        self._read_ahead = read_ahead
        self._eof = connection.eof
        self._waiter: asyncio.Future[None] | None = None
        self._paused = False

    async def read(self) -> bytes:
        """Wait for bytes.

        Returns:
            What has arrived; ``b""`` when the client has ended its input.

        Raises:
            RuntimeError: another task waits already.
        """
        if self._waiter is not None:
            raise RuntimeError("another task reads from this connection already")
        if not self._buffer and not self._eof:
            self._waiter = self._connection.loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        data = bytes(self._buffer)
        self._buffer.clear()
        if self._paused and not self._eof:
            self._paused = False
            self._connection.resume_reading()
        return data

    async def write(self, data: bytes) -> None:
        """Write bytes, and wait while the client is too slow.

        Raises:
            ClientDisconnected: the client has left.
        """
        self._connection.write(data)
        if self._connection.blocked is not None:
            await self._connection.wait_until_writable()

    def close(self) -> None:
        """Close when what was written has been sent."""
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Keep the bytes for `read`."""
        self._buffer += data
        self._wake()
        if len(self._buffer) > self._read_ahead and not self._paused:
            self._paused = True
            self._connection.pause_reading()

    def eof_received(self) -> bool:
        """The client ends its input; the handler may still write."""
        self._eof = self._connection.eof = True
        self._wake()
        return self._connection.tls is None

    def pause_writing(self) -> None:
        """Too much waits to be sent."""
        self._connection.pause_writing()

    def resume_writing(self) -> None:
        """There is room again."""
        self._connection.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has left."""
        self._eof = True
        self._wake()
        self._connection.connection_lost(exc)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
