"""What handlers can ask of their connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from drystone_server import (
    ClientDisconnected,
    Deadlines,
    Limits,
    Request,
    Response,
)
from drystone_server.testing import (
    GET,
    MemoryTransport,
    VirtualLoop,
    connect,
    make_server,
    post,
    settle,
)


class TestWhoIsThere:
    async def test_addresses_and_scheme(self) -> None:
        seen: list[Any] = []

        async def handler(request: Request) -> Response:
            c = request.connection
            seen.append((c.client, c.server, c.scheme, c.tls, c.disconnected, c.closing))
            return Response()

        connect(make_server(handler), client=("192.0.2.9", 1)).send(GET % b"/")
        connect(make_server(handler), client=None).send(GET % b"/")
        await settle()
        assert seen == [
            (("192.0.2.9", 1), ("192.0.2.2", 80), "http", None, False, False),
            (None, ("192.0.2.2", 80), "http", None, False, False),
        ]

    async def test_tls(self) -> None:
        session = object()
        seen: list[Any] = []

        async def handler(request: Request) -> Response:
            seen.append((request.connection.scheme, request.connection.tls))
            return Response()

        connect(make_server(handler), extra={"ssl_object": session}).send(GET % b"/")
        await settle()
        assert seen == [("https", session)]


class TestDisconnects:
    @pytest.mark.parametrize(
        ("leave", "after"),
        [(MemoryTransport.disconnect, 0.0), (MemoryTransport.send_eof, 2.0)],
    )
    async def test_opt_in_cancellation(
        self, leave: Callable[[MemoryTransport], None], after: float
    ) -> None:
        ended: list[float] = []
        loop = asyncio.get_running_loop()

        async def handler(request: Request) -> Response:
            request.connection.cancel_on_disconnect()
            try:
                await asyncio.sleep(100)
            except asyncio.CancelledError:
                ended.append(loop.time())
                raise
            return Response()

        client = connect(make_server(handler))
        client.send(GET % b"/")
        await asyncio.sleep(10)
        leave(client)
        await asyncio.sleep(10)
        assert ended == [pytest.approx(10 + after)]
        assert not client.sent
        assert asyncio.all_tasks() == {asyncio.current_task()}

    async def test_it_ends_with_its_request(self) -> None:
        done: list[bytes] = []

        async def handler(request: Request) -> Response:
            if request.target == "/1":
                request.connection.cancel_on_disconnect()
            await asyncio.sleep(10)
            done.append(request.target.encode())
            return Response()

        client = connect(make_server(handler))
        client.send(GET % b"/1" + GET % b"/2")
        await asyncio.sleep(15)
        client.disconnect()
        await asyncio.sleep(15)
        assert done == [b"/1", b"/2"]

    async def test_a_response_that_waits_for_its_reader_is_not_cancelled(self) -> None:
        """A client may end its sending, and then read as slowly as it likes."""

        async def handler(request: Request) -> Response:
            request.connection.cancel_on_disconnect()
            return Response(b"x" * 50_000)

        client = connect(make_server(handler, limits=Limits(write_buffer=1000)))
        client.stall()
        client.send(GET % b"/")
        await settle()
        client.send_eof()
        await asyncio.sleep(10)
        client.take()
        assert (await client.read_all()).endswith(b"x" * 50_000)
        await asyncio.sleep(1)
        assert client.lost

    async def test_a_handler_behind_a_half_close_is_told_too(self) -> None:
        async def handler(request: Request) -> Any:
            if request.target == "/1":
                await request.connection.respond(Response())
                await asyncio.sleep(1)
            else:
                await request.connection.wait_disconnected()
                told.append(asyncio.get_running_loop().time())

        told: list[float] = []
        client = connect(make_server(handler))
        client.send(GET % b"/1" + GET % b"/2")
        client.send_eof()
        await asyncio.sleep(10)
        assert told == [pytest.approx(2)]

    async def test_asking_too_late_raises(self) -> None:
        async def handler(request: Request) -> Response:
            await asyncio.sleep(1)
            assert request.connection.disconnected
            with pytest.raises(ClientDisconnected):
                request.connection.cancel_on_disconnect()
            await request.connection.wait_disconnected()
            seen.append(True)
            return Response()

        seen: list[bool] = []
        client = connect(make_server(handler))
        client.send(GET % b"/")
        await settle()
        client.disconnect()
        await asyncio.sleep(2)
        assert seen == [True]

    async def test_waiting_for_it(self) -> None:
        async def handler(request: Request) -> Response:
            waits = [asyncio.ensure_future(request.connection.wait_disconnected()) for _ in "123"]
            await settle()
            waits[0].cancel()
            await asyncio.wait(waits)
            seen.append([wait.cancelled() for wait in waits])
            return Response()

        seen: list[list[bool]] = []
        client = connect(make_server(handler))
        client.send(GET % b"/")
        await settle()
        client.disconnect()
        await settle()
        assert seen == [[True, False, False]]


class TestServerClosing:
    async def test_a_handler_is_told(self) -> None:
        async def handler(request: Request) -> Response:
            await request.connection.wait_closing()
            assert request.connection.closing
            return Response(b"brought to an end")

        server = make_server(handler)
        client = connect(server)
        client.send(GET % b"/" + GET % b"/")
        await settle()
        closing = asyncio.ensure_future(server.close())
        answer = await client.read_all()
        assert answer.count(b"brought to an end") == 1
        assert b"Connection: close\r\n" in answer
        client.send_eof()
        await closing


class TestHandlerTimeout:
    async def test_a_request_may_take_longer(self) -> None:
        async def handler(request: Request) -> Response:
            if request.target == "/long":
                request.connection.set_handler_timeout(None)
            await asyncio.sleep(10)
            return Response(b"done")

        client = connect(make_server(handler, deadlines=Deadlines(handler=5)))
        client.send(GET % b"/long" + GET % b"/short")
        await asyncio.sleep(30)
        assert client.sent.index(b"done") < client.sent.index(b"HTTP/1.1 503 ")

    async def test_or_must_be_quicker(self) -> None:
        async def handler(request: Request) -> Response:
            request.connection.set_handler_timeout(1)
            await asyncio.sleep(10)
            return Response()

        client = connect(make_server(handler))
        client.send(GET % b"/")
        await asyncio.sleep(1.1)
        assert client.sent.startswith(b"HTTP/1.1 503 ")

    async def test_it_ends_with_its_request(self) -> None:
        async def handler(request: Request) -> Response:
            async def pieces() -> AsyncIterator[bytes]:
                request.connection.set_handler_timeout(3)
                yield b"x"

            if request.target == "/1":
                return Response(pieces())
            await asyncio.sleep(10)
            return Response(b"in peace")

        client = connect(make_server(handler))
        client.send(GET % b"/1" + GET % b"/2")
        await client.read_until(b"in peace")


class TestBackground:
    """A handler that answers by itself may go on, and the connection does not wait for it."""

    @pytest.mark.parametrize("pipelined", [True, False])
    async def test_the_next_request_is_served_meanwhile(self, pipelined: bool) -> None:
        done: list[str] = []

        async def handler(request: Request) -> Any:
            await request.connection.respond(Response(request.target.encode()))
            await asyncio.sleep(100)
            done.append(request.target)

        client = connect(make_server(handler))
        if pipelined:
            client.send(GET % b"/1" + GET % b"/2")
        else:
            client.send(GET % b"/1")
            await asyncio.sleep(1)
            client.send(GET % b"/2")
        await client.read_until(b"/1")
        await client.read_until(b"/2")
        assert isinstance(loop := asyncio.get_running_loop(), VirtualLoop)
        assert loop.time() < 2
        await asyncio.sleep(150)
        assert done == ["/1", "/2"]

    async def test_requests_that_come_one_by_one_behind_it_stay_in_order(self) -> None:
        """Also where the task of one is yet to begin when the next comes."""

        async def handler(request: Request) -> Any:
            body = await request.body()
            await request.connection.respond(Response(request.target.encode() + body))
            await asyncio.sleep(100)

        client = connect(make_server(handler))
        client.send(GET % b"/1")
        await client.read_until(b"\r\n\r\n/1")
        client.send(post(b"body"))
        client.send(GET % b"/3" + GET % b"/4")
        client.send_eof()
        await settle(50)
        bodies = [line[:5] for line in bytes(client.sent).split(b"\r\n\r\n")[1:]]
        assert bodies == [b"/body", b"/3HTT", b"/4"]

    async def test_nor_does_it_hold_a_connection_that_the_client_has_ended(self) -> None:
        async def handler(request: Request) -> Any:
            await request.connection.respond(Response(b"x"))
            await asyncio.sleep(100)
            done.append(1)

        done: list[int] = []
        client = connect(make_server(handler))
        client.send(GET % b"/")
        await client.read_until(b"x")
        client.send_eof()
        await settle()
        assert client.lost
        await asyncio.sleep(200)
        assert done == [1]

    async def test_nor_does_it_hold_a_server_that_closes(self) -> None:
        async def handler(request: Request) -> Any:
            await request.connection.respond(Response(b"x"))
            await asyncio.sleep(10)

        server = make_server(handler)
        client = connect(server)
        client.send(post(b"hello")[:-1])
        await client.read_until(b"x")
        closing = asyncio.ensure_future(server.close())
        await settle()
        assert client.eof
        client.send_eof()
        await closing
        assert asyncio.get_running_loop().time() == pytest.approx(10, abs=1)

    async def test_what_waits_for_the_client_ends_when_it_leaves(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def handler(request: Request) -> Any:
            await request.connection.respond(Response(b"x"))
            await request.connection.wait_disconnected()
            raise ClientDisconnected("as a write would")

        client = connect(make_server(handler))
        client.send(GET % b"/" + GET % b"/")
        await settle(30)
        client.disconnect()
        await settle()
        assert caplog.text == ""

    async def test_close_does_not_wait_for_it(self) -> None:
        async def handler(request: Request) -> Any:
            await request.connection.respond(Response(b"x", headers={"connection": "close"}))
            await asyncio.sleep(100)

        client = connect(make_server(handler))
        client.send(GET % b"/")
        await client.read_all()
        assert asyncio.get_running_loop().time() < 2

    async def test_an_error_of_it_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        async def handler(request: Request) -> Any:
            await request.connection.respond(Response(b"x"))
            if request.target != "/0":
                await asyncio.sleep(10)
            raise ValueError(f"in the background of {request.target}")

        client = connect(make_server(handler))
        client.send(GET % b"/0" + GET % b"/1" + GET % b"/2")
        await asyncio.sleep(20)
        assert client.sent.count(b"HTTP/1.1 200") == 3
        for number in "012":
            assert f"in the background of /{number}" in caplog.text

    async def test_its_cancellation_is_none_of_the_connection(self) -> None:
        tasks: list[asyncio.Task[Any]] = []

        async def handler(request: Request) -> Any:
            await request.connection.respond(Response(b"x"))
            task = asyncio.current_task()
            assert task is not None
            tasks.append(task)
            await asyncio.sleep(10)

        client = connect(make_server(handler))
        client.send(GET % b"/" + GET % b"/")
        await settle()
        tasks[0].cancel()
        await asyncio.sleep(20)
        assert not client.closing
        assert client.sent.count(b"HTTP/1.1 200") == 2

    async def test_an_unread_body_is_drained_first(self) -> None:
        async def handler(request: Request) -> Any:
            await request.connection.respond(Response(request.target.encode()))
            await asyncio.sleep(10)

        client = connect(make_server(handler))
        client.send(b"POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab")
        await client.read_until(b"/1")
        client.send(b"c" + GET % b"/2")
        await client.read_until(b"/2")

    async def test_a_half_head_behind_it_has_its_deadline(self) -> None:
        async def handler(request: Request) -> Any:
            await request.connection.respond(Response(b"x"))
            await asyncio.sleep(1000)

        client = connect(make_server(handler))
        client.send(GET % b"/")
        await settle()
        client.send(b"GET /")
        await asyncio.sleep(31)
        assert b"HTTP/1.1 408 " in client.sent
