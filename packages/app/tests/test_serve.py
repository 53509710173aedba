# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Serving over sockets, in this process."""

import asyncio
import logging
import os
import re
import signal
import socket
from contextlib import asynccontextmanager
from typing import Any

import pytest
from drystone import App
from drystone._serve import run
from drystone_server.asgi import LifespanFailed


async def fetch(port: int, path: str = "/") -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


def app_that_stops(seen: list[bytes], port: int) -> App[None]:
    """An application that asks itself something and then interrupts the process."""

    @asynccontextmanager
    async def lifespan(app):
        task = asyncio.create_task(ask())
        yield
        await task

    async def ask() -> None:
        await asyncio.sleep(0.05)
        seen.append(await fetch(port))
        seen.append(await fetch(port, "/where"))
        os.kill(os.getpid(), signal.SIGINT)

    app: App[None] = App(lifespan=lifespan)

    @app.get("/")
    async def home(request):
        return "home"

    @app.get("/where", name="where")
    async def where(request):
        return f"{request.path} at {request.url_for('where')}"

    return app


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def test_run_until_interrupted(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[bytes] = []
    port = free_port()
    app_that_stops(seen, port).run(port=port)
    assert seen[0].endswith(b"home")
    assert f"drystone serves the application on http://127.0.0.1:{port}" in capsys.readouterr().out


def test_an_asgi_application_and_the_access_log(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "drystone_server.access")
    seen: list[bytes] = []
    port = free_port()
    app = app_that_stops(seen, port)

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    run(asgi, {"port": port}, loop="asyncio", access_log=True, name="asgi", root_path="/shop")
    assert seen[0].endswith(b"home")
    assert seen[1].endswith(b"/where at /shop/where")
    assert "drystone serves asgi on" in capsys.readouterr().out
    assert re.fullmatch(r'127\.0\.0\.1 "GET / HTTP/1\.1" 200 4 \d+\.\d ms', caplog.messages[0])


def test_an_application_behind_a_proxy() -> None:
    seen: list[bytes] = []
    port = free_port()
    run(app_that_stops(seen, port), {"port": port}, root_path="/shop")
    assert seen[1].endswith(b"/where at /shop/where")


def test_a_second_interrupt_is_an_exit_status() -> None:
    @asynccontextmanager
    async def lifespan(app):
        if app.debug is False:
            raise KeyboardInterrupt
        yield

    with pytest.raises(SystemExit) as caught:
        App(lifespan=lifespan).run(port=0)
    assert caught.value.code == 130


def test_a_lifespan_that_fails_is_told_from_what_the_server_lacks() -> None:
    @asynccontextmanager
    async def lifespan(app):
        if app is not None:
            raise OSError("no database")
        yield

    with pytest.raises(LifespanFailed, match="did not start: OSError$") as caught:
        App(lifespan=lifespan).run(port=0)
    assert str(caught.value.__cause__) == "no database"
    taken = socket.create_server(("127.0.0.1", 0))
    with taken, pytest.raises(OSError, match="cannot listen on"):
        App().run(port=taken.getsockname()[1])


async def test_start_server() -> None:
    events = []

    @asynccontextmanager
    async def lifespan(app):
        events.append("start")
        yield
        events.append("stop")

    app: App[None] = App(lifespan=lifespan)

    @app.get("/")
    async def home(request):
        return f"home of {request.client.host}"

    async with await app.start_server(port=0) as server:
        ((host, port),) = server.addresses
        assert host == "127.0.0.1"
        assert (await fetch(port)).endswith(b"home of 127.0.0.1")
        with pytest.raises(OSError, match=r"."):
            await app.start_server(port=port)
    assert events == ["start", "stop"]
