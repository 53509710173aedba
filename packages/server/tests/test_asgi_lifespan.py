"""The lifespan of a hosted application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from drystone_server import HTTPServer, Request
from drystone_server.asgi import ASGIHandler, LifespanFailed, Receive, Scope, Send
from drystone_server.testing import SmallParser, connect, settle
from drystone_server.testing import asgi_body as body
from drystone_server.testing import asgi_start as start

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class TestLifespan:
    async def test_state_reaches_each_request_as_a_copy(self) -> None:
        events: list[str] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                scope["state"]["name"] = "value"
                events.append((await receive())["type"])
                await send({"type": "lifespan.startup.complete"})
                events.append((await receive())["type"])
                await send({"type": "lifespan.shutdown.complete"})
                return
            events.append(scope["state"]["name"])
            scope["state"]["name"] = "changed"
            await send(start())
            await send(body())

        async with ASGIHandler(app) as handler:
            client = connect(HTTPServer(handler, lambda: SmallParser(Request)))
            client.send(GET + GET)
            await settle()
            assert handler.state == {"name": "value"}
        assert events == ["lifespan.startup", "value", "value", "lifespan.shutdown"]

    async def test_an_application_without_one(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            assert scope["type"] == "http"
            assert "state" not in scope
            await send(start())
            await send(body(b"fine"))

        async with ASGIHandler(app) as handler:
            client = connect(HTTPServer(handler, lambda: SmallParser(Request)))
            client.send(GET)
            await client.read_until(b"fine")
        with pytest.raises(LifespanFailed, match="before it started") as caught:
            await ASGIHandler(app, lifespan="on").__aenter__()
        assert isinstance(caught.value.__cause__, AssertionError)

    @pytest.mark.parametrize("asks", [True, False])
    async def test_one_that_fails_after_being_asked_is_told_of(
        self, asks: bool, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if asks:
                await receive()
            raise ValueError("no database")

        async with ASGIHandler(app):
            pass
        assert ("no database" in caplog.text) == asks

    @pytest.mark.parametrize("message", ["no database", ""])
    async def test_a_failed_start(self, message: str) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await send({"type": "lifespan.startup.failed", "message": message})

        with pytest.raises(LifespanFailed, match=message or "failed to start"):
            await ASGIHandler(app).__aenter__()

    @pytest.mark.parametrize("how", ["failed", "raised", "early"])
    async def test_a_failed_stop(self, how: str) -> None:
        @asynccontextmanager
        async def started() -> AsyncIterator[None]:
            handler = ASGIHandler(app)
            await handler.__aenter__()
            yield
            await handler.__aexit__()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await send({"type": "lifespan.startup.complete"})
            if how != "early":
                await receive()
            if how == "failed":
                await send({"type": "lifespan.shutdown.failed", "message": "stuck"})
            if how == "raised":
                raise ZeroDivisionError

        with pytest.raises(LifespanFailed, match="stuck|before it was asked to stop"):
            async with started():
                await settle()


async def test_without_a_lifespan_nobody_is_asked() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError

    async with ASGIHandler(app, lifespan="off"):
        pass
