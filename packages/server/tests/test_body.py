"""Request bodies: Expect, back-pressure, draining, ends that come too early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from drystone_server import (
    ClientDisconnected,
    Limits,
    Request,
    Response,
)
from drystone_server.testing import GET, connect, echo_body, echo_target, make_server, post, settle


class TestExpect9110_10_1_1:
    async def test_100_is_sent_when_the_handler_asks(self) -> None:
        client = connect(make_server(echo_body))
        client.send(post(b"hello", b"Expect: 100-continue")[:-5])
        assert await client.read_until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.send(b"hello")
        assert (await client.read_until(b"hello")).startswith(b"HTTP/1.1 200 OK\r\n")

    async def test_nothing_is_sent_when_the_body_is_there(self) -> None:
        client = connect(make_server(echo_body))
        client.send(post(b"hello", b"Expect: 100-continue"))
        assert (await client.read_until(b"hello")).startswith(b"HTTP/1.1 200 OK\r\n")

    async def test_an_answer_without_asking_closes(self) -> None:
        client = connect(make_server(echo_target))
        client.send(post(b"hello", b"Expect: 100-continue")[:-5])
        answer = await client.read_all()
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"Connection: close\r\n" in answer

    async def test_never_to_http10(self) -> None:
        client = connect(make_server(echo_body))
        client.send(b"POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        await asyncio.sleep(1)
        assert not client.sent
        client.send(b"hello")
        assert b"hello" in await client.read_all()

    async def test_the_unknown_is_417(self) -> None:
        client = connect(make_server(echo_target))
        client.send(b"GET / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n")
        assert (await client.read_all()).startswith(b"HTTP/1.1 417 Expectation Failed\r\n")

    async def test_none_is_sent_after_the_answer_has_begun(self) -> None:
        async def handler(request: Request) -> Response:
            async def pieces() -> AsyncIterator[bytes]:
                yield b"first"
                yield await request.receive()

            return Response(pieces())

        client = connect(make_server(handler))
        client.send(post(b"hello", b"Expect: 100-continue")[:-5])
        await client.read_until(b"first")
        client.send(b"hello")
        assert b"100 Continue" not in await client.read_all()


class TestRequestBodies:
    async def test_the_last_byte_of_a_known_length_ends_it(self) -> None:
        ends: list[bool] = []

        async def handler(request: Request) -> Response:
            for _ in range(2):
                await request.receive()
                ends.append(request.connection.body_is_read())
            return Response(await request.receive() + b"done")

        client = connect(make_server(handler))
        data = post(b"hello")
        client.send(data[:-2])
        await settle()
        client.send(data[-2:])
        assert (await client.read_until(b"done")).startswith(b"HTTP/1.1 200 OK\r\n")
        assert ends == [False, True]

    async def test_a_handler_without_a_body_receives_its_end(self) -> None:
        client = connect(make_server(echo_body))
        client.send(GET % b"/")
        assert await client.read_until(b"Content-Length: 0\r\n\r\n")

    async def test_chunks_and_trailers(self) -> None:
        async def handler(request: Request) -> Response:
            body = await request.body()
            return Response(body + b"|" + (request.trailers.get("x-sum") or "").encode())

        client = connect(make_server(handler))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in (b"3\r\nab", b"c\r\n", b"2\r\nde\r\n0", b"\r\nX-Sum: 5\r\n\r\n"):
            client.send(piece)
            await settle(3)
        assert await client.read_until(b"abcde|5")

    async def test_a_slow_handler_pauses_the_client(self) -> None:
        gate = asyncio.Event()

        async def handler(request: Request) -> Response:
            size = 0
            while piece := await request.receive():
                size += len(piece)
                await gate.wait()
            return Response(b"%d" % size)

        client = connect(make_server(handler))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n")
        for _ in range(200):
            client.send(b"x" * 10_000)
            await settle(2)
        assert not client.is_reading()
        await asyncio.sleep(3600)
        assert not client.closing, "the clock for reading must stand still while reading is paused"
        gate.set()
        await client.read_until(b"\r\n\r\n2000000")

    async def test_what_the_handler_leaves_is_drained(self) -> None:
        client = connect(make_server(echo_target))
        client.send(post(b"x" * 1000)[:-10])
        await client.read_until(b"\r\n\r\n/")
        client.send(b"x" * 10 + GET % b"/next")
        assert await client.read_until(b"/next")

    async def test_too_much_left_closes(self) -> None:
        client = connect(make_server(echo_target, limits=Limits(drain=100)))
        client.send(post(b"x" * 1000)[:-10])
        assert b"Connection: close\r\n" in await client.read_all()

    async def test_too_much_left_of_a_chunked_body_closes(self) -> None:
        client = connect(make_server(echo_target, limits=Limits(drain=100)))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send(b"64\r\n" + b"x" * 100 + b"\r\n" + b"1\r\nx\r\n")
        await settle()
        assert client.eof

    async def test_a_malformed_body_is_answered_and_closes(self) -> None:
        client = connect(make_server(echo_body))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        answer = await client.read_all()
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"malformed chunk size" in answer

    async def test_a_malformed_body_left_unread_closes(self) -> None:
        client = connect(make_server(echo_target))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        answer = await client.read_all()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert answer.count(b"HTTP/1.1") == 1

    async def test_a_body_cut_short_never_looks_whole(self) -> None:
        seen: list[BaseException] = []

        async def handler(request: Request) -> Response:
            try:
                return Response(await request.body())
            except Exception as error:
                seen.append(error)
                raise

        client = connect(make_server(handler))
        client.send(post(b"hello")[:-2])
        await settle()
        client.send_eof()
        assert (await client.read_all()).startswith(b"HTTP/1.1 400 ")
        gone = connect(make_server(handler))
        gone.send(post(b"hello")[:-2])
        await settle()
        gone.disconnect(ConnectionResetError())
        await settle()
        assert [type(error).__name__ for error in seen] == ["BadRequest", "ClientDisconnected"]

    async def test_receiving_after_the_client_has_left(self) -> None:
        seen: list[BaseException] = []

        async def handler(request: Request) -> Response:
            await asyncio.sleep(1)
            for _ in range(2):
                try:
                    await request.body()
                except ClientDisconnected as error:
                    seen.append(error)
            return Response()

        client = connect(make_server(handler))
        client.send(post(b"hello")[:-2])
        await settle()
        client.disconnect()
        await asyncio.sleep(2)
        assert len(seen) == 2

    async def test_one_task_at_a_time_may_wait(self) -> None:
        async def handler(request: Request) -> Response:
            first = asyncio.ensure_future(request.receive())
            await settle()
            with pytest.raises(RuntimeError, match="another task waits"):
                await request.receive()
            return Response(await first)

        client = connect(make_server(handler))
        client.send(post(b"hello")[:-5])
        await settle(20)
        client.send(b"hello")
        assert await client.read_until(b"\r\n\r\nhello")

    async def test_a_body_cannot_be_received_after_its_request(self) -> None:
        kept: list[Callable[[], Any]] = []

        async def handler(request: Request) -> Response:
            kept.append(request.receive)
            return Response()

        client = connect(make_server(handler, limits=Limits(drain=1)))
        client.send(post(b"hello")[:-2])
        await client.read_all()
        with pytest.raises(RuntimeError, match="the request is over"):
            await kept[0]()
