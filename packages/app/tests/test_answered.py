"""Handlers that answer by themselves, over a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from drystone import App, ClientDisconnected, HTTPError, Request, Response, event_stream
from drystone.testing import Client

UPGRADE = {"Connection": "Upgrade", "Upgrade": "echo"}


def make_app(seen: list[Any]) -> App[None]:
    def watching(handler: Any) -> Any:
        async def watch(request: Request[None]) -> Response:
            response: Response = await handler(request)
            seen.append(response.status)
            return response

        return watch

    app: App[None] = App(middleware=[watching])

    @app.get("/early")
    async def early(request: Request[None]) -> None:
        request.run_after(seen.append, "after")
        await request.respond(Response("here", 203))
        await asyncio.sleep(0)
        seen.append("work")

    @app.get("/echo")
    async def echo(request: Request[None]) -> None:
        taken = await request.take_over(headers=UPGRADE)
        while data := await taken.read():
            await taken.write(data.upper())
        seen.append("ended")

    @app.get("/twice")
    async def twice(request: Request[None]) -> str:
        await request.respond(Response("once"))
        raise HTTPError(418)

    return app


@asynccontextmanager
async def connected(
    app: App[None],
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    server = await app.start_server(port=0)
    reader, writer = await asyncio.open_connection(*server.addresses[0])
    try:
        async with asyncio.timeout(10):
            yield reader, writer
    finally:
        writer.close()
        await server.close()


async def read_response(reader: asyncio.StreamReader, size: int = 0) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    return head.partition(b"\r\n")[0], await reader.readexactly(size)


async def test_a_handler_answers_and_goes_on() -> None:
    seen: list[Any] = []
    async with connected(make_app(seen)) as (reader, writer):
        writer.write(b"GET /early HTTP/1.1\r\nHost: a\r\n\r\n" * 2)
        for _ in range(2):
            line, body = await read_response(reader, 4)
            assert line == b"HTTP/1.1 203 Non-Authoritative Information"
            assert body == b"here"
    # What middleware sees is the response that was sent.
    assert sorted(map(str, seen)) == ["203", "203", "after", "after", "work", "work"]


async def test_a_handler_takes_the_connection_over() -> None:
    seen: list[Any] = []
    async with connected(make_app(seen)) as (reader, writer):
        fields = b"Host: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n"
        writer.write(b"GET /echo HTTP/1.1\r\n" + fields + b"hello")
        line, body = await read_response(reader, 5)
        assert line == b"HTTP/1.1 101 Switching Protocols"
        assert body == b"HELLO"
        writer.write(b" there")
        assert await reader.readexactly(6) == b" THERE"
        writer.write_eof()
        assert await reader.read() == b""
    assert seen == ["ended", 101]


async def test_inside_what_is_mounted() -> None:
    seen: list[Any] = []
    outer: App[None] = App()
    outer.mount("/inner", make_app(seen))
    async with connected(outer) as (reader, writer):
        writer.write(b"GET /inner/early HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await read_response(reader, 4))[1] == b"here"
    assert seen == ["work", 203, "after"]


async def test_what_is_raised_after_the_answer_is_not_sent() -> None:
    seen: list[Any] = []
    async with connected(make_app(seen)) as (reader, writer):
        writer.write(b"GET /twice HTTP/1.1\r\nHost: a\r\n\r\n" * 2)
        for _ in range(2):
            line, body = await read_response(reader, 4)
            assert (line, body) == (b"HTTP/1.1 200 OK", b"once")
    assert seen == [418, 418]


async def test_without_an_upgrade() -> None:
    async with Client(make_app([])) as client:
        assert (await client.get("/echo")).status_code == 426


async def test_a_server_that_cannot() -> None:
    class Elsewhere:
        client = None
        scheme = "http"

    request: Request[None] = Request()
    request.connection = Elsewhere()
    with pytest.raises(HTTPError, match="501"):
        await request.respond(Response())
    with pytest.raises(HTTPError, match="501"):
        await request.take_over()


async def test_an_event_stream_sent_early_ends_with_its_client() -> None:
    left: list[str] = []
    app: App[None] = App()

    async def events() -> AsyncIterator[str]:
        try:
            yield "one"
            await asyncio.Event().wait()
        finally:
            left.append("stream")

    @app.get("/")
    async def handler(request: Request[None]) -> None:
        try:
            await request.respond(event_stream(events()))
        except (asyncio.CancelledError, ClientDisconnected):
            left.append("handler")
            raise

    async with Client(app) as client, client.stream("GET", "/") as response:
        async for piece in response.aiter_bytes():
            assert piece == b"data: one\n\n"
            break
    assert sorted(left) == ["handler", "stream"]
