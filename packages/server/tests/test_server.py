"""The server on real sockets: starting, limits, streams, a graceful end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from drystone_server import Deadlines, FileBody, Limits, Request, Response
from drystone_server.testing import GET, ask, listening, make_server

REAL_TIME = True


CLOSE = b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


async def test_it_serves() -> None:
    server = make_server()
    async with listening(server) as address:
        assert len(server.sockets) == 1
        assert (await ask(address, CLOSE)).endswith(b"\r\n\r\n/x")
    assert server.closing
    with pytest.raises(OSError, match="refused|Connect call failed"):
        await asyncio.open_connection(*address)


async def test_serve_forever_ends_with_close() -> None:
    server = make_server()
    await server.start("127.0.0.1")
    serving = asyncio.ensure_future(server.serve_forever())
    await asyncio.sleep(0)
    await asyncio.gather(server.close(), server.close())
    await serving


async def test_serve_forever_closes_when_cancelled() -> None:
    server = make_server()
    await server.start("127.0.0.1")
    serving = asyncio.ensure_future(server.serve_forever())
    await asyncio.sleep(0)
    serving.cancel()
    await asyncio.wait([serving])
    assert serving.cancelled()
    assert server.closing


async def test_every_address_of_a_name_and_several_starts() -> None:
    server = make_server()
    await server.start("localhost")
    await server.start("127.0.0.1")
    assert len({port for _, port in server.addresses[:-1]}) == 1
    for address in server.addresses:
        assert (await ask(address, CLOSE)).endswith(b"/x")
    await server.close()


async def test_an_address_in_use_is_named() -> None:
    server = make_server()
    async with listening(server) as (host, port):
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1 port {port}"):
            await make_server().start(host, port)


async def test_a_unix_socket(tmp_path: Path) -> None:
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(str(tmp_path / "socket"))
    sock.listen()
    server = make_server(limits=Limits(connections_per_client=1))
    await server.start(sockets=[sock])
    assert server.addresses == []
    clients = [await asyncio.open_unix_connection(str(tmp_path / "socket")) for _ in "12"]
    for reader, writer in clients:  # they have no address that could be counted
        writer.write(CLOSE)
        assert (await reader.read()).endswith(b"/x")
        writer.close()
    await server.close()


class TestLimits:
    async def test_a_full_server_pauses_accepting(self) -> None:
        async with listening(make_server(limits=Limits(connections=1))) as address:
            reader, writer = await asyncio.open_connection(*address)
            writer.write(GET % b"/1")
            await reader.readuntil(b"/1")
            waiting = asyncio.ensure_future(ask(address, CLOSE))
            await asyncio.sleep(0.1)
            assert not waiting.done()
            writer.close()
            assert (await waiting).endswith(b"/x")

    async def test_it_pauses_all_its_addresses(self) -> None:
        server = make_server(limits=Limits(connections=1))
        await server.start("127.0.0.1")
        async with listening(server) as address:
            other = server.addresses[1]
            reader, writer = await asyncio.open_connection(*address)
            writer.write(GET % b"/1")
            await reader.readuntil(b"/1")
            waiting = asyncio.ensure_future(ask(other, CLOSE))
            await asyncio.sleep(0.1)
            assert not waiting.done()
            writer.close()
            assert (await waiting).endswith(b"/x")
            reader, writer = await asyncio.open_connection(*address)
            cut = asyncio.ensure_future(ask(other, b""))
            await asyncio.sleep(0.05)
        assert await cut == b""
        writer.close()

    async def test_or_refuses_with_503(self) -> None:
        async with listening(
            make_server(limits=Limits(connections=1, when_full="refuse"))
        ) as address:
            reader, writer = await asyncio.open_connection(*address)
            writer.write(GET % b"/1")
            await reader.readuntil(b"/1")
            refused, other = await asyncio.open_connection(*address)
            assert (await refused.read()).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
            other.close()
            writer.close()
            await asyncio.sleep(0.05)
            assert (await ask(address, CLOSE)).endswith(b"/x")

    async def test_connections_of_one_client(self) -> None:
        async with listening(make_server(limits=Limits(connections_per_client=1))) as address:
            reader, writer = await asyncio.open_connection(*address)
            writer.write(GET % b"/1")
            await reader.readuntil(b"/1")
            refused, other = await asyncio.open_connection(*address)
            assert await refused.read() == b""
            other.close()
            writer.close()
            await asyncio.sleep(0.05)
            assert (await ask(address, CLOSE)).endswith(b"/x")


class TestClosing:
    async def test_idle_connections_close_at_once_and_work_ends(self) -> None:
        gate = asyncio.Event()

        async def handler(request: Request) -> Response:
            await gate.wait()
            return Response(b"finished")

        server = make_server(handler)
        await server.start("127.0.0.1")
        address = server.addresses[0]
        idle, idle_writer = await asyncio.open_connection(*address)
        working = asyncio.ensure_future(ask(address, GET % b"/"))
        await asyncio.sleep(0.05)
        closing = asyncio.ensure_future(server.close())
        assert await idle.read() == b""
        idle_writer.close()
        gate.set()
        answer = await working
        assert answer.endswith(b"finished")
        assert b"Connection: close\r\n" in answer
        await closing

    async def test_what_takes_too_long_is_cancelled_with_503(self) -> None:
        begun = asyncio.Event()

        async def handler(request: Request) -> Response:
            begun.set()
            await asyncio.sleep(60)
            return Response()

        server = make_server(handler, deadlines=Deadlines(shutdown=0.05))
        await server.start("127.0.0.1")
        asking = asyncio.ensure_future(ask(server.addresses[0], GET % b"/"))
        await begun.wait()
        await server.close()
        assert (await asking).startswith(b"HTTP/1.1 503 ")

    async def test_what_does_not_listen_to_that_is_cut(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("drystone_server._server._LAST_WORDS", 0.05)
        gate, begun = asyncio.Event(), asyncio.Event()

        async def handler(request: Request) -> Response:
            begun.set()
            while not gate.is_set():
                with contextlib.suppress(asyncio.CancelledError):
                    await gate.wait()
            return Response()

        server = make_server(handler, deadlines=Deadlines(shutdown=0.05))
        await server.start("127.0.0.1")
        asking = asyncio.ensure_future(ask(server.addresses[0], GET % b"/"))
        await begun.wait()
        await server.close()
        with pytest.raises(ConnectionResetError):
            await asking
        gate.set()

    async def test_background_work_is_waited_for_then_cancelled(self) -> None:
        ended: list[str] = []

        async def handler(request: Request) -> Any:
            await request.connection.respond(Response(b"x"))
            try:
                await asyncio.sleep(float(request.target[1:]))
                ended.append("done")
            except asyncio.CancelledError:
                ended.append("cancelled")
                raise

        server = make_server(handler, deadlines=Deadlines(shutdown=0.3))
        await server.start("127.0.0.1")
        writers = []
        for seconds in (b"/0.1", b"/60"):
            reader, writer = await asyncio.open_connection(*server.addresses[0])
            writers.append(writer)
            writer.write(GET % seconds)
            await reader.readuntil(b"\r\n\r\nx")
        await server.close()
        assert ended == ["done", "cancelled"]
        for writer in writers:
            writer.close()

    async def test_the_rest_of_a_body_is_not_waited_for(self) -> None:
        async with listening(make_server(deadlines=Deadlines(linger=0.1))) as address:
            reader, writer = await asyncio.open_connection(*address)
            writer.write(b"POST /x HTTP/1.1\r\nContent-Length: 5\r\n\r\nab")
            await reader.readuntil(b"/x")
            begun = asyncio.get_running_loop().time()
            reading = asyncio.ensure_future(reader.read())
        await reading
        writer.close()
        assert asyncio.get_running_loop().time() - begun < 5

    async def test_handlers_whose_client_has_left_are_waited_for(self) -> None:
        ended: list[str] = []

        async def handler(request: Request) -> Response:
            await asyncio.sleep(0.2)
            ended.append("done")
            return Response()

        server = make_server(handler)
        await server.start("127.0.0.1")
        _, writer = await asyncio.open_connection(*server.addresses[0])
        writer.write(GET % b"/")
        await asyncio.sleep(0.05)
        reset = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        writer.transport.abort()
        while server.connections:
            await asyncio.sleep(0.01)
        assert not ended
        await server.close()
        assert ended == ["done"]

    async def test_cancelling_the_close_cuts_all_and_leaves_nobody_waiting(self) -> None:
        async def handler(request: Request) -> Response:
            await asyncio.sleep(60)
            return Response()

        server = make_server(handler)
        await server.start("127.0.0.1")
        serving = asyncio.ensure_future(server.serve_forever())
        asking = asyncio.ensure_future(ask(server.addresses[0], GET % b"/"))
        await asyncio.sleep(0.05)
        closing = asyncio.ensure_future(server.close())
        await asyncio.sleep(0.05)
        closing.cancel()
        async with asyncio.timeout(5):
            await serving
            with pytest.raises(ConnectionResetError):
                await asking
        assert closing.cancelled()

    async def test_a_lingering_connection_is_cut_in_the_end(self) -> None:
        server = make_server(deadlines=Deadlines(shutdown=0.05))
        await server.start("127.0.0.1")
        reader, writer = await asyncio.open_connection(*server.addresses[0])
        writer.write(CLOSE)
        assert (await reader.read()).endswith(b"/x")
        await server.close()
        writer.close()


class TestStreams:
    async def test_asyncio_start_server(self) -> None:
        server = make_server()
        listening = await asyncio.start_server(server.handle_connection, "127.0.0.1", 0)
        address = listening.sockets[0].getsockname()
        reader, writer = await asyncio.open_connection(*address)
        for target in (b"/1", b"/2"):
            writer.write(GET % target)
            await reader.readuntil(target)
        writer.close()
        assert (await ask(address, CLOSE)).endswith(b"/x")
        listening.close()
        await listening.wait_closed()
        await server.close()
        assert server.connections == 0

    async def test_uploads_and_downloads(self) -> None:
        async def handler(request: Request) -> Response:
            data = await request.body(10_000_000)

            async def pieces() -> AsyncIterator[bytes]:
                for start in range(0, len(data), 10_000):
                    yield data[start : start + 10_000]

            return Response(pieces(), headers={"content-length": str(len(data))})

        server = make_server(handler)
        listening = await asyncio.start_server(server.handle_connection, "127.0.0.1", 0)
        data = bytes(range(256)) * 12_000
        head = b"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(data)
        answer = await ask(listening.sockets[0].getsockname(), head + data)
        assert answer.partition(b"\r\n\r\n")[2] == data
        listening.close()
        await server.close()

    async def test_a_stalled_reader_is_reset(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"x" * 30_000_000)

        server = make_server(handler, deadlines=Deadlines(write=0.2))
        listening = await asyncio.start_server(server.handle_connection, "127.0.0.1", 0)
        with socket.create_connection(listening.sockets[0].getsockname()) as client:
            client.send(CLOSE)
            while server.connections == 0:
                await asyncio.sleep(0.01)
            async with asyncio.timeout(10):
                while server.connections:
                    await asyncio.sleep(0.01)
        listening.close()
        await server.close()


async def test_sendfile(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(range(256)) * 4000)

    async def handler(request: Request) -> Response:
        return Response(FileBody(path, offset=100, count=1_000_000))

    async with listening(make_server(handler)) as address:
        answer = await ask(address, CLOSE)
        assert answer.partition(b"\r\n\r\n")[2] == path.read_bytes()[100:1_000_100]


async def test_a_file_cut_short_in_the_kernel(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 30_000_000)

    async def handler(request: Request) -> Response:
        return Response(FileBody(path))

    async with listening(make_server(handler)) as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(CLOSE)
        await reader.readuntil(b"\r\n\r\n")
        path.write_bytes(b"")
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(30_000_000)
        writer.close()


async def test_tls_that_is_none(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server = make_server(deadlines=Deadlines(tls_handshake=0.1))
    await server.start("127.0.0.1", ssl=context)
    assert await ask(server.addresses[0], b"") == b""
    assert b"HTTP" not in await ask(server.addresses[0], CLOSE)
    assert server.connections == 0
    await server.close()
