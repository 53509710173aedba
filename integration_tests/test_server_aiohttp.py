"""aiohttp's client against our server: pooling, uploads, Expect, streams, hints, leaving."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
import pytest
import uvloop
from drystone_parser import RequestParser
from drystone_server import Deadlines, HTTPServer, Request, Response

LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
LARGE = bytes(range(256)) * 3000


async def handle(request: Request) -> Any:
    if request.raw_path == "/refuse":
        return Response(b"no", 403)
    if request.method == "POST":
        return Response(await request.body(10_000_000))
    if request.raw_path == "/hints":
        request.connection.early_hints({"Link": "</a.css>; rel=preload"})
    if request.raw_path == "/stream":
        return Response(pieces(), trailers={"X-Count": "20"})
    if request.raw_path == "/wait":
        request.connection.cancel_on_disconnect()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            LEFT.set()
            raise
    return Response(request.target.encode())


async def pieces() -> AsyncIterator[bytes]:
    for number in range(20):
        yield b"%02d," % number
        await asyncio.sleep(0)


LEFT = asyncio.Event()


def on_each_loop(
    test: Callable[[aiohttp.ClientSession, HTTPServer[Request]], Awaitable[None]],
) -> Callable[[str], None]:
    @pytest.mark.parametrize("loop", LOOPS)
    def run(loop: str) -> None:
        async def play() -> None:
            server = HTTPServer(
                handle, partial(RequestParser, Request), deadlines=Deadlines(shutdown=3)
            )
            await server.start("127.0.0.1", 0)
            url = f"http://127.0.0.1:{server.addresses[0][1]}"
            async with asyncio.timeout(20), server, aiohttp.ClientSession(url) as session:
                await test(session, server)

        with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
            runner.run(play())

    run.__doc__ = test.__doc__
    return run


@on_each_loop
async def test_connections_are_kept(session: aiohttp.ClientSession, server: Any) -> None:
    for number in range(10):
        async with session.get(f"/{number}") as response:
            assert await response.read() == b"/%d" % number
    assert server.connections == 1


@on_each_loop
async def test_uploads(session: aiohttp.ClientSession, server: Any) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(LARGE), 50_000):
            yield LARGE[start : start + 50_000]

    for body, expect in ((LARGE, False), (LARGE, True), (in_pieces(), False), (in_pieces(), True)):
        async with session.post("/", data=body, expect100=expect) as response:
            assert await response.read() == LARGE


@on_each_loop
async def test_an_upload_refused_before_it_is_sent(
    session: aiohttp.ClientSession, server: Any
) -> None:
    async with session.post("/refuse", data=LARGE, expect100=True) as response:
        assert (response.status, await response.read()) == (403, b"no")
    async with session.get("/next") as response:
        assert await response.read() == b"/next"


@on_each_loop
async def test_streams_trailers_and_hints(session: aiohttp.ClientSession, server: Any) -> None:
    for _ in range(3):
        async with session.get("/stream") as response:
            assert len(await response.read()) == 60
        async with session.get("/hints") as response:
            assert (response.status, await response.read()) == (200, b"/hints")
    assert server.connections == 1


@on_each_loop
async def test_many_at_once(session: aiohttp.ClientSession, server: Any) -> None:
    async def ask(number: int) -> bytes:
        async with session.get(f"/{number}") as response:
            return await response.read()

    assert await asyncio.gather(*map(ask, range(300))) == [b"/%d" % n for n in range(300)]


@on_each_loop
async def test_a_handler_hears_that_the_client_left(
    session: aiohttp.ClientSession, server: Any
) -> None:
    LEFT.clear()
    with pytest.raises(TimeoutError):
        await session.get("/wait", timeout=aiohttp.ClientTimeout(total=0.2))
    while not LEFT.is_set():
        await asyncio.sleep(0.05)
