"""A pair of streams as a transport: anything with their methods will do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from drystone_server import HTTPServer, Limits, Request, Response
from drystone_server._streams import StreamTransport
from drystone_server.testing import SmallParser

GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
CLOSE = b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class MemoryWriter:
    """The least that a writer must have."""

    def __init__(self) -> None:
        self.sent = bytearray()
        self.closed = False
        self.drains = 0
        self.gate: asyncio.Event | None = None
        self.error: OSError | None = None

    def write(self, data: Any) -> None:
        self.sent += data

    async def drain(self) -> None:
        self.drains += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error

    def close(self) -> None:
        self.closed = True

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("192.0.2.7", 7)}.get(name, default)


class FailingReader:
    async def read(self, size: int) -> bytes:
        raise ConnectionResetError("reset")


async def handler(request: Request) -> Response:
    return Response(request.target.encode())


def make(handle: Any = handler, **options: Any) -> HTTPServer[Request]:
    return HTTPServer(handle, lambda: SmallParser(Request), **options)


async def serve(server: HTTPServer[Request], *data: bytes, eof: bool = True) -> MemoryWriter:
    reader, writer = asyncio.StreamReader(), MemoryWriter()
    for part in data:
        reader.feed_data(part)
    if eof:
        reader.feed_eof()
    await server.handle_connection(reader, writer)
    return writer


async def test_requests_until_the_end_of_input() -> None:
    writer = await serve(make(), GET, GET)
    assert writer.sent.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert writer.closed


async def test_the_server_closes_first() -> None:
    writer = await serve(make(), CLOSE, eof=False)
    assert writer.sent.endswith(b"/x")
    assert writer.closed


async def test_addresses_are_those_of_the_writer() -> None:
    async def tell(request: Request) -> Response:
        return Response(repr((request.connection.client, request.connection.server)).encode())

    assert (await serve(make(tell), CLOSE)).sent.endswith(b"(('192.0.2.7', 7), None)")


async def test_a_read_that_fails_ends_the_connection() -> None:
    writer, server = MemoryWriter(), make()
    await server.handle_connection(FailingReader(), writer)
    assert writer.closed
    assert server.connections == 0


async def test_a_slow_writer_holds_the_response() -> None:
    async def large(request: Request) -> Response:
        return Response(b"x" * 3_000_000)

    reader, writer = asyncio.StreamReader(), MemoryWriter()
    writer.gate = asyncio.Event()
    reader.feed_data(CLOSE)
    serving = asyncio.ensure_future(make(large).handle_connection(reader, writer))
    await asyncio.sleep(1)
    assert len(writer.sent) < 1_500_000
    writer.gate.set()
    await serving
    assert len(writer.sent) > 3_000_000
    assert writer.drains


async def test_a_writer_that_takes_nothing_is_cut() -> None:
    async def large(request: Request) -> Response:
        return Response(b"x" * 3_000_000)

    reader, writer = asyncio.StreamReader(), MemoryWriter()
    writer.gate = asyncio.Event()
    reader.feed_data(CLOSE)
    await make(large).handle_connection(reader, writer)
    assert writer.closed
    assert asyncio.get_running_loop().time() <= 60
    await asyncio.sleep(1)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_write_that_fails_ends_the_connection() -> None:
    async def large(request: Request) -> Response:
        return Response(b"x" * 3_000_000)

    reader, writer = asyncio.StreamReader(), MemoryWriter()
    writer.error = BrokenPipeError("gone")
    reader.feed_data(CLOSE)
    await make(large).handle_connection(reader, writer)
    assert writer.closed
    await asyncio.sleep(1)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_reading_pauses_for_a_slow_handler() -> None:
    gate = asyncio.Event()

    async def slow(request: Request) -> Response:
        await gate.wait()
        return await handler(request)

    reader, writer = asyncio.StreamReader(), MemoryWriter()
    server = make(slow, limits=Limits(read_ahead=1000))
    serving = asyncio.ensure_future(server.handle_connection(reader, writer))
    for _ in range(100):
        reader.feed_data(GET)
        await asyncio.sleep(0.01)
    assert len(reader._buffer) > 500  # type: ignore[attr-defined]
    gate.set()
    reader.feed_eof()
    await serving
    assert writer.sent.count(b"HTTP/1.1 200 OK\r\n") == 100


async def test_cancelling_cuts_the_connection() -> None:
    reader, writer = asyncio.StreamReader(), MemoryWriter()
    serving = asyncio.ensure_future(make().handle_connection(reader, writer))
    await asyncio.sleep(1)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert writer.closed


async def test_an_upgrade_over_streams() -> None:
    async def echo(request: Request) -> Any:
        taken = await request.connection.take_over()
        assert taken.transport.get_protocol() is taken
        while data := await taken.read():
            await taken.write(data)

    upgrade = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: echo\r\n\r\n"
    assert (await serve(make(echo), upgrade, b"hello")).sent.endswith(b"\r\n\r\nhello")


async def test_nothing_is_written_after_the_close() -> None:
    writer = MemoryWriter()
    transport = StreamTransport(asyncio.StreamReader(), writer)
    transport.close()
    transport.write(b"late")
    assert not writer.sent
