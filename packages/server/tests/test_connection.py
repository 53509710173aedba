"""The life of a connection, in the order of RFC 9112 and 9110."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from drystone_server import (
    ClientDisconnected,
    Deadlines,
    HTTPServer,
    Limits,
    Request,
    RequestTimeout,
    Response,
)
from drystone_server.testing import MemoryTransport, SmallParser, VirtualLoop, connect

GET = b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n"
CLOSE = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def make(handler: Any, **options: Any) -> HTTPServer[Request]:
    return HTTPServer(handler, lambda: SmallParser(Request), **options)


async def echo_target(request: Request) -> Response:
    return Response(request.target.encode())


async def echo_body(request: Request) -> Response:
    return Response(await request.body())


async def settle(turns: int = 10) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


def virtual() -> VirtualLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


def post(body: bytes, *fields: bytes) -> bytes:
    lines = b"".join(field + b"\r\n" for field in fields)
    return b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n%b\r\n%b" % (
        len(body),
        lines,
        body,
    )


class TestMessages9112_2:
    async def test_a_response_follows_its_request(self) -> None:
        client = connect(make(echo_target))
        client.send(GET % b"/hello")
        head = await client.read_until(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\nDate: ")
        assert b"\r\nContent-Length: 6\r\n" in head
        assert await client.read_until(b"/hello")

    async def test_a_small_response_is_one_write(self) -> None:
        client = connect(make(echo_target))
        client.send(GET % b"/")
        await settle()
        assert len(client.writes) == 1

    async def test_a_request_may_come_byte_by_byte(self) -> None:
        client = connect(make(echo_body))
        for byte in post(b"hello") + GET % b"/":
            client.send(bytes([byte]))
            await asyncio.sleep(0)
        assert await client.read_until(b"hello")
        assert await client.read_until(b"Length: 0\r\n\r\n")

    async def test_no_task_is_left_while_idle(self) -> None:
        client = connect(make(echo_target))
        for _ in range(3):
            client.send(GET % b"/")
            await client.read_until(b"/")
            await settle()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    async def test_2_2_a_malformed_request_is_answered_after_those_before_it_then_closed(
        self,
    ) -> None:
        async def slow(request: Request) -> Response:
            await asyncio.sleep(5)
            return await echo_target(request)

        client = connect(make(slow))
        client.send(GET % b"/1" + GET % b"/2" + b"what\r\n\r\n" + GET % b"/3")
        answers = await client.read_all()
        assert answers.index(b"/1") < answers.index(b"/2") < answers.index(b"HTTP/1.1 400 ")
        assert b"Connection: close\r\n" in answers
        assert b"malformed head" in answers
        assert b"/3" not in answers

    async def test_a_malformed_first_request_needs_no_task(self) -> None:
        client = connect(make(echo_target))
        client.send(b"what\r\n\r\n")
        assert client.sent.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert client.eof


class TestPersistence9112_9_3:
    async def test_the_connection_stays_open(self) -> None:
        client = connect(make(echo_target))
        for _ in range(3):
            client.send(GET % b"/")
            assert b"Connection" not in await client.read_until(b"\r\n\r\n/")
        assert not client.closing

    async def test_close_is_answered_with_close(self) -> None:
        client = connect(make(echo_target))
        client.send(CLOSE + GET % b"/late")
        answer = await client.read_all()
        assert b"\r\nConnection: close\r\n" in answer
        assert answer.count(b"HTTP/1.1") == 1

    async def test_the_handler_can_close(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"", headers={"Connection": "close"})

        client = connect(make(handler))
        client.send(GET % b"/" + GET % b"/")
        assert (await client.read_all()).count(b"Connection: close\r\n") == 1

    async def test_http10_closes_unless_it_asks(self) -> None:
        client = connect(make(echo_target))
        client.send(b"GET / HTTP/1.0\r\n\r\n")
        assert b"\r\nConnection: close\r\n" in await client.read_all()

    async def test_http10_keep_alive_is_confirmed(self) -> None:
        client = connect(make(echo_target))
        for _ in range(2):
            client.send(b"GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert b"\r\nConnection: keep-alive\r\n" in await client.read_until(b"\r\n\r\n/x")

    async def test_requests_per_connection_are_limited_when_asked(self) -> None:
        client = connect(make(echo_target, limits=Limits(requests=2)))
        client.send(GET % b"/1" + GET % b"/2" + GET % b"/3")
        answers = await client.read_all()
        assert answers.count(b"HTTP/1.1 200") == 2
        assert answers.count(b"Connection: close") == 1


class TestPipelining9112_9_3_2:
    async def test_answers_come_in_order(self) -> None:
        async def handler(request: Request) -> Response:
            await asyncio.sleep(float(request.target[1:]))
            return await echo_target(request)

        client = connect(make(handler))
        client.send(GET % b"/3" + GET % b"/0" + GET % b"/1")
        await asyncio.sleep(5)
        assert [client.sent.index(b"\r\n\r\n" + x) for x in (b"/3", b"/0", b"/1")] == sorted(
            client.sent.index(b"\r\n\r\n" + x) for x in (b"/3", b"/0", b"/1")
        )

    async def test_a_long_burst_lets_others_have_their_turn(self) -> None:
        server = make(echo_target)
        busy, other = connect(server), connect(server)
        busy.send(GET % b"/" * 200)
        other.send(GET % b"/")
        await other.read_until(b"\r\n\r\n/")
        assert busy.sent.count(b"HTTP/1.1 200") < 200
        await settle(30)
        assert busy.sent.count(b"HTTP/1.1 200") == 200

    async def test_too_many_waiting_requests_pause_reading_and_are_all_answered(self) -> None:
        gate = asyncio.Event()

        async def handler(request: Request) -> Response:
            await gate.wait()
            return await echo_target(request)

        client = connect(make(handler, limits=Limits(read_ahead=1000)))
        for _ in range(300):
            client.send(GET % b"/")
        await settle()
        assert not client.is_reading()
        gate.set()
        await settle(100)
        assert client.is_reading()
        assert client.sent.count(b"HTTP/1.1 200") == 300

    async def test_a_stalled_reader_of_many_answers_holds_the_burst(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"x" * 50_000)

        client = connect(make(handler))
        client.stall()
        client.send(GET % b"/" * 100)
        await settle(100)
        assert client.get_write_buffer_size() < 300_000
        while client.get_write_buffer_size():
            client.take(client.get_write_buffer_size())
            await settle(5)
        assert client.sent.count(b"HTTP/1.1 200") == 100

    async def test_a_client_that_leaves_while_its_answers_wait(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"x" * 60_000)

        client = connect(make(handler))
        client.stall()
        client.send(GET % b"/" * 10)
        await settle()
        client.disconnect()
        await settle()
        assert len(client.writes) == 2
        assert asyncio.all_tasks() == {asyncio.current_task()}


class TestClose9112_9_6:
    async def test_half_close_still_gets_the_answer(self) -> None:
        async def handler(request: Request) -> Response:
            await asyncio.sleep(1)
            return await echo_target(request)

        client = connect(make(handler))
        client.send(GET % b"/1" + GET % b"/2")
        client.send_eof()
        answers = await client.read_all()
        assert answers.endswith(b"/2")
        assert answers.count(b"HTTP/1.1 200") == 2
        await settle()
        assert client.lost

    async def test_end_of_input_on_an_idle_connection_closes_it(self) -> None:
        client = connect(make(echo_target))
        client.send_eof()
        await settle()
        assert client.lost
        assert not client.sent

    async def test_end_of_input_within_a_head_is_an_error(self) -> None:
        client = connect(make(echo_target))
        client.send(b"GET / HT")
        client.send_eof()
        assert (await client.read_all()).startswith(b"HTTP/1.1 400 ")
        await settle()
        assert client.lost

    async def test_the_last_response_lingers_until_the_client_closes(self) -> None:
        client = connect(make(echo_target))
        client.send(CLOSE)
        await client.read_all()
        client.send(GET % b"/late")
        await asyncio.sleep(1)
        assert client.eof
        assert not client.is_closing()
        client.send_eof()
        await settle()
        assert client.lost
        assert b"late" not in client.sent

    async def test_lingering_ends_in_time(self) -> None:
        client = connect(make(echo_target))
        client.send(CLOSE)
        await asyncio.sleep(4.9)
        assert not client.is_closing()
        await asyncio.sleep(0.2)
        assert client.lost

    async def test_a_lingering_close_waits_for_a_slow_reader_who_takes_something(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"x" * 1000)

        client = connect(make(handler))
        client.stall()
        client.send(CLOSE)
        for _ in range(10):
            await asyncio.sleep(15)
            client.take(10)
        assert not client.is_closing() or client.get_write_buffer_size()
        client.take()
        await settle()
        assert client.lost
        assert not client.aborted

    async def test_a_lingering_close_cuts_a_reader_who_takes_nothing(self) -> None:
        client = connect(make(echo_target))
        client.stall()
        client.send(CLOSE)
        await asyncio.sleep(41)
        assert client.aborted

    async def test_without_a_linger_time_it_closes_at_once(self) -> None:
        client = connect(make(echo_target, deadlines=Deadlines(linger=None)))
        client.send(CLOSE)
        await settle()
        assert client.lost

    async def test_tls_closes_at_once_when_all_was_read(self) -> None:
        client = connect(make(echo_target), half_close=False, extra={"ssl_object": object()})
        client.send(CLOSE)
        await settle()
        assert client.lost
        assert not client.eof

    async def test_tls_reads_on_when_input_may_follow(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"no", 403)

        client = connect(make(handler), half_close=False, extra={"ssl_object": object()})
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n")
        await asyncio.sleep(1)
        assert not client.is_closing()
        client.send_eof()
        await settle()
        assert client.lost

    async def test_tls_has_no_half_close_so_it_ends_with_the_input(self) -> None:
        async def handler(request: Request) -> Response:
            await asyncio.sleep(1)
            return Response()

        client = connect(make(handler), half_close=False, extra={"ssl_object": object()})
        client.send(GET % b"/")
        client.send_eof()
        await settle()
        assert client.lost


class TestMethodsAndStatus9110:
    async def test_9_3_2_head_gets_the_head_alone(self) -> None:
        client = connect(make(echo_target))
        client.send(b"HEAD /12345 HTTP/1.1\r\nHost: a\r\n\r\n" + GET % b"/")
        answers = await client.read_until(b"\r\n\r\n/")
        assert b"Content-Length: 6\r\n" in answers
        assert b"/12345" not in answers

    async def test_9_3_6_connect_is_never_a_tunnel_by_accident(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        client = connect(make(echo_target))
        client.send(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")
        assert await client.read_until(b"\r\n\r\n")
        assert client.writes[0].startswith(b"HTTP/1.1 500 ")
        assert "only by taking over" in caplog.text

    async def test_9_3_6_connect_can_be_refused(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"", 405)

        client = connect(make(handler))
        client.send(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")
        assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 405 ")

    @pytest.mark.parametrize("status", [204, 304])
    async def test_15_no_body_with_204_and_304(self, status: int) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"body", status)

        client = connect(make(handler))
        client.send(GET % b"/" + GET % b"/")
        await settle()
        assert b"body" not in client.sent
        assert b"Content-Length" not in client.sent
        assert client.sent.count(b"HTTP/1.1 %d " % status) == 2


class TestExpect9110_10_1_1:
    async def test_100_is_sent_when_the_handler_asks(self) -> None:
        client = connect(make(echo_body))
        client.send(post(b"hello", b"Expect: 100-continue")[:-5])
        assert await client.read_until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.send(b"hello")
        assert (await client.read_until(b"hello")).startswith(b"HTTP/1.1 200 OK\r\n")

    async def test_nothing_is_sent_when_the_body_is_there(self) -> None:
        client = connect(make(echo_body))
        client.send(post(b"hello", b"Expect: 100-continue"))
        assert (await client.read_until(b"hello")).startswith(b"HTTP/1.1 200 OK\r\n")

    async def test_an_answer_without_asking_closes(self) -> None:
        client = connect(make(echo_target))
        client.send(post(b"hello", b"Expect: 100-continue")[:-5])
        answer = await client.read_all()
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"Connection: close\r\n" in answer

    async def test_never_to_http10(self) -> None:
        client = connect(make(echo_body))
        client.send(b"POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        await asyncio.sleep(1)
        assert not client.sent
        client.send(b"hello")
        assert b"hello" in await client.read_all()

    async def test_the_unknown_is_417(self) -> None:
        client = connect(make(echo_target))
        client.send(b"GET / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n")
        assert (await client.read_all()).startswith(b"HTTP/1.1 417 Expectation Failed\r\n")

    async def test_none_is_sent_after_the_answer_has_begun(self) -> None:
        async def handler(request: Request) -> Response:
            async def pieces() -> AsyncIterator[bytes]:
                yield b"first"
                yield await request.receive()

            return Response(pieces())

        client = connect(make(handler))
        client.send(post(b"hello", b"Expect: 100-continue")[:-5])
        await client.read_until(b"first")
        client.send(b"hello")
        assert b"100 Continue" not in await client.read_all()


class TestRequestBodies:
    async def test_a_handler_without_a_body_receives_its_end(self) -> None:
        client = connect(make(echo_body))
        client.send(GET % b"/")
        assert await client.read_until(b"Content-Length: 0\r\n\r\n")

    async def test_chunks_and_trailers(self) -> None:
        async def handler(request: Request) -> Response:
            body = await request.body()
            return Response(body + b"|" + (request.trailers.get("x-sum") or "").encode())

        client = connect(make(handler))
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

        client = connect(make(handler))
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
        client = connect(make(echo_target))
        client.send(post(b"x" * 1000)[:-10])
        await client.read_until(b"\r\n\r\n/")
        client.send(b"x" * 10 + GET % b"/next")
        assert await client.read_until(b"/next")

    async def test_too_much_left_closes(self) -> None:
        client = connect(make(echo_target, limits=Limits(drain=100)))
        client.send(post(b"x" * 1000)[:-10])
        assert b"Connection: close\r\n" in await client.read_all()

    async def test_too_much_left_of_a_chunked_body_closes(self) -> None:
        client = connect(make(echo_target, limits=Limits(drain=100)))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send(b"64\r\n" + b"x" * 100 + b"\r\n" + b"1\r\nx\r\n")
        await settle()
        assert client.eof

    async def test_a_malformed_body_is_answered_and_closes(self) -> None:
        client = connect(make(echo_body))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        answer = await client.read_all()
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"malformed chunk size" in answer

    async def test_a_malformed_body_left_unread_closes(self) -> None:
        client = connect(make(echo_target))
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

        client = connect(make(handler))
        client.send(post(b"hello")[:-2])
        await settle()
        client.send_eof()
        assert (await client.read_all()).startswith(b"HTTP/1.1 400 ")
        gone = connect(make(handler))
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

        client = connect(make(handler))
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

        client = connect(make(handler))
        client.send(post(b"hello")[:-5])
        await settle(20)
        client.send(b"hello")
        assert await client.read_until(b"\r\n\r\nhello")

    async def test_a_body_cannot_be_received_after_its_request(self) -> None:
        kept: list[Callable[[], Any]] = []

        async def handler(request: Request) -> Response:
            kept.append(request.receive)
            return Response()

        client = connect(make(handler, limits=Limits(drain=1)))
        client.send(post(b"hello")[:-2])
        await client.read_all()
        with pytest.raises(RuntimeError, match="the request is over"):
            await kept[0]()


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

        server = make(handler)
        clients = [connect(server) for _ in range(3)]
        for client in clients:
            client.send(GET % b"/")
        for client in clients:
            assert await client.read_until(b"\r\n\r\n1")

    async def test_an_exception_is_logged_and_500_tells_nothing(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def handler(request: Request) -> Response:
            raise ValueError("secret")

        client = connect(make(handler))
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

        client = connect(make(handler))
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

        client = connect(make(handler))
        client.send(GET % b"/")
        assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 500 ")

    @pytest.mark.parametrize(
        "headers", [{"a\r\nb": "c"}, {"a": "b\r\nSet-Cookie: c"}, [("a", "\x00")], {"a": "\u20ac"}]
    )
    async def test_a_response_that_would_split_is_500(self, headers: Any) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"", headers=headers)

        client = connect(make(handler))
        client.send(GET % b"/")
        answer = await client.read_until(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 500 ")
        assert b"Set-Cookie" not in answer

    async def test_returning_none_without_a_response_is_500(self) -> None:
        async def handler(request: Request) -> None:
            return None

        client = connect(make(handler))
        client.send(GET % b"/")
        assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 500 ")

    async def test_a_cancelled_error_of_its_own_is_500(self) -> None:
        async def handler(request: Request) -> Response:
            raise asyncio.CancelledError

        client = connect(make(handler))
        client.send(GET % b"/")
        assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 500 ")

    async def test_cancelling_the_task_from_outside_cuts_the_connection(self) -> None:
        async def handler(request: Request) -> Response:
            await asyncio.sleep(100)
            return Response()

        client = connect(make(handler))
        client.send(GET % b"/")
        await settle()
        (task,) = asyncio.all_tasks() - {asyncio.current_task()}
        task.cancel()
        await settle()
        assert client.aborted
        assert task.cancelled()

    async def test_what_is_no_exception_ends_the_connection(self) -> None:
        class End(BaseException):
            pass

        async def handler(request: Request) -> Response:
            task = asyncio.current_task()
            assert task is not None
            tasks.append(task)
            raise End

        tasks: list[asyncio.Task[Any]] = []
        client = connect(make(handler))
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

        client = connect(make(handler))
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

        server = make(handler)
        good, bad = connect(server), connect(server)
        good.send(GET % b"/good")
        bad.send(GET % b"/bad")
        assert await bad.read_until(b"500 Internal Server Error\n")
        assert await good.read_until(b"/good")


class TestDeadlines:
    """At default settings; each is closed within sixty seconds."""

    async def closed_after(
        self, client: MemoryTransport, tick: Callable[[], None] | None = None
    ) -> float:
        begun = virtual().time()
        while not client.is_closing() and not client.eof:
            await asyncio.sleep(2)
            if tick is not None and not client.is_closing():
                tick()
            assert virtual().time() - begun < 4000
        return virtual().time() - begun

    async def test_first_byte_a_client_that_sends_nothing(self) -> None:
        client = connect(make(echo_target))
        assert 28 <= await self.closed_after(client) <= 60
        assert not client.sent, "408 only after the first byte of a request"

    async def test_head_a_byte_every_two_seconds(self) -> None:
        client = connect(make(echo_target))
        client.send(b"G")
        assert 28 <= await self.closed_after(client, lambda: client.send(b"x")) <= 60
        assert client.sent.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert b"Connection: close\r\n" in client.sent

    async def test_head_is_total_for_later_requests_too(self) -> None:
        client = connect(make(echo_target))
        client.send(GET % b"/")
        await client.read_until(b"\r\n\r\n/")
        await asyncio.sleep(70)
        client.send(b"G")
        assert 28 <= await self.closed_after(client, lambda: client.send(b"x")) <= 60

    async def test_body_a_byte_every_two_seconds(self) -> None:
        client = connect(make(echo_body))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        assert 18 <= await self.closed_after(client, lambda: client.send(b"x")) <= 60
        assert client.sent.startswith(b"HTTP/1.1 408 ")

    async def test_body_that_stops(self) -> None:
        client = connect(make(echo_body, limits=Limits(body_rate=0)))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        assert 28 <= await self.closed_after(client) <= 34

    async def test_body_in_all(self) -> None:
        client = connect(make(echo_body, deadlines=Deadlines(body_whole=100)))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
        took = await self.closed_after(client, lambda: client.send(b"x" * 1000))
        assert 98 <= took <= 104

    async def test_body_at_a_fair_rate_is_not_disturbed(self) -> None:
        client = connect(make(echo_body))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\n")
        for _ in range(1000):
            await asyncio.sleep(2)
            client.send(b"x" * 600)
        assert await client.read_until(b"200 OK")

    async def test_no_clock_for_bodies_when_switched_off(self) -> None:
        off = Deadlines(body_read=None, body_grace=None, body_whole=None)
        client = connect(make(echo_body, deadlines=off))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n")
        await asyncio.sleep(100_000)
        client.send(b"hi")
        assert await client.read_until(b"\r\n\r\nhi")

    async def test_a_handler_may_catch_the_timeout_but_the_connection_closes(self) -> None:
        async def handler(request: Request) -> Response:
            with pytest.raises(RequestTimeout):
                await request.body()
            return Response(b"late")

        client = connect(make(handler))
        client.send(post(b"hello")[:-1])
        answer = await client.read_all()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"Connection: close" in answer

    async def test_draining_ends_in_time(self) -> None:
        client = connect(make(echo_target))
        client.send(post(b"hello")[:-1])
        await client.read_until(b"\r\n\r\n/")
        assert 18 <= await self.closed_after(client) <= 30
        assert not client.sent

    async def test_keep_alive_idle_closes_silently(self) -> None:
        client = connect(make(echo_target))
        client.send(GET % b"/")
        await client.read_until(b"\r\n\r\n/")
        assert 73 <= await self.closed_after(client) <= 77
        assert not client.sent

    async def test_a_head_begun_behind_another_request_gets_408_at_the_end(self) -> None:
        client = connect(make(echo_target))
        client.send(GET % b"/" + b"GET /ha")
        await client.read_until(b"\r\n\r\n/")
        assert await self.closed_after(client) <= 77
        assert client.sent.startswith(b"HTTP/1.1 408 ")

    async def test_handler_is_off_by_default(self) -> None:
        async def handler(request: Request) -> Response:
            await asyncio.sleep(100_000)
            return Response(b"at last")

        client = connect(make(handler))
        client.send(GET % b"/")
        assert await client.read_until(b"at last")

    async def test_handler_over_its_time_is_cancelled_and_503(self) -> None:
        ended: list[str] = []

        async def handler(request: Request) -> Response:
            try:
                await asyncio.sleep(100)
            finally:
                ended.append("cleaned up")
            return Response()

        client = connect(make(handler, deadlines=Deadlines(handler=5)))
        client.send(GET % b"/" + GET % b"/")
        await asyncio.sleep(11)
        assert client.sent.count(b"HTTP/1.1 503 Service Unavailable\r\n") == 2
        assert ended == ["cleaned up"] * 2
        assert not client.closing

    async def test_a_handler_that_answers_its_cancellation_is_heard(self) -> None:
        async def handler(request: Request) -> Response:
            try:
                await asyncio.sleep(100)
            except asyncio.CancelledError:
                return Response(b"partial")
            raise AssertionError

        client = connect(make(handler, deadlines=Deadlines(handler=5)))
        client.send(GET % b"/" + GET % b"/")
        await asyncio.sleep(11)
        assert client.sent.count(b"\r\n\r\npartial") == 2

    async def test_a_reader_that_stops_reading_is_reset(self) -> None:
        async def handler(request: Request) -> Response:
            async def pieces() -> AsyncIterator[bytes]:
                for _ in range(1000):
                    yield b"x" * 10_000

            return Response(pieces())

        client = connect(make(handler))
        client.stall()
        client.send(GET % b"/")
        assert await self.closed_after(client) <= 60
        assert client.aborted
        assert client.get_write_buffer_size() == 0

    async def test_a_slow_reader_is_not(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"x" * 200_000)

        client = connect(make(handler))
        client.stall()
        client.send(GET % b"/")
        for _ in range(40):
            await asyncio.sleep(15)
            client.take(1000)
        assert not client.aborted

    async def test_a_response_waiting_in_an_idle_connection_is_watched_too(self) -> None:
        client = connect(make(echo_target))
        client.stall()
        client.send(GET % b"/")
        assert await self.closed_after(client) <= 60
        assert client.aborted

    async def test_timers_never_outlive_their_connection(self) -> None:
        server = make(echo_body)
        clients = [connect(server) for _ in range(50)]
        for number, client in enumerate(clients):
            client.send([b"", b"GET", GET % b"/", post(b"hello")[:-1], CLOSE][number % 5])
        await settle()
        assert 0 < len(virtual().timers()) <= 50, "one timer for each connection at most"
        for client in clients:
            client.disconnect(ConnectionResetError())
        await settle()
        assert virtual().timers() == []
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert server.connections == 0

    async def test_one_timer_is_moved_rarely(self, monkeypatch: pytest.MonkeyPatch) -> None:
        armed: list[float] = []
        loop = virtual()
        call_later = loop.call_later

        def counting(delay: float, *args: Any, **kwargs: Any) -> asyncio.TimerHandle:
            armed.append(delay)
            return call_later(delay, *args, **kwargs)

        monkeypatch.setattr(loop, "call_later", counting)
        client = connect(make(echo_target))
        for _ in range(1000):
            client.send(GET % b"/")
            await settle(3)
        assert len(armed) <= 3


async def test_a_body_longer_than_the_handler_wants_is_413() -> None:
    async def handler(request: Request) -> Response:
        return Response(await request.body(3))

    client = connect(make(handler))
    client.send(post(b"hello"))
    assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 413 ")


class TestLogging:
    async def test_a_client_that_leaves_is_nothing_to_log(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def handler(request: Request) -> Response:
            return Response(await request.body())

        with caplog.at_level(logging.WARNING):
            client = connect(make(handler))
            client.send(post(b"hello")[:-1])
            await settle()
            client.disconnect()
            await settle()
        assert caplog.text == ""

    async def test_a_client_that_left_unnoticed_gets_no_error(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The transport knows before ``connection_lost`` tells."""
        client = connect(make(echo_target))
        client.closing = True
        client.get_protocol().data_received(b"what\r\n\r\n")  # type: ignore[attr-defined]
        working = connect(make(echo_body))
        working.send(post(b"hello")[:-1])
        await settle()
        working.get_protocol().eof_received()  # type: ignore[attr-defined]
        working.closing = True
        await settle()
        assert not client.sent
        assert not working.sent
        assert caplog.text == ""

    @pytest.mark.parametrize("status", [501, None])
    async def test_what_a_parser_refuses_is_logged_only_if_it_has_no_status(
        self, status: int | None, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Refused(Exception):
            pass

        class Refusing(SmallParser[Request]):
            def next_request(self) -> Request | None:
                error = Refused("no such thing")
                if status is not None:
                    error.status = status  # type: ignore[attr-defined]
                raise error

        client = connect(HTTPServer(echo_target, lambda: Refusing(Request)))
        client.send(b"x")
        assert client.sent.startswith(b"HTTP/1.1 %d " % (status or 500))
        assert ("Refused" in caplog.text) == (status is None)
