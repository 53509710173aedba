"""The server over real sockets with two parsers, ours and a foreign one, on two event loops."""

import asyncio
import random
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvloop
from drystone_parser import RequestParser
from drystone_server import Deadlines, HTTPServer, Request, Response

sys.path.insert(0, str(Path(__file__).parent))

from parser_adapters import H11Parser

LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


class SwappedParser(H11Parser[Request]):
    """Reads the end of a body that is empty: the server asks for none where there is none."""

    bodyless = False

    def next_request(self) -> Request | None:
        if self.bodyless:
            self.next_body()
        request = super().next_request()
        self.bodyless = request is not None and request.content_length == 0
        return request


PARSERS: dict[str, Any] = {"drystone": RequestParser, "h11": SwappedParser}
GET = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n"
LAST = b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
CHUNKED = (
    b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\none\r\n5;x=y\r\nthree\r\n0\r\nX-Sum: 8\r\n\r\n"
)
SIZED = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"


async def handle(request: Request) -> Response:
    if request.method == "POST":
        return Response(await request.body(10_000_000))
    if request.raw_path == "/slow":
        await asyncio.sleep(0.05)
    return Response(request.target.encode())


def everywhere(
    test: Callable[[HTTPServer[Request], tuple[str, int]], Awaitable[None]],
) -> Callable[[str, str], None]:
    """Run a test with each parser on each event loop."""

    @pytest.mark.parametrize("loop", LOOPS)
    @pytest.mark.parametrize("parser", PARSERS)
    def run(parser: str, loop: str) -> None:
        async def play() -> None:
            make = partial(PARSERS[parser], Request)
            deadlines = Deadlines(first_byte=0.5, head=1, body_read=1, keep_alive=1, shutdown=3)
            server: HTTPServer[Request] = HTTPServer(handle, make, deadlines=deadlines)
            await server.start("127.0.0.1", 0)
            async with asyncio.timeout(30), server:
                await test(server, server.addresses[0])

        with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
            runner.run(play())

    run.__doc__ = test.__doc__
    return run


async def ask(address: tuple[str, int], *parts: bytes, pause: float = 0) -> bytes:
    """Send the parts, each in a segment of its own where there is a pause; read to the end."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            if pause:
                await asyncio.sleep(pause)
        return await reader.read()
    finally:
        writer.close()


def bodies(answer: bytes) -> list[bytes]:
    return [part.partition(b"\r\n\r\n")[2] for part in answer.split(b"HTTP/1.1 200 OK\r\n")[1:]]


@everywhere
async def test_httpx_keeps_its_connection(server: HTTPServer[Request], address: Any) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{address[1]}") as client:
        for number in range(5):
            assert (await client.get(f"/{number}?a=b")).text == f"/{number}?a=b"
            assert (await client.post("/", content=b"x" * 100_000)).content == b"x" * 100_000
        assert (await client.head("/abc")).headers["content-length"] == "4"
        assert server.connections == 1


@everywhere
async def test_pipelined_requests_in_order(server: HTTPServer[Request], address: Any) -> None:
    slow = b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
    requests = [slow, *(GET % number for number in range(50)), SIZED, CHUNKED, LAST]
    expected = [
        b"/slow",
        *(b"/%d" % number for number in range(50)),
        b"hello",
        b"onethree",
        b"/last",
    ]
    assert bodies(await ask(address, b"".join(requests))) == expected


@everywhere
async def test_split_at_every_byte(server: HTTPServer[Request], address: Any) -> None:
    whole = SIZED + CHUNKED + LAST
    answers = await asyncio.gather(
        *(ask(address, whole[:cut], whole[cut:], pause=0.01) for cut in range(1, len(whole)))
    )
    assert all(bodies(answer) == [b"hello", b"onethree", b"/last"] for answer in answers)


@everywhere
async def test_byte_by_byte(server: HTTPServer[Request], address: Any) -> None:
    parts = [bytes([byte]) for byte in SIZED + CHUNKED + LAST]
    assert bodies(await ask(address, *parts, pause=0.001)) == [b"hello", b"onethree", b"/last"]


@everywhere
async def test_malformed_bytes_are_400_and_the_server_lives_on(
    server: HTTPServer[Request], address: Any
) -> None:
    wrong = [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ]
    for data in wrong:
        answer = await ask(address, data)
        assert answer.startswith(b"HTTP/1.1 400 "), data
        assert b"Connection: close\r\n" in answer
        behind = await ask(address, GET % 1 + data)
        assert bodies(behind.partition(b"HTTP/1.1 400")[0]) == [b"/1"], "answered before it"
    assert bodies(await ask(address, LAST)) == [b"/last"]


@everywhere
async def test_noise_never_stops_the_server(server: HTTPServer[Request], address: Any) -> None:
    chance = random.Random(7)
    for _ in range(50):
        data = bytearray(SIZED + CHUNKED + LAST)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            await asyncio.wait_for(ask(address, bytes(data)), 5)
        except ConnectionError:
            pass
    assert bodies(await ask(address, LAST)) == [b"/last"]


@everywhere
async def test_two_hundred_connections(server: HTTPServer[Request], address: Any) -> None:
    answers = await asyncio.gather(*(ask(address, GET % n + SIZED + LAST) for n in range(200)))
    assert [bodies(answer) for answer in answers] == [
        [b"/%d" % number, b"hello", b"/last"] for number in range(200)
    ]


@everywhere
async def test_a_client_that_sends_nothing_is_closed(
    server: HTTPServer[Request], address: Any
) -> None:
    begun = asyncio.get_running_loop().time()
    assert await ask(address) == b""
    assert asyncio.get_running_loop().time() - begun < 5


@everywhere
async def test_a_head_that_drips_is_408(server: HTTPServer[Request], address: Any) -> None:
    reader, writer = await asyncio.open_connection(*address)
    answer = asyncio.ensure_future(reader.read())
    while not answer.done():
        writer.write(b"G")
        await asyncio.sleep(0.1)
    assert (await answer).startswith(b"HTTP/1.1 408 ")
    writer.close()


@everywhere
async def test_a_client_that_half_closes_gets_its_answer(
    server: HTTPServer[Request], address: Any
) -> None:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
    writer.write_eof()
    assert bodies(await reader.read()) == [b"/slow"]
    writer.close()


@everywhere
async def test_an_upload_refused_early_still_hears_why(
    server: HTTPServer[Request], address: Any
) -> None:
    """The response arrives although the client sends on: the close lingers (RFC 9112, 9.6)."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    answer = await ask(address, head, *[b"x" * 65536] * 50)
    assert answer.startswith(b"HTTP/1.1 400 ")
