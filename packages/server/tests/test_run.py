"""A server as the job of a process: loops and signals."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from drystone_server import HTTPServer, Request, Response
from drystone_server.options import start_arguments
from drystone_server.run import describe_addresses, run_loop, serve_until_stopped
from drystone_server.testing import SmallParser

REAL_TIME = True


async def handler(request: Request) -> Response:
    await asyncio.sleep(60)
    return Response()


def make() -> HTTPServer[Request]:
    return HTTPServer(handler, lambda: SmallParser(Request))


async def test_a_signal_closes_in_order(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "drystone_server")
    server = make()
    await server.start("127.0.0.1")
    asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGTERM)
    await serve_until_stopped(server)
    assert server.closing
    assert "Stopping with 0 connections open" in caplog.text


async def test_who_has_read_the_announcement_may_send_a_signal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read(line: str, flush: bool) -> None:
        assert line == "it serves"
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("builtins.print", read)
    server = make()
    await server.start("127.0.0.1")
    await serve_until_stopped(server, announcement="it serves")
    assert server.closing


async def test_a_second_signal_cuts_it_short() -> None:
    server = make()
    await server.start("127.0.0.1")
    reader, writer = await asyncio.open_connection(*server.addresses[0])
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    loop = asyncio.get_running_loop()
    loop.call_later(0.05, os.kill, os.getpid(), signal.SIGINT)
    loop.call_later(0.15, os.kill, os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        await serve_until_stopped(server)
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()
    assert server.connections == 0


async def test_where_signals_cannot_be_handled(monkeypatch: pytest.MonkeyPatch) -> None:
    def unable(*args: Any) -> None:
        raise NotImplementedError

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "add_signal_handler", unable)
    monkeypatch.setattr(loop, "remove_signal_handler", unable)
    task = asyncio.ensure_future(serve_until_stopped(make()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_addresses() -> None:
    server = make()
    await server.start("localhost")
    text = describe_addresses(server, "https")
    for host, port in server.addresses:
        assert f"https://{'[::1]' if host == '::1' else host}:{port}" in text
    await server.close()


async def test_the_path_of_a_unix_socket(tmp_path: Path) -> None:
    server, path = make(), str(tmp_path / "here.sock")
    await server.start(**start_arguments({"uds": path}))
    assert describe_addresses(server) == f"http over {path}"
    _, writer = await asyncio.open_unix_connection(path)
    writer.close()
    await writer.wait_closed()
    await server.close()


class TestLoops:
    @pytest.fixture
    def fake(self, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
        module = ModuleType("uvloop")
        made: list[asyncio.AbstractEventLoop] = []

        def new_event_loop() -> asyncio.AbstractEventLoop:
            made.append(asyncio.SelectorEventLoop())
            return made[-1]

        module.new_event_loop = new_event_loop  # type: ignore[attr-defined]
        module.made = made  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "uvloop", module)
        return module

    def loop_used(self, name: str) -> asyncio.AbstractEventLoop:
        used: list[asyncio.AbstractEventLoop] = []

        async def main() -> None:
            used.append(asyncio.get_running_loop())

        run_loop(main(), name)
        return used[0]

    @pytest.mark.parametrize("name", ["auto", "uvloop"])
    def test_uvloop_where_it_is(self, fake: Any, name: str) -> None:
        assert self.loop_used(name) in fake.made

    @pytest.mark.parametrize("name", ["auto", "asyncio"])
    def test_asyncio_elsewhere(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        monkeypatch.setitem(sys.modules, "uvloop", None)
        assert isinstance(self.loop_used(name), asyncio.SelectorEventLoop)

    def test_uvloop_that_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "uvloop", None)
        coroutine = asyncio.sleep(0)
        with pytest.raises(ImportError):
            run_loop(coroutine, "uvloop")
        coroutine.close()
