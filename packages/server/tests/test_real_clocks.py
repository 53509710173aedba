"""Deadlines once more on real sockets and a real clock."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from pathlib import Path

import pytest
from drystone_server import Deadlines, FileBody, Limits, Request, Response
from drystone_server.testing import GET, ask, listening, make_server, post

REAL_TIME = True


CLOSE = b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


async def test_a_stalled_reader_of_a_file_is_reset(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 30_000_000)

    async def handler(request: Request) -> Response:
        return Response(FileBody(path))

    server = make_server(handler, deadlines=Deadlines(write=0.2))
    async with listening(server) as address:
        with socket.create_connection(address) as client:
            client.send(CLOSE)
            while server.connections == 0:
                await asyncio.sleep(0.01)
            while server.connections:
                await asyncio.sleep(0.01)


async def test_a_stalled_reader_for_real() -> None:
    async def handler(request: Request) -> Response:
        return Response(b"x" * 30_000_000)

    server = make_server(handler, deadlines=Deadlines(write=0.2))
    async with listening(server) as address:
        with socket.create_connection(address) as client:
            client.send(CLOSE)
            while server.connections == 0:
                await asyncio.sleep(0.01)
            while server.connections:
                await asyncio.sleep(0.01)
            with pytest.raises(ConnectionResetError):
                while client.recv(1_000_000):
                    pass


@pytest.mark.parametrize("size", [60_000, 30_000_000])
async def test_a_stalled_reader_under_tls(
    size: int, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    """What waits below the TLS transport counts too."""

    async def handler(request: Request) -> Response:
        return Response(b"x" * size)

    def connect() -> socket.socket:
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.connect(server.addresses[0])
        secured = tls[1].wrap_socket(client, server_hostname="localhost")
        secured.sendall(GET % b"/")
        return secured

    server = make_server(handler, deadlines=Deadlines(write=0.2))
    await server.start("127.0.0.1", ssl=tls[0])
    for sock in server.sockets:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
    async with asyncio.timeout(20), server:
        with await asyncio.to_thread(connect) as client:
            while server.connections == 0:
                await asyncio.sleep(0.01)
            while server.connections:
                await asyncio.sleep(0.01)
            error = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            assert error == errno.ECONNRESET


async def test_a_stalled_reader_of_the_last_bytes_over_streams() -> None:
    async def handler(request: Request) -> Response:
        return Response(b"x" * 60_000, headers={"Connection": "close"})

    server = make_server(handler, deadlines=Deadlines(write=0.1, linger=0.1))
    listening = await asyncio.start_server(server.handle_connection, "127.0.0.1", 0)
    listening.sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2048)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    async with asyncio.timeout(20), listening, server:
        client.connect(listening.sockets[0].getsockname())
        client.send(GET % b"/")
        while server.connections == 0:
            await asyncio.sleep(0.01)
        while server.connections:
            await asyncio.sleep(0.01)
        with client, pytest.raises(ConnectionResetError):
            while client.recv(1_000_000):
                pass


@pytest.mark.parametrize(
    ("name", "sent", "answer"),
    [
        ("first_byte", b"", b""),
        ("head", b"GET", b"HTTP/1.1 408 "),
        ("body_read", b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", b"HTTP/1.1 408 "),
        ("body_grace", b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", b"HTTP/1.1 408 "),
        ("body_whole", b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", b"HTTP/1.1 408 "),
        ("keep_alive", b"GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 200 "),
        ("handler", b"GET /slow HTTP/1.1\r\nConnection: close\r\n\r\n", b"HTTP/1.1 503 "),
    ],
)
async def test_each_deadline_for_real(name: str, sent: bytes, answer: bytes) -> None:
    async def handler(request: Request) -> Response:
        await request.body()
        if request.target == "/slow":
            await asyncio.sleep(10)
        return Response()

    deadlines = Deadlines(**{name: 0.1})
    async with listening(make_server(handler, deadlines=deadlines)) as address:
        begun = asyncio.get_running_loop().time()
        got = await ask(address, sent)
        assert got.startswith(answer)
        assert bool(got) == bool(answer)
        assert asyncio.get_running_loop().time() - begun < 5


async def test_lingering_for_real() -> None:
    """The server ends its sending, reads on, and closes though the client does not."""
    async with listening(make_server(deadlines=Deadlines(linger=0.2))) as address:
        loop = asyncio.get_running_loop()
        with socket.create_connection(address) as client:
            client.setblocking(False)
            await loop.sock_sendall(client, CLOSE)
            answer = b""
            while piece := await loop.sock_recv(client, 1000):
                answer += piece
            begun = loop.time()
            assert answer.endswith(b"/x")
            with pytest.raises(ConnectionError):
                while True:  # taken, until the server closes
                    await loop.sock_sendall(client, b"more")
                    await asyncio.sleep(0.01)
            assert 0.1 < loop.time() - begun < 5


async def test_the_notice_of_a_half_close_for_real() -> None:
    told: list[float] = []

    async def handler(request: Request) -> Response:
        begun = asyncio.get_running_loop().time()
        await request.connection.wait_disconnected()
        told.append(asyncio.get_running_loop().time() - begun)
        return Response(b"all the same")

    async with listening(make_server(handler, deadlines=Deadlines(half_close=0.2))) as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(GET % b"/")
        writer.write_eof()
        assert (await reader.read()).endswith(b"all the same")
        writer.close()
    assert 0.1 < told[0] < 5


async def test_a_tls_client_that_vanishes_while_nothing_is_read(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    async def handler(request: Request) -> Response:
        await asyncio.sleep(0.3)
        await request.body()
        return Response()

    def leave() -> None:
        with socket.create_connection(server.addresses[0]) as plain:
            client = tls[1].wrap_socket(plain, server_hostname="localhost")
            client.sendall(post(b"x" * 5000, b"Connection: close"))
            client.close()

    server = make_server(handler, limits=Limits(read_ahead=1000))
    async with listening(server, ssl=tls[0]):
        await asyncio.to_thread(leave)
        async with asyncio.timeout(10):
            while server.connections == 0:
                await asyncio.sleep(0.01)
            while server.connections:
                await asyncio.sleep(0.01)
