"""A pair of asyncio streams as a transport, for `HTTPServer.handle_connection`."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Final

_READ: Final = 64 * 1024


class StreamTransport(asyncio.Transport):
    """Looks like a transport to the connection, and moves its bytes over a reader and a writer.

    Anything with these methods of `asyncio.StreamReader` and `asyncio.StreamWriter` will do:
    ``read``; ``write``, ``drain``, ``close``, ``get_extra_info``, and if it has them ``transport``,
    ``wait_closed``, ``is_closing``, ``can_write_eof`` and ``write_eof``.

    Args:
        reader: where bytes come from.
        writer: where they go.
    """

    def __init__(self, reader: Any, writer: Any) -> None:
        super().__init__()
        self._reader = reader
        self._writer = writer
        self._protocol = asyncio.Protocol()
        self._high = 64 * 1024
        self._pending = 0
        self._closed = asyncio.Event()
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._drainer: asyncio.Task[None] | None = None
        self._error: Exception | None = None

    async def run(self, protocol: asyncio.Protocol) -> None:
        """Serve the protocol until the connection is closed from either side."""
        self._protocol = protocol
        protocol.connection_made(self)
        reading = asyncio.create_task(self._read_until_eof())
        watching = asyncio.create_task(self._watch())
        try:
            await self._closed.wait()
        except BaseException:
            self.abort()
            raise
        finally:
            reading.cancel()
            if self._drainer is not None:
                self._drainer.cancel()
            self._writer.close()
            try:
                # The protocol's clock for writing runs on, and cuts off a reader that stopped.
                await watching
            finally:
                self._protocol.connection_lost(self._error)

    async def _watch(self) -> None:
        """Wait until the writer has closed; a client may leave while nothing is read from it."""
        wait_closed = getattr(self._writer, "wait_closed", None)
        if wait_closed is not None:
            with contextlib.suppress(OSError):
                await wait_closed()
            self._closed.set()

    async def _read_until_eof(self) -> None:
        try:
            while True:
                await self._may_read.wait()
                data = await self._reader.read(_READ)
                if not data:
                    break
                self._protocol.data_received(data)
            if not self._protocol.eof_received():
                self.close()
        except OSError as error:
            self._fail(error)

    async def _drain(self) -> None:
        try:
            await self._writer.drain()
        except OSError as error:
            self._fail(error)
        else:
            self._pending = 0
            self._drainer = None
            self._protocol.resume_writing()

    def _fail(self, error: Exception) -> None:
        self._error = error
        self._closed.set()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write, and pause the protocol when a good deal was written since the last drain."""
        if self._closed.is_set():
            return
        self._writer.write(data)
        self._pending += len(data)
        if self._pending > self._high and self._drainer is None:
            self._protocol.pause_writing()
            self._drainer = asyncio.create_task(self._drain())

    def get_write_buffer_size(self) -> int:
        """Bytes that wait to be sent."""
        transport = getattr(self._writer, "transport", None)
        if transport is not None:
            size: int = transport.get_write_buffer_size()
            return size
        return self._pending if self._drainer is not None else 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Pause the protocol beyond so many bytes; ``low`` means nothing here."""
        self._high = self._high if high is None else high

    def can_write_eof(self) -> bool:
        """Whether one direction can be ended alone."""
        can = getattr(self._writer, "can_write_eof", None)
        return can is not None and bool(can())

    def write_eof(self) -> None:
        """End the sending."""
        self._writer.write_eof()

    def pause_reading(self) -> None:
        """Read no more for now; a read under way still comes."""
        self._may_read.clear()

    def resume_reading(self) -> None:
        """Read on."""
        self._may_read.set()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Give what comes to another protocol."""
        assert isinstance(protocol, asyncio.Protocol)  # noqa: S101
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        """The protocol that gets what comes."""
        return self._protocol

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What the writer knows."""
        return self._writer.get_extra_info(name, default)

    def is_closing(self) -> bool:
        """Whether it is closed or about to be."""
        closing = getattr(self._writer, "is_closing", None)
        return self._closed.is_set() or (closing is not None and bool(closing()))

    def close(self) -> None:
        """Close when what was written has been sent."""
        self._closed.set()

    def abort(self) -> None:
        """Close at once."""
        transport = getattr(self._writer, "transport", None)
        if transport is not None:
            transport.abort()
        self._closed.set()
