"""What applications leave running, and the extensions of ASGI."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from drystone_server import HTTPServer, InvalidResponse, Request
from drystone_server.asgi import ASGIHandler, Message, Receive, Scope, Send
from drystone_server.testing import MemoryTransport, SmallParser, connect, settle
from drystone_server.testing import asgi_body as body
from drystone_server.testing import asgi_start as start

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n"
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def serve(app: Application, **options: Any) -> MemoryTransport:
    handler = ASGIHandler(app, lifespan="off", **options)
    return connect(HTTPServer(handler, lambda: SmallParser(Request)))


class TestTasksLeftBehind:
    """What an application leaves running has no hand in the requests that follow."""

    async def test_a_late_response_is_not_sent_as_that_of_the_next_request(self) -> None:
        async def answer_late(send: Send) -> None:
            await asyncio.sleep(2)
            await send(start())
            await send(body(b"secret of a"))

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] == "/a":
                left.append(asyncio.create_task(answer_late(send)))
                return
            await asyncio.sleep(5)
            await send(start())
            await send(body(b"answer to b"))

        left: list[asyncio.Task[None]] = []
        client = serve(app)
        client.send(b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await client.read_until(b"Error\n")).startswith(b"HTTP/1.1 500 ")
        client.send(b"GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"secret" not in await client.read_until(b"answer to b")
        assert isinstance(left[0].exception(), InvalidResponse)

    async def test_nor_after_an_error(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            sends.append(send)
            raise ZeroDivisionError

        sends: list[Send] = []
        client = serve(app)
        client.send(GET)
        await client.read_until(b"Error\n")
        with pytest.raises(InvalidResponse):
            await sends[0](start())

    async def test_a_late_question_is_told_that_all_is_over(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["method"] == "POST":
                left.extend(asyncio.ensure_future(receive()) for _ in range(2))
                await asyncio.sleep(1)
                receives.append(receive)
                return
            await asyncio.sleep(5)
            await send(start())
            await send(body(b"untouched"))

        left: list[asyncio.Future[Message]] = []
        receives: list[Receive] = []
        client = serve(app)
        client.send(POST + b"one")
        await client.read_until(b"Error\n")
        client.send(b"two")
        await asyncio.sleep(1)
        client.disconnect()
        await settle()
        assert await receives[0]() == {"type": "http.disconnect"}
        assert left[0].result()["body"] == b"one"
        assert left[1].result() == {"type": "http.disconnect"}

    async def test_a_body_that_is_late_after_the_response_is_a_disconnect(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            waiting = asyncio.ensure_future(receive())
            await settle()
            await send(start())
            await send(body(b"early"))
            messages.append(await waiting)

        messages: list[Message] = []
        client = serve(app)
        client.send(POST)
        answer = await client.read_all()
        assert answer.endswith(b"\r\n\r\nearly")
        assert messages == [{"type": "http.disconnect"}]
        assert not caplog.records

    async def test_two_tasks_may_not_wait_for_one_body(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            waiting = asyncio.ensure_future(receive())
            await settle()
            with pytest.raises(RuntimeError, match="another task waits"):
                await receive()
            await waiting
            await send(start())
            await send(body(b"well"))

        client = serve(app)
        client.send(POST)
        await settle(30)
        client.send(b"onetwo")
        assert (await client.read_until(b"well")).startswith(b"HTTP/1.1 200 ")


class TestLeaving:
    """Frameworks tell of a client that left by errors of their own: that is nothing to log."""

    class Left(Exception):
        pass

    @pytest.mark.parametrize("how", ["receive", "send", "group", "body"])
    async def test_what_an_application_raises_then_is_not_logged(
        self, how: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            if how in ("receive", "body"):
                assert (await receive())["type"] == "http.disconnect"
                raise self.Left
            await asyncio.sleep(2)
            await send(start())
            try:
                await send(body(b"x"))
            except OSError as error:
                if how == "group":
                    raise ExceptionGroup("of a task group", [error]) from None
                raise self.Left from None

        caplog.set_level(logging.INFO)
        client = serve(app)
        client.send(POST + b"one")
        await settle()
        if how == "body":
            await asyncio.sleep(100)
            assert client.sent.startswith(b"HTTP/1.1 408 ")
        client.disconnect()
        await asyncio.sleep(5)
        assert not caplog.records
        assert asyncio.all_tasks() == {asyncio.current_task()}

    async def test_an_error_of_its_own_is(self, caplog: pytest.LogCaptureFixture) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await asyncio.sleep(2)
            raise ExceptionGroup("of a task group", [ValueError("of its own")])

        caplog.set_level(logging.INFO)
        client = serve(app)
        client.send(GET)
        await settle()
        client.disconnect()
        await asyncio.sleep(5)
        assert "of its own" in caplog.text


class TestExtensions:
    async def test_early_hints(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.early_hint", "links": [b"</a>", b"</b>"]})
            await send(start())
            await send(body(b"page"))

        client = serve(app)
        client.send(GET)
        hints = await client.read_until(b"\r\n\r\n")
        assert hints == b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\n\r\n"
        await client.read_until(b"page")

    @pytest.mark.parametrize("more", [True, False])
    async def test_trailers(self, more: bool) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start(trailers=True))
            if more:
                await send(body(b"one", more=True))
            await send(body(b"two"))
            trailers = "http.response.trailers"
            await send({"type": trailers, "headers": [(b"x-a", b"1")], "more_trailers": True})
            await send({"type": trailers, "headers": [(b"x-b", b"2")]})

        client = serve(app)
        client.send(GET + GET)
        for _ in range(2):
            answer = await client.read_until(b"x-b: 2\r\n\r\n")
            assert answer.endswith(b"3\r\ntwo\r\n0\r\nx-a: 1\r\nx-b: 2\r\n\r\n")

    async def test_pathsend(self, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"contents")

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send(start(headers=[(b"content-type", b"x/y")]))
            await send({"type": "http.response.pathsend", "path": str(path)})

        client = serve(app)
        client.send(GET)
        answer = await client.read_until(b"contents")
        assert b"Content-Length: 8\r\n" in answer
        assert b"content-type: x/y\r\n" in answer
