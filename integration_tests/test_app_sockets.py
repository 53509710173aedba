"""The facade on its own server, over real sockets: what a client may do to it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from drystone import App, Request
from drystone._serve import AppServer
from drystone_server import Deadlines


class Order(msgspec.Struct):
    item: str
    count: int = 1


def make_app() -> App[None]:
    app: App[None] = App()

    @app.get("/user/{id}")
    async def user(request: Request[Any], id: str) -> str:
        return id

    @app.post("/orders", status=201)
    async def orders(order: Order) -> Order:
        return order

    @app.post("/slow")
    async def slow(request: Request[Any]) -> str:
        body = await request.body()
        await asyncio.sleep(0.01)
        return body.decode()

    return app


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with AppServer(make_app(), deadlines=Deadlines(first_byte=0.3, head=0.3)) as server:
        await server.start("127.0.0.1", 0)
        yield server.addresses[0][1]


async def converse(port: int, *pieces: bytes, pause: float = 0) -> bytes:
    """Send pieces, then read until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        async with asyncio.timeout(10):
            return await reader.read()
    finally:
        writer.close()


GET = b"GET /user/42 HTTP/1.1\r\nHost: a.example\r\n\r\n"
BODY = b'{"item":"stone","count":3}'
POST = (
    b"POST /orders HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(BODY)
) + BODY


async def test_a_request_split_at_every_byte(port: int) -> None:
    whole = await converse(port, POST)
    assert whole.startswith(b"HTTP/1.1 201 ")
    assert whole.endswith(b'\r\n\r\n{"item":"stone","count":3}')

    async def split(at: int) -> bytes:
        return await converse(port, POST[:at], POST[at:], pause=0.001)

    async def answer_without_date(at: int) -> bytes:
        lines = (await split(at)).split(b"\r\n")
        return b"\r\n".join(line for line in lines if not line.lower().startswith(b"date:"))

    answers = [await answer_without_date(at) for at in range(1, len(POST))]
    assert len(set(answers)) == 1


async def test_one_byte_at_a_time(port: int) -> None:
    answer = await converse(port, *[POST[at : at + 1] for at in range(len(POST))])
    assert answer.startswith(b"HTTP/1.1 201 ")


async def test_pipelined_requests_are_answered_in_order(port: int) -> None:
    burst = b"".join(
        b"POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n%02d" % number
        if number % 3 == 0
        else b"GET /user/%02d HTTP/1.1\r\nHost: a\r\n\r\n" % number
        for number in range(30)
    )
    answer = await converse(
        port, burst + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    )
    bodies = [part.partition(b"\r\n\r\n")[2] for part in answer.split(b"HTTP/1.1 200 OK")[1:]]
    assert bodies == [b"%02d" % number for number in range(30)] + [b"42"]


async def test_two_hundred_connections_at_once(port: int) -> None:
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(limits=limits, timeout=20) as client:
        url = f"http://127.0.0.1:{port}/slow"
        answers = await asyncio.gather(
            *[client.post(url, content=str(number)) for number in range(200)]
        )
    assert [answer.text for answer in answers] == [str(number) for number in range(200)]


async def test_a_client_that_says_nothing_is_closed(port: int) -> None:
    assert await converse(port) == b""


async def test_a_request_that_is_never_finished_is_answered_408(port: int) -> None:
    assert (await converse(port, b"GET /user/42 HTTP/1.1\r\nHos")).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"\x00\xff\r\n\r\n",
    ],
)
async def test_malformed_bytes_get_400_and_the_server_lives_on(
    port: int, request_bytes: bytes
) -> None:
    assert (await converse(port, request_bytes)).startswith(b"HTTP/1.1 400 ")
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"http://127.0.0.1:{port}/user/42")).text == "42"


async def test_a_broken_body_after_a_good_head(port: int) -> None:
    head = b"POST /orders HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert (await converse(port, head, b"zz\r\n")).startswith(b"HTTP/1.1 400 ")


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl: apt-get install curl")
async def test_curl(port: int) -> None:
    process = await asyncio.create_subprocess_exec(
        *["curl", "-sS", "-i", "-d", BODY.decode(), "-H", "Content-Type: application/json"],
        f"http://127.0.0.1:{port}/orders",
        stdout=asyncio.subprocess.PIPE,
    )
    answer, _ = await process.communicate()
    assert answer.startswith(b"HTTP/1.1 201 Created\r\n")
    assert answer.endswith(BODY)
