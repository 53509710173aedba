"""The access log: one line for each request, whatever becomes of it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from drystone_server import Deadlines, FileBody, Request, Response
from drystone_server._access_log import escape
from drystone_server.asgi import ASGIHandler, Receive, Scope, Send
from drystone_server.testing import GET, MemoryTransport, connect, make_server, post, settle


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """The lines so far, with the milliseconds left out."""
    caplog.set_level(logging.INFO, "drystone_server.access")

    def read() -> list[str]:
        found = [r.getMessage() for r in caplog.records if r.name == "drystone_server.access"]
        return [re.sub(r" [0-9.]+ ms", "", line) for line in found]

    return read


Lines = Callable[[], list[str]]


async def answer(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"123"
        if request.target == "/broken":
            raise ZeroDivisionError
        await asyncio.sleep(1)
        yield b"4"

    if request.target == "/error":
        raise ZeroDivisionError
    if request.target == "/slow":
        await asyncio.sleep(100)
    streams = request.target in ("/stream", "/broken")
    return Response(pieces() if streams else await request.body() or b"hello")


def open_to(handler: Any = answer, **options: Any) -> MemoryTransport:
    return connect(make_server(handler, access_log=True, **options))


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        (GET % b"/a?b=c", '192.0.2.1 "GET /a?b=c HTTP/1.1" 200 5'),
        (b"HEAD / HTTP/1.0\r\n\r\n", '192.0.2.1 "HEAD / HTTP/1.0" 200 0'),
        (post(b"body"), '192.0.2.1 "POST / HTTP/1.1" 200 4'),
        (GET % b"/error", '192.0.2.1 "GET /error HTTP/1.1" 500 26'),
        (GET % b"/stream", '192.0.2.1 "GET /stream HTTP/1.1" 200 19'),
        (GET % b"/broken", '192.0.2.1 "GET /broken HTTP/1.1" 200 8, cut'),
        (b"what\r\n\r\n", '192.0.2.1 "- - HTTP/-" 400 40, malformed head '),
    ],
)
async def test_each_request_has_its_line(sent: bytes, line: str, lines: Lines) -> None:
    client = open_to()
    client.send(sent)
    await asyncio.sleep(2)
    assert len(lines()) == 1
    assert lines()[0].startswith(line)


async def test_pipelined_requests_and_the_time_each_took(
    lines: Lines, caplog: pytest.LogCaptureFixture
) -> None:
    client = open_to()
    client.send(GET % b"/1" + GET % b"/stream" + GET % b"/2" + b"bad\r\n\r\n")
    await asyncio.sleep(2)
    assert [line.split()[2] for line in lines()] == ["/1", "/stream", "/2", "-"]
    took = [record.args[6] for record in caplog.records if isinstance(record.args, tuple)]
    assert took == pytest.approx([0, 1000, 0, 0])


async def test_a_client_that_leaves_before_its_answer(lines: Lines) -> None:
    client = open_to(deadlines=Deadlines())
    client.send(GET % b"/slow")
    await settle()
    client.disconnect()
    await asyncio.sleep(200)
    assert lines() == ['192.0.2.1 "GET /slow HTTP/1.1" - 0, cut']


async def test_an_idle_connection_has_none_and_a_late_head_has(lines: Lines) -> None:
    open_to()
    open_to().send(b"GET")
    await asyncio.sleep(100)
    assert len(lines()) == 1
    assert lines()[0].startswith('192.0.2.1 "- - HTTP/-" 408 ')


async def test_what_is_no_request_writes_one_short_line(lines: Lines) -> None:
    open_to().send(b'a"\n' + b"x" * 1000 + b"\r\n\r\n")
    await asyncio.sleep(2)
    (line,) = lines()
    assert "\n" not in line
    assert len(line) < 300


async def test_asgi_with_background_work(lines: Lines) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        more = scope["path"] == "/more"
        await send({"type": "http.response.start", "status": 201})
        await send({"type": "http.response.body", "body": b"12", "more_body": more})
        if more:
            await send({"type": "http.response.body", "body": b"3"})
        await asyncio.sleep(100)

    client = open_to(ASGIHandler(app, lifespan="off"))
    client.send(GET % b"/" + GET % b"/more" + GET % b"/")
    await asyncio.sleep(1)
    assert [line.rsplit('"', 1)[1] for line in lines()] == [" 201 2", " 201 18", " 201 2"]
    await asyncio.sleep(200)
    assert len(lines()) == 3


async def test_what_a_handler_does_by_itself(lines: Lines, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 100_000)

    async def handler(request: Request) -> Response | None:
        if request.upgrade:
            taken = await request.connection.take_over(headers={"Upgrade": "x"})
            await taken.write(await taken.read())
            return None
        await request.connection.respond(Response(FileBody(tmp_path / "file")))
        return None

    client = open_to(handler)
    client.send(GET % b"/")
    await client.read_until(b"x" * 100_000)
    client.send(b"GET /up HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nhello")
    await client.read_until(b"hello")
    assert [line.rsplit('"', 1)[1] for line in lines()] == [" 200 100000", " 101 0"]


async def test_a_unix_socket_has_no_address(lines: Lines) -> None:
    client = connect(make_server(answer, access_log=True), client=None)
    client.send(GET % b"/")
    await settle()
    assert lines() == ['- "GET / HTTP/1.1" 200 5']


@pytest.mark.parametrize("access_log", [True, False])
async def test_nothing_is_logged_where_nobody_listens(
    access_log: bool, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(make_server(answer, access_log=access_log))
    client.send(GET % b"/")
    await client.read_until(b"hello")
    assert not caplog.records


def test_no_request_can_forge_a_line() -> None:
    assert escape("/a?b=c") == "/a?b=c"
    assert escape('/"\r\n\\\xe9') == '/\\"\\r\\n\\\\\\xe9'
