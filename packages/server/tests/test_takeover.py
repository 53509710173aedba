"""The connection after an upgrade."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from drystone_server import (
    InvalidResponse,
    Limits,
    Request,
    Response,
)
from drystone_server.testing import (
    GET,
    connect,
    make_server,
    settle,
)

UPGRADE = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"


class TestTakeOver9110_7_8:
    async def test_bytes_go_both_ways(self) -> None:
        async def handler(request: Request) -> Any:
            taken = await request.connection.take_over(
                headers={"Upgrade": "echo", "Connection": "Upgrade"}
            )
            while data := await taken.read():
                await taken.write(data.upper())

        client = connect(make_server(handler))
        client.send(UPGRADE + b"early ")
        head = await client.read_until(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
        assert b"Connection: upgrade\r\n" in head
        assert b"Upgrade: echo\r\n" in head
        await client.read_until(b"EARLY ")
        client.send(b"late")
        await client.read_until(b"LATE")
        await asyncio.sleep(10_000)
        assert not client.is_closing()
        client.send_eof()
        await settle()
        assert client.lost

    async def test_an_upgrade_not_taken_is_an_ordinary_request(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"plain")

        client = connect(make_server(handler))
        client.send(UPGRADE + GET % b"/")
        await client.read_until(b"plain")
        await client.read_until(b"plain")

    async def test_connect(self) -> None:
        async def handler(request: Request) -> Any:
            taken = await request.connection.take_over(200)
            await taken.write(await taken.read())
            taken.close()

        client = connect(make_server(handler))
        client.send(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")
        assert await client.read_until(b"\r\n\r\n") == b"HTTP/1.1 200 OK\r\n\r\n"
        client.send(b"through")
        assert await client.read_all() == b"through"

    async def test_the_body_is_read_first(self) -> None:
        async def handler(request: Request) -> Any:
            taken = await request.connection.take_over()
            await taken.write(await taken.read())

        client = connect(make_server(handler))
        client.send(UPGRADE.replace(b"Host", b"Content-Length: 4\r\nHost") + b"bo")
        await settle()
        client.send(b"dyrest")
        await client.read_until(b"\r\n\r\n")
        assert await client.read_all() == b"rest"

    async def test_only_what_is_offered_and_not_answered(self) -> None:
        async def handler(request: Request) -> Any:
            if not request.upgrade:
                with pytest.raises(InvalidResponse, match="offers no upgrade"):
                    await request.connection.take_over()
            else:
                await request.connection.respond(Response(b"first"))
                with pytest.raises(InvalidResponse, match="answered already"):
                    await request.connection.take_over()
                return None
            return Response(b"ok")

        client = connect(make_server(handler))
        client.send(UPGRADE + GET % b"/")
        await client.read_until(b"first")
        await client.read_until(b"ok")

    async def test_back_pressure_both_ways(self) -> None:
        gate = asyncio.Event()
        written: list[int] = []

        async def handler(request: Request) -> Any:
            taken = await request.connection.take_over()
            await gate.wait()
            for _ in range(100):
                await taken.write(b"x" * 10_000)
                written.append(1)
            total = 0
            while data := await taken.read():
                total += len(data)
            await taken.write(b"%d" % total)

        client = connect(make_server(handler, limits=Limits(read_ahead=1000)))
        client.stall()
        client.send(UPGRADE)
        await settle()
        for _ in range(20):
            client.send(b"y" * 100)
        await settle()
        assert not client.is_reading()
        gate.set()
        await settle(100)
        assert len(written) < 20
        client.take()
        await settle(200)
        assert client.is_reading()
        client.send_eof()
        assert (await client.read_all()).endswith(b"2000")

    async def test_a_reader_that_stops_is_reset(self) -> None:
        async def handler(request: Request) -> Any:
            taken = await request.connection.take_over()
            while True:
                await taken.write(b"x" * 10_000)

        client = connect(make_server(handler))
        client.stall()
        client.send(UPGRADE)
        await asyncio.sleep(60)
        assert client.aborted
        assert asyncio.all_tasks() == {asyncio.current_task()}

    async def test_one_reader_at_a_time(self) -> None:
        async def handler(request: Request) -> Any:
            taken = await request.connection.take_over()
            first = asyncio.ensure_future(taken.read())
            await settle()
            with pytest.raises(RuntimeError, match="another task reads"):
                await taken.read()
            await first

        client = connect(make_server(handler))
        client.send(UPGRADE)
        await settle(20)
        client.disconnect()
        await settle()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    async def test_an_error_in_it_cuts_the_connection(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def handler(request: Request) -> Any:
            await request.connection.take_over()
            raise ZeroDivisionError

        client = connect(make_server(handler))
        client.send(UPGRADE)
        await settle()
        assert client.aborted
        assert "ZeroDivisionError" in caplog.text

    async def test_the_last_bytes_are_not_lost_to_a_client_that_still_sends(self) -> None:
        async def handler(request: Request) -> Any:
            taken = await request.connection.take_over()
            await taken.write(b"bye")

        client = connect(make_server(handler, limits=Limits(read_ahead=10)))
        client.send(UPGRADE + b"x" * 100)
        assert (await client.read_all()).endswith(b"\r\n\r\nbye")
        client.send(b"y" * 100)
        await settle()
        assert client.is_reading()
        assert not client.lost
        await asyncio.sleep(6)
        assert client.lost

    async def test_the_server_ends_it_in_time(self) -> None:
        async def handler(request: Request) -> Any:
            taken = await request.connection.take_over()
            while await taken.read():
                pass

        server = make_server(handler)
        client = connect(server)
        client.send(UPGRADE)
        await settle()
        await server.close()
        assert client.lost
        assert asyncio.get_running_loop().time() == pytest.approx(30, abs=2)
