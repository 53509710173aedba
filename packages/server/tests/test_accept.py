"""Accepting connections: sockets, limits of the system, what fails on the way in."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from drystone_server import HTTPServer, Limits, Request
from drystone_server._accept import listen
from drystone_server.testing import SmallParser, ask, echo_target, listening, make_server

REAL_TIME = True


CLOSE = b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


async def test_too_many_descriptors_are_waited_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("drystone_server._accept._PAUSE", 0.01)
    loop = asyncio.get_running_loop()
    accept = loop.sock_accept
    failures = [OSError(24, "Too many open files")]

    async def failing(sock: socket.socket) -> Any:
        if failures:
            raise failures.pop()
        return await accept(sock)

    monkeypatch.setattr(loop, "sock_accept", failing)
    async with listening(make_server()) as address:
        assert (await ask(address, CLOSE)).endswith(b"/x")
    assert "Too many open files" in caplog.text


async def test_a_client_gone_before_it_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    from drystone_server._accept import _client_of

    with socket.socket() as sock:
        assert _client_of(sock) == ""


def test_a_socket_of_each_address_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = sockets = listen("127.0.0.1", 0, 1)
    taken = first.getsockname()[1]
    found = [
        (socket.AF_INET, 1, 6, "", ("127.0.0.2", 0)),
        (socket.AF_INET, 1, 6, "", ("127.0.0.1", taken)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    with pytest.raises(OSError, match="cannot listen on 127.0.0.1"):
        listen("many", taken, 1)
    for sock in sockets:
        sock.close()


async def test_a_parser_that_cannot_be_made_stops_nobody_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made: list[int] = []

    def make_parser() -> SmallParser[Request]:
        made.append(1)
        if len(made) == 1:
            raise ZeroDivisionError("no parser")
        return SmallParser(Request)

    async with listening(HTTPServer(echo_target, make_parser)) as address:
        assert await ask(address, b"") == b""
        assert (await ask(address, CLOSE)).endswith(b"/x")
    assert "no parser" in caplog.text


async def test_a_fault_of_ours_while_connecting_is_logged_and_not_counted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def connect(*arguments: Any, **options: Any) -> None:
        raise ZeroDivisionError("of ours")

    server = make_server(limits=Limits(connections=1))
    async with listening(server) as address:
        loop = asyncio.get_running_loop()
        with monkeypatch.context() as patched:
            patched.setattr(loop, "connect_accepted_socket", connect)
            assert await ask(address, b"") == b""
        assert "of ours" in caplog.text
        assert (await ask(address, CLOSE)).endswith(b"/x")


def test_a_port_that_is_none() -> None:
    with pytest.raises(ValueError, match="port 65536: there are ports up to 65535"):
        listen("127.0.0.1", 65536, 1)
