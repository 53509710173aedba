"""The transport's side of a connection."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from drystone_server import HTTPConnection, HTTPServer, Request, Response
from drystone_server.testing import (
    CLOSE,
    MemoryTransport,
    SmallParser,
    connect,
    echo_target,
    make_server,
    settle,
)


async def handler(request: Request) -> Response:
    await request.connection.wait_disconnected()
    return Response()


def make() -> HTTPServer[Request]:
    return HTTPServer(handler, lambda: SmallParser(Request))


async def test_before_it_is_connected() -> None:
    connection = make().make_connection()
    assert connection.client is None
    assert connection.server is None
    assert connection.scheme == "http"


async def test_pausing_and_resuming_are_heard_once() -> None:
    server = make()
    client = connect(server)
    connection = client.get_protocol()
    assert isinstance(connection, HTTPConnection)
    connection.pause_writing()
    connection.pause_writing()
    connection.resume_writing()
    connection.resume_writing()
    link = connect(server).get_protocol()
    assert isinstance(link, HTTPConnection)
    await link.wait_until_writable()
    link.pause_reading()
    link.pause_reading()
    link.eof = True
    link.resume_reading()
    client.disconnect()
    connection.pause_writing()


class GatheringTransport(MemoryTransport):
    """Takes many parts in one call, and is known for it by its module."""

    __module__ = "uvloop.loop"

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.gathered = list(list_of_data)


async def test_large_parts_go_in_one_call_where_that_copies_nothing() -> None:
    link = make().make_connection()
    transport = GatheringTransport(link)
    large = b"x" * 100_000
    link.write_parts([b"head", large])
    assert transport.gathered[1] is large
    link.write_parts([b"head", b"body"])
    assert transport.writes[-1] == b"headbody"


async def test_a_waiter_that_gave_up_is_not_woken() -> None:
    link = make().make_connection()
    for end in (link.resume_writing, link.lose):
        link.pause_writing()
        assert link.blocked is not None
        link.blocked.cancel()
        end()


async def test_watchers_that_gave_up_are_not_told() -> None:
    server = make()
    client = connect(server)
    client.send(b"GET / HTTP/1.1\r\n\r\n")
    await asyncio.sleep(0)
    connection = next(iter(server._settings.connections))
    gone = connection.watch_departure()
    gone.cancel()
    client.disconnect()
    await asyncio.sleep(0)
    assert connection.disconnected


async def test_cancelling_an_idle_connection_is_nothing() -> None:
    make().make_connection().cancel(ValueError("nobody is at work"))


async def test_a_client_that_has_reset_before_we_end_our_sending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail() -> None:
        raise OSError(107, "Transport endpoint is not connected")

    client = connect(make_server(echo_target))
    monkeypatch.setattr(client, "write_eof", fail)
    client.send(CLOSE)
    await settle()
    assert client.lost


async def test_a_parser_that_fails_in_the_end_leaves_no_connection_open() -> None:
    class Failing(SmallParser[Request]):
        def release(self) -> bytes:
            raise ZeroDivisionError

    client = connect(HTTPServer(echo_target, lambda: Failing(Request)))
    client.send(CLOSE)
    await settle()
    assert client.lost


class NoTCP:
    """A socket that cannot be reset."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def setsockopt(self, *option: object) -> None:
        raise self._error


@pytest.mark.parametrize("error", [OSError(), ValueError("negative file descriptor")])
async def test_what_cannot_be_reset_is_aborted_all_the_same(error: Exception) -> None:
    client = connect(make(), extra={"socket": NoTCP(error)})
    link = client.get_protocol()
    assert isinstance(link, HTTPConnection)
    link.sending_file = True
    link.abort()
    assert client.aborted
