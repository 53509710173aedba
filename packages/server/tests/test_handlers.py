"""Handlers: what works in them, and what their failures become."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from drystone_server import (
    HTTPServer,
    Limits,
    Request,
    Response,
)
from drystone_server.testing import (
    GET,
    SmallParser,
    connect,
    echo_body,
    echo_target,
    make_server,
    post,
    settle,
)


class TestHandlers:
    async def test_timeouts_current_task_and_context_work(self) -> None:
        variable = contextvars.ContextVar("variable", default=0)

        async def handler(request: Request) -> Response:
            assert asyncio.current_task() is not None
            variable.set(variable.get() + 1)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await asyncio.sleep(2)
            return Response(b"%d" % variable.get())

        server = make_server(handler)
        clients = [connect(server) for _ in range(3)]
        for client in clients:
            client.send(GET % b"/")
        for client in clients:
            assert await client.read_until(b"\r\n\r\n1")

    async def test_no_request_sees_the_context_variables_of_another(self) -> None:
        variable = contextvars.ContextVar("variable", default="nobody")
        variable.set("the server")

        async def handler(request: Request) -> Response | None:
            response = Response(variable.get().encode() + b";")
            variable.set(request.target)
            if request.target == "/early":
                await request.connection.respond(response)
                await asyncio.sleep(1)
                return None
            await request.body()
            return response

        client = connect(make_server(handler))
        client.send(GET % b"/1" + GET % b"/early" + GET % b"/2" + post(b"hello")[:-1])
        await settle(30)
        client.send(b"o" + GET % b"/3")
        await settle(30)
        assert client.sent.count(b"\r\n\r\nthe server;") == 5

    async def test_an_exception_is_logged_and_500_tells_nothing(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def handler(request: Request) -> Response:
            raise ValueError("secret")

        client = connect(make_server(handler))
        client.send(GET % b"/" + GET % b"/")
        await settle()
        assert client.sent.count(b"HTTP/1.1 500 Internal Server Error\r\n") == 2
        assert b"secret" not in client.sent
        assert "ValueError: secret" in caplog.text

    async def test_an_exception_with_a_status_is_answered_with_it(self) -> None:
        class Gone(Exception):
            status = 410

        async def handler(request: Request) -> Response:
            raise Gone("no longer")

        client = connect(make_server(handler))
        client.send(GET % b"/")
        answer = await client.read_until(b"410 Gone\n")
        assert answer.startswith(b"HTTP/1.1 410 Gone\r\n")

    @pytest.mark.parametrize("status", [200, "404", None, 99])
    async def test_a_status_that_is_no_error_is_500(self, status: Any) -> None:
        class Odd(Exception):
            pass

        async def handler(request: Request) -> Response:
            error = Odd()
            error.status = status  # type: ignore[attr-defined]
            raise error

        client = connect(make_server(handler))
        client.send(GET % b"/")
        assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 500 ")

    @pytest.mark.parametrize(
        "headers", [{"a\r\nb": "c"}, {"a": "b\r\nSet-Cookie: c"}, [("a", "\x00")], {"a": "\u20ac"}]
    )
    async def test_a_response_that_would_split_is_500(self, headers: Any) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"", headers=headers)

        client = connect(make_server(handler))
        client.send(GET % b"/")
        answer = await client.read_until(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 500 ")
        assert b"Set-Cookie" not in answer

    async def test_returning_none_without_a_response_is_500(self) -> None:
        async def handler(request: Request) -> None:
            return None

        client = connect(make_server(handler))
        client.send(GET % b"/")
        assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 500 ")

    async def test_but_nothing_where_the_client_has_left(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def handler(request: Request) -> None:
            client.closing = True

        caplog.set_level(logging.INFO)
        client = connect(make_server(handler))
        client.send(GET % b"/")
        await settle()
        assert not client.sent
        assert not caplog.records

    async def test_a_cancelled_error_of_its_own_is_500(self) -> None:
        async def handler(request: Request) -> Response:
            raise asyncio.CancelledError

        client = connect(make_server(handler))
        client.send(GET % b"/")
        assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 500 ")

    async def test_cancelling_the_task_from_outside_cuts_the_connection(self) -> None:
        async def handler(request: Request) -> Response:
            await asyncio.sleep(100)
            return Response()

        client = connect(make_server(handler))
        client.send(GET % b"/")
        await settle()
        (task,) = asyncio.all_tasks() - {asyncio.current_task()}
        task.cancel()
        await settle()
        assert client.aborted
        assert task.cancelled()

    async def test_nor_is_one_left_that_waits_for_its_reader(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"x" * 50_000)

        client = connect(make_server(handler, limits=Limits(write_buffer=1000)))
        client.stall()
        client.send(GET % b"/")
        await settle()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await settle()
        assert client.lost

    async def test_what_is_no_exception_ends_the_connection(self) -> None:
        class End(BaseException):
            pass

        async def handler(request: Request) -> Response:
            task = asyncio.current_task()
            assert task is not None
            tasks.append(task)
            raise End

        tasks: list[asyncio.Task[Any]] = []
        client = connect(make_server(handler))
        client.send(GET % b"/")
        await settle()
        assert client.aborted
        assert isinstance(tasks[0].exception(), End)

    async def test_the_handler_goes_on_when_the_client_leaves(self) -> None:
        done: list[bool] = []

        async def handler(request: Request) -> Response:
            await asyncio.sleep(10)
            done.append(True)
            return Response()

        client = connect(make_server(handler))
        client.send(GET % b"/" + GET % b"/")
        await settle()
        client.disconnect()
        await asyncio.sleep(30)
        assert done == [True], "the second request of a client who left is not begun"

    async def test_one_failing_connection_harms_no_other(self) -> None:
        async def handler(request: Request) -> Response:
            if request.target == "/bad":
                raise ZeroDivisionError
            await asyncio.sleep(1)
            return await echo_target(request)

        server = make_server(handler)
        good, bad = connect(server), connect(server)
        good.send(GET % b"/good")
        bad.send(GET % b"/bad")
        assert await bad.read_until(b"500 Internal Server Error\n")
        assert await good.read_until(b"/good")


async def test_a_body_longer_than_the_handler_wants_is_413() -> None:
    async def handler(request: Request) -> Response:
        return Response(await request.body(3))

    client = connect(make_server(handler))
    client.send(post(b"hello"))
    assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 413 ")


class TestLogging:
    async def test_a_client_that_leaves_is_nothing_to_log(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def handler(request: Request) -> Response:
            return Response(await request.body())

        with caplog.at_level(logging.WARNING):
            client = connect(make_server(handler))
            client.send(post(b"hello")[:-1])
            await settle()
            client.disconnect()
            await settle()
        assert caplog.text == ""

    async def test_a_handler_that_fails_when_its_client_has_left_is_told_of(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def handler(request: Request) -> Response:
            await asyncio.sleep(1)
            raise ValueError("of its own")

        with caplog.at_level(logging.INFO):
            client = connect(make_server(handler))
            client.send(GET % b"/")
            await settle()
            client.disconnect()
            await asyncio.sleep(2)
        assert "of its own" in caplog.text
        assert {record.levelname for record in caplog.records} == {"INFO"}

    async def test_a_malformed_body_within_the_response_is_the_client_s_fault(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def handler(request: Request) -> Response:
            async def pieces() -> AsyncIterator[bytes]:
                yield b"begun"
                while piece := await request.receive():
                    yield piece

            return Response(pieces())

        client = connect(make_server(handler))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        await settle()
        assert client.aborted
        assert caplog.text == ""

    async def test_a_client_that_left_unnoticed_gets_no_error(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The transport knows before ``connection_lost`` tells."""
        client = connect(make_server(echo_target))
        client.closing = True
        client.get_protocol().data_received(b"what\r\n\r\n")  # type: ignore[attr-defined]
        working = connect(make_server(echo_body))
        working.send(post(b"hello")[:-1])
        await settle()
        working.get_protocol().eof_received()  # type: ignore[attr-defined]
        working.closing = True
        await settle()
        assert not client.sent
        assert not working.sent
        assert caplog.text == ""

    @pytest.mark.parametrize(
        ("status", "told"),
        [
            (501, b"501 Not Implemented: no such thing\n"),
            (None, b"500 Internal Server Error\n"),  # a bug of the parser; nobody's business
        ],
    )
    async def test_what_a_parser_refuses_is_told_if_it_has_a_status_and_else_logged(
        self, status: int | None, told: bytes, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Refused(Exception):
            pass

        class Refusing(SmallParser[Request]):
            def next_request(self) -> Request | None:
                error = Refused("501 no such thing")
                if status is not None:
                    error.status = status  # type: ignore[attr-defined]
                raise error

        client = connect(HTTPServer(echo_target, lambda: Refusing(Request)))
        client.send(b"x")
        assert client.sent.startswith(b"HTTP/1.1 %d " % (status or 500))
        assert client.sent.endswith(b"\r\n\r\n" + told)
        assert ("Refused" in caplog.text) == (status is None)
