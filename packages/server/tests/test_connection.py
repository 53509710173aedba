"""The life of a connection, in the order of RFC 9112 and 9110."""

from __future__ import annotations

import asyncio

import pytest
from drystone_server import (
    Deadlines,
    Limits,
    Request,
    Response,
)
from drystone_server.testing import (
    CLOSE,
    GET,
    connect,
    echo_body,
    echo_target,
    make_server,
    post,
    settle,
)


class TestMessages9112_2:
    async def test_a_response_follows_its_request(self) -> None:
        client = connect(make_server(echo_target))
        client.send(GET % b"/hello")
        head = await client.read_until(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\nDate: ")
        assert b"\r\nContent-Length: 6\r\n" in head
        assert await client.read_until(b"/hello")

    async def test_a_small_response_is_one_write(self) -> None:
        client = connect(make_server(echo_target))
        client.send(GET % b"/")
        await settle()
        assert len(client.writes) == 1

    async def test_a_request_may_come_byte_by_byte(self) -> None:
        client = connect(make_server(echo_body))
        for byte in post(b"hello") + GET % b"/":
            client.send(bytes([byte]))
            await asyncio.sleep(0)
        assert await client.read_until(b"hello")
        assert await client.read_until(b"Length: 0\r\n\r\n")

    async def test_no_task_is_left_while_idle(self) -> None:
        client = connect(make_server(echo_target))
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

        client = connect(make_server(slow))
        client.send(GET % b"/1" + GET % b"/2" + b"what\r\n\r\n" + GET % b"/3")
        answers = await client.read_all()
        assert answers.index(b"/1") < answers.index(b"/2") < answers.index(b"HTTP/1.1 400 ")
        assert b"Connection: close\r\n" in answers
        assert b"malformed head" in answers
        assert b"/3" not in answers

    async def test_a_malformed_first_request_needs_no_task(self) -> None:
        client = connect(make_server(echo_target))
        client.send(b"what\r\n\r\n")
        assert client.sent.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert client.eof


class TestPersistence9112_9_3:
    async def test_the_connection_stays_open(self) -> None:
        client = connect(make_server(echo_target))
        for _ in range(3):
            client.send(GET % b"/")
            assert b"Connection" not in await client.read_until(b"\r\n\r\n/")
        assert not client.closing

    async def test_close_is_answered_with_close(self) -> None:
        client = connect(make_server(echo_target))
        client.send(CLOSE + GET % b"/late")
        answer = await client.read_all()
        assert b"\r\nConnection: close\r\n" in answer
        assert answer.count(b"HTTP/1.1") == 1

    async def test_the_handler_can_close(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"", headers={"Connection": "close"})

        client = connect(make_server(handler))
        client.send(GET % b"/" + GET % b"/")
        assert (await client.read_all()).count(b"Connection: close\r\n") == 1

    async def test_http10_closes_unless_it_asks(self) -> None:
        client = connect(make_server(echo_target))
        client.send(b"GET / HTTP/1.0\r\n\r\n")
        assert b"\r\nConnection: close\r\n" in await client.read_all()

    async def test_http10_keep_alive_is_confirmed(self) -> None:
        client = connect(make_server(echo_target))
        for _ in range(2):
            client.send(b"GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert b"\r\nConnection: keep-alive\r\n" in await client.read_until(b"\r\n\r\n/x")

    async def test_requests_per_connection_are_limited_when_asked(self) -> None:
        client = connect(make_server(echo_target, limits=Limits(requests=2)))
        client.send(GET % b"/1" + GET % b"/2" + GET % b"/3")
        answers = await client.read_all()
        assert answers.count(b"HTTP/1.1 200") == 2
        assert answers.count(b"Connection: close") == 1


class TestPipelining9112_9_3_2:
    async def test_answers_come_in_order(self) -> None:
        async def handler(request: Request) -> Response:
            await asyncio.sleep(float(request.target[1:]))
            return await echo_target(request)

        client = connect(make_server(handler))
        client.send(GET % b"/3" + GET % b"/0" + GET % b"/1")
        await asyncio.sleep(5)
        assert [client.sent.index(b"\r\n\r\n" + x) for x in (b"/3", b"/0", b"/1")] == sorted(
            client.sent.index(b"\r\n\r\n" + x) for x in (b"/3", b"/0", b"/1")
        )

    async def test_a_long_burst_lets_others_have_their_turn(self) -> None:
        server = make_server(echo_target)
        busy, other = connect(server), connect(server)
        busy.send(GET % b"/" * 200)
        other.send(GET % b"/")
        await other.read_until(b"\r\n\r\n/")
        assert busy.sent.count(b"HTTP/1.1 200") < 200
        await settle(200)
        assert busy.sent.count(b"HTTP/1.1 200") == 200

    async def test_too_many_waiting_requests_pause_reading_and_are_all_answered(self) -> None:
        gate = asyncio.Event()

        async def handler(request: Request) -> Response:
            await gate.wait()
            return await echo_target(request)

        client = connect(make_server(handler, limits=Limits(read_ahead=1000)))
        for _ in range(300):
            client.send(GET % b"/")
        await settle()
        assert not client.is_reading()
        gate.set()
        await settle(400)
        assert client.is_reading()
        assert client.sent.count(b"HTTP/1.1 200") == 300

    async def test_a_stalled_reader_of_many_answers_holds_the_burst(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"x" * 50_000)

        client = connect(make_server(handler))
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

        client = connect(make_server(handler))
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

        client = connect(make_server(handler))
        client.send(GET % b"/1" + GET % b"/2")
        client.send_eof()
        answers = await client.read_all()
        assert answers.endswith(b"/2")
        assert answers.count(b"HTTP/1.1 200") == 2
        await settle()
        assert client.lost

    async def test_end_of_input_on_an_idle_connection_closes_it(self) -> None:
        client = connect(make_server(echo_target))
        client.send_eof()
        await settle()
        assert client.lost
        assert not client.sent

    async def test_end_of_input_within_a_head_is_an_error(self) -> None:
        client = connect(make_server(echo_target))
        client.send(b"GET / HT")
        client.send_eof()
        assert (await client.read_all()).startswith(b"HTTP/1.1 400 ")
        await settle()
        assert client.lost

    async def test_the_last_response_lingers_until_the_client_closes(self) -> None:
        client = connect(make_server(echo_target))
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
        client = connect(make_server(echo_target))
        client.send(CLOSE)
        await asyncio.sleep(4.9)
        assert not client.is_closing()
        await asyncio.sleep(0.2)
        assert client.lost

    async def test_a_lingering_close_waits_for_a_slow_reader_who_takes_something(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"x" * 1000)

        client = connect(make_server(handler))
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
        client = connect(make_server(echo_target))
        client.stall()
        client.send(CLOSE)
        await asyncio.sleep(41)
        assert client.aborted

    async def test_without_a_linger_time_it_closes_at_once(self) -> None:
        client = connect(make_server(echo_target, deadlines=Deadlines(linger=None)))
        client.send(CLOSE)
        await settle()
        assert client.lost

    async def test_tls_closes_at_once_when_all_was_read(self) -> None:
        client = connect(make_server(echo_target), half_close=False, extra={"ssl_object": object()})
        client.send(CLOSE)
        await settle()
        assert client.lost
        assert not client.eof

    async def test_tls_reads_on_when_input_may_follow(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"no", 403)

        client = connect(make_server(handler), half_close=False, extra={"ssl_object": object()})
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

        client = connect(make_server(handler), half_close=False, extra={"ssl_object": object()})
        client.send(GET % b"/")
        client.send_eof()
        await settle()
        assert client.lost


class TestMethodsAndStatus9110:
    async def test_9_3_2_head_gets_the_head_alone(self) -> None:
        client = connect(make_server(echo_target))
        client.send(b"HEAD /12345 HTTP/1.1\r\nHost: a\r\n\r\n" + GET % b"/")
        answers = await client.read_until(b"\r\n\r\n/")
        assert b"Content-Length: 6\r\n" in answers
        assert b"/12345" not in answers

    async def test_9_3_6_connect_is_never_a_tunnel_by_accident(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        client = connect(make_server(echo_target))
        client.send(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")
        assert await client.read_until(b"\r\n\r\n")
        assert client.writes[0].startswith(b"HTTP/1.1 500 ")
        assert "only by taking over" in caplog.text

    async def test_9_3_6_connect_can_be_refused(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"", 405)

        client = connect(make_server(handler))
        client.send(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")
        assert (await client.read_until(b"\r\n\r\n")).startswith(b"HTTP/1.1 405 ")

    @pytest.mark.parametrize("status", [204, 304])
    async def test_15_no_body_with_204_and_304(self, status: int) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"body", status)

        client = connect(make_server(handler))
        client.send(GET % b"/" + GET % b"/")
        await settle()
        assert b"body" not in client.sent
        assert b"Content-Length" not in client.sent
        assert client.sent.count(b"HTTP/1.1 %d " % status) == 2
