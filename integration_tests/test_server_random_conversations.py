"""Random conversations: pipelined requests cut at random, handlers that do as they like.

Each answer must be that of its request, in order, and whole. Then clients break off at random, by
a reset, a close, a half-close, or by reading nothing more. Nothing may be left in the end. The seed
of a conversation that failed is told.
"""

import asyncio
import contextlib
import logging
import random
import socket
import struct
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from drystone_parser import ResponseParser
from drystone_server import Deadlines, HTTPServer, Limits, Request, Response
from drystone_server.asgi import ASGIHandler

sys.path.insert(0, str(Path(__file__).parent / "applications"))

from serving import LOOPS, make_server

CONVERSATIONS = 1000
TOGETHER = 20

HABITS = ("wait", "read", "read some", "stream", "respond", "linger", "fail", "large")
"""What a handler does: some of these, named in the path of the request."""


class Refusal(Exception):
    status = 418


async def answer_natively(request: Request) -> Any:
    _, habits, number = request.raw_path.split("/")
    body = number.encode() + (b"z" * 100_000 if "large" in habits else b"")
    headers = {"X-Number": number}

    async def pieces() -> Any:
        yield body[:1]
        await asyncio.sleep(0)
        yield body[1:]

    if "wait" in habits:
        await asyncio.sleep(random.random() / 500)
    if "read_some" in habits:
        await request.receive()
    elif "read" in habits:
        await request.body()
    if "fail" in habits:
        raise Refusal
    response = Response(pieces() if "stream" in habits else body, headers=headers)
    if "respond" not in habits:
        return response
    await request.connection.respond(response)
    if "linger" in habits:
        await asyncio.sleep(random.random() / 100)
    return None


async def application(scope: Any, receive: Any, send: Any) -> None:
    _, habits, number = scope["path"].split("/")
    body = number.encode() + (b"z" * 100_000 if "large" in habits else b"")
    if "wait" in habits:
        await asyncio.sleep(random.random() / 500)
    more = "read" in habits
    while more:
        more = (await receive()).get("more_body", False) and "read_some" not in habits
    if "fail" in habits:
        raise Refusal
    headers = [(b"x-number", number.encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if "stream" in habits:
        await send({"type": "http.response.body", "body": body[:1], "more_body": True})
        body = body[1:]
    await send({"type": "http.response.body", "body": body})
    if "linger" in habits:
        await asyncio.sleep(random.random() / 100)
    if "respond" in habits:  # an application that does not know when it is done
        with pytest.raises(ValueError, match="does not belong here"):
            await send({"type": "http.response.body", "body": b"too much"})


def make_request(chance: random.Random, number: int) -> tuple[str, bytes]:
    """A request for some habits; its method, and its bytes."""
    habits = "+".join(chance.sample(HABITS, chance.randint(0, 3))).replace(" ", "_") or "none"
    method = chance.choice(["GET", "HEAD", "POST", "CHUNKED"])
    head = f"{method.replace('CHUNKED', 'POST')} /{habits}/{number} HTTP/1.1\r\nHost: a\r\n"
    if method == "POST":
        body = b"b" * chance.choice([1, 100, 70_000])
        return "POST", f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    if method == "CHUNKED":
        sizes = [chance.randint(1, 3000) for _ in range(chance.randint(0, 8))]
        chunks = b"".join(b"%x\r\n%b\r\n" % (size, b"c" * size) for size in sizes)
        return "POST", f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks + b"0\r\n\r\n"
    return method, f"{head}\r\n".encode()


LAST = b"GET /none/9999 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


async def converse(chance: random.Random, address: tuple[str, int]) -> None:
    requests = [
        make_request(chance, number) for number in range(1000, 1000 + chance.randint(0, 12))
    ]
    data = b"".join(sent for _, sent in requests) + LAST
    reader, writer = await asyncio.open_connection(*address)
    reading = asyncio.ensure_future(reader.read())
    place = 0
    while place < len(data):
        size = chance.choice([1, 7, 100, 5000, 100_000])
        writer.write(data[place : place + size])
        place += size
        await asyncio.sleep(chance.choice([0, 0, 0, 0.002]))
    if chance.random() < 0.3:
        writer.write_eof()
    received = await asyncio.wait_for(reading, 20)
    writer.close()
    check(received, [*(method for method, _ in requests), "GET"])


class Answer:
    """What the parser fills."""

    status: int
    headers: Any


def check(received: bytes, methods: list[str]) -> None:
    parser = ResponseParser(Answer)
    parser.feed(received)
    parser.feed_eof()
    for place, method in enumerate(methods):
        number = str(1000 + place if place < len(methods) - 1 else 9999)
        response = parser.next_response(method)
        assert response is not None, f"no answer to request {number}"
        body = b""
        while piece := parser.next_body():
            body += piece
        assert response.status in (200, 418, 500)
        if response.status == 200:
            assert response.headers.get("x-number") == number
            assert method == "HEAD" or body.rstrip(b"z") == number.encode()
    assert parser.next_response() is None


@contextlib.asynccontextmanager
async def open_to(server: HTTPServer[Any], way: str) -> AsyncIterator[tuple[str, int]]:
    """Serve in one of the two ways in, and see that nothing is left in the end."""
    async with server:
        if way == "streams":
            listening = await asyncio.start_server(server.handle_connection, "127.0.0.1", 0)
            yield listening.sockets[0].getsockname()
            listening.close()
        else:
            await server.start("127.0.0.1", 0)
            yield server.addresses[0]
        async with asyncio.timeout(10):
            while server.connections:
                await asyncio.sleep(0.05)


async def break_off(chance: random.Random, address: tuple[str, int]) -> None:
    numbers = range(1000, 1000 + chance.randint(0, 6))
    data = b"".join(make_request(chance, number)[1] for number in numbers) + LAST
    data = data[: chance.choice([len(data), chance.randint(0, len(data))])]
    _, writer = await asyncio.open_connection(*address)
    if chance.random() < 0.2:
        writer.transport.pause_reading()
    place = 0
    with contextlib.suppress(OSError):
        while place < len(data) and not writer.transport.is_closing():
            size = chance.choice([1, 50, 5000, 100_000])
            writer.write(data[place : place + size])
            place += size
            await asyncio.sleep(chance.choice([0, 0, 0.003]))
        how = chance.choice(["reset", "close", "half-close", "wait"])
        if how == "half-close" and not writer.transport.is_closing():
            writer.write_eof()
        if how in ("half-close", "wait"):
            await asyncio.sleep(chance.random() / 10)
        if how == "reset":
            at_once = struct.pack("ii", 1, 0)
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            writer.transport.abort()
    writer.close()


async def break_off_often(handler: Any, way: str) -> None:
    deadlines = Deadlines(
        first_byte=0.3, head=0.3, body_read=0.3, keep_alive=0.3, write=0.3, half_close=0.05,
        linger=0.1, handler=0.005,
    )  # fmt: skip
    limits = Limits(read_ahead=2000, write_buffer=2000)
    server: HTTPServer[Request] = make_server(handler, deadlines=deadlines, limits=limits)
    seed = random.randrange(1_000_000)
    async with open_to(server, way) as address:
        for first in range(seed, seed + CONVERSATIONS // 2, TOGETHER):
            seeds = range(first, first + TOGETHER)
            await asyncio.gather(*(break_off(random.Random(s), address) for s in seeds))


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("host", ["native", "asgi", "streams"])
def test_clients_that_break_off_leave_nothing(
    loop: str, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    handler = ASGIHandler(application, lifespan="off") if host == "asgi" else answer_natively
    with caplog.at_level(logging.INFO), asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(break_off_often(handler, host))
    faults = [r for r in caplog.records if not (r.exc_info and isinstance(r.exc_info[1], Refusal))]
    assert not faults


async def converse_often(handler: Any, way: str) -> None:
    server: HTTPServer[Request] = make_server(handler)
    seed = random.randrange(1_000_000)
    async with open_to(server, way) as address:
        for first in range(0, CONVERSATIONS, TOGETHER):
            seeds = range(seed + first, seed + first + TOGETHER)
            found = await asyncio.gather(
                *(converse(random.Random(s), address) for s in seeds),
                return_exceptions=True,
            )
            wrong = {s: fault for s, fault in zip(seeds, found, strict=True) if fault is not None}
            assert not wrong
    await asyncio.sleep(0)  # for what was cancelled to end
    others = asyncio.all_tasks() - {asyncio.current_task()}
    assert not [task for task in others if not task.done()]


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("host", ["native", "asgi", "streams"])
def test_each_answer_is_that_of_its_request(loop: str, host: str) -> None:
    handler = ASGIHandler(application, lifespan="off") if host == "asgi" else answer_natively
    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(converse_often(handler, host))
