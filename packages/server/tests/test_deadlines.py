"""The deadlines of a connection, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from drystone_server import (
    Deadlines,
    Limits,
    Request,
    RequestTimeout,
    Response,
)
from drystone_server.testing import (
    CLOSE,
    GET,
    MemoryTransport,
    VirtualLoop,
    connect,
    echo_body,
    echo_target,
    make_server,
    post,
    settle,
)


def virtual() -> VirtualLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


class TestConfiguration:
    @pytest.mark.parametrize("seconds", [0, -1.0, float("nan")])
    def test_a_deadline_is_a_time(self, seconds: float) -> None:
        with pytest.raises(ValueError, match=r"Deadlines\(head=.*seconds above 0, and None"):
            Deadlines(head=seconds)
        assert Deadlines(head=None).head is None
        assert Deadlines(shutdown=0).shutdown == 0

    @pytest.mark.parametrize(
        ("limits", "message"),
        [
            ({"connections": 0}, r"Limits\(connections=0\): nothing could be served"),
            ({"connections_per_client": -1}, "at least 1"),
            ({"requests": 0}, "at least 1"),
            ({"read_ahead": 0}, "at least 1"),
            ({"body_rate": -1.0}, r"Limits\(body_rate=-1.0\): at least 0"),
            ({"when_full": "wait"}, "'pause' or 'refuse'"),
        ],
    )
    def test_a_limit_lets_somebody_be_served(self, limits: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            Limits(**limits)


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
        client = connect(make_server(echo_target))
        assert 28 <= await self.closed_after(client) <= 60
        assert not client.sent, "408 only after the first byte of a request"

    async def test_head_a_byte_every_two_seconds(self) -> None:
        client = connect(make_server(echo_target))
        client.send(b"G")
        assert 28 <= await self.closed_after(client, lambda: client.send(b"x")) <= 60
        assert client.sent.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert b"Connection: close\r\n" in client.sent

    async def test_head_is_total_for_later_requests_too(self) -> None:
        client = connect(make_server(echo_target))
        client.send(GET % b"/")
        await client.read_until(b"\r\n\r\n/")
        await asyncio.sleep(70)
        client.send(b"G")
        assert 28 <= await self.closed_after(client, lambda: client.send(b"x")) <= 60

    async def test_body_a_byte_every_two_seconds(self) -> None:
        client = connect(make_server(echo_body))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        assert 18 <= await self.closed_after(client, lambda: client.send(b"x")) <= 60
        assert client.sent.startswith(b"HTTP/1.1 408 ")

    async def test_body_that_stops(self) -> None:
        client = connect(make_server(echo_body, limits=Limits(body_rate=0)))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        assert 28 <= await self.closed_after(client) <= 34

    async def test_body_in_all(self) -> None:
        client = connect(make_server(echo_body, deadlines=Deadlines(body_whole=100)))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
        took = await self.closed_after(client, lambda: client.send(b"x" * 1000))
        assert 98 <= took <= 104

    async def test_body_at_a_fair_rate_is_not_disturbed(self) -> None:
        client = connect(make_server(echo_body))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 600000\r\n\r\n")
        for _ in range(1000):
            await asyncio.sleep(2)
            client.send(b"x" * 600)
        assert await client.read_until(b"200 OK")

    async def test_no_clock_for_bodies_when_switched_off(self) -> None:
        off = Deadlines(body_read=None, body_grace=None, body_whole=None)
        client = connect(make_server(echo_body, deadlines=off))
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n")
        await asyncio.sleep(100_000)
        client.send(b"hi")
        assert await client.read_until(b"\r\n\r\nhi")

    async def test_a_handler_may_catch_the_timeout_but_the_connection_closes(self) -> None:
        async def handler(request: Request) -> Response:
            with pytest.raises(RequestTimeout):
                await request.body()
            return Response(b"late")

        client = connect(make_server(handler))
        client.send(post(b"hello")[:-1])
        answer = await client.read_all()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"Connection: close" in answer

    async def test_draining_ends_in_time(self) -> None:
        client = connect(make_server(echo_target))
        client.send(post(b"hello")[:-1])
        await client.read_until(b"\r\n\r\n/")
        assert 18 <= await self.closed_after(client) <= 30
        assert not client.sent

    async def test_keep_alive_idle_closes_silently(self) -> None:
        client = connect(make_server(echo_target))
        client.send(GET % b"/")
        await client.read_until(b"\r\n\r\n/")
        assert 73 <= await self.closed_after(client) <= 77
        assert not client.sent

    async def test_a_head_begun_behind_another_request_gets_408_at_the_end(self) -> None:
        client = connect(make_server(echo_target))
        client.send(GET % b"/" + b"GET /ha")
        await client.read_until(b"\r\n\r\n/")
        assert await self.closed_after(client) <= 77
        assert client.sent.startswith(b"HTTP/1.1 408 ")

    async def test_handler_is_off_by_default(self) -> None:
        async def handler(request: Request) -> Response:
            await asyncio.sleep(100_000)
            return Response(b"at last")

        client = connect(make_server(handler))
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

        client = connect(make_server(handler, deadlines=Deadlines(handler=5)))
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

        client = connect(make_server(handler, deadlines=Deadlines(handler=5)))
        client.send(GET % b"/" + GET % b"/")
        await asyncio.sleep(11)
        assert client.sent.count(b"\r\n\r\npartial") == 2

    async def test_a_reader_that_stops_reading_is_reset(self) -> None:
        async def handler(request: Request) -> Response:
            async def pieces() -> AsyncIterator[bytes]:
                for _ in range(1000):
                    yield b"x" * 10_000

            return Response(pieces())

        client = connect(make_server(handler))
        client.stall()
        client.send(GET % b"/")
        assert await self.closed_after(client) <= 60
        assert client.aborted
        assert client.get_write_buffer_size() == 0

    async def test_a_slow_reader_is_not(self) -> None:
        async def handler(request: Request) -> Response:
            return Response(b"x" * 200_000)

        client = connect(make_server(handler))
        client.stall()
        client.send(GET % b"/")
        for _ in range(40):
            await asyncio.sleep(15)
            client.take(1000)
        assert not client.aborted

    async def test_a_response_waiting_in_an_idle_connection_is_watched_too(self) -> None:
        client = connect(make_server(echo_target))
        client.stall()
        client.send(GET % b"/")
        assert await self.closed_after(client) <= 60
        assert client.aborted

    async def test_timers_never_outlive_their_connection(self) -> None:
        server = make_server(echo_body)
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
        client = connect(make_server(echo_target))
        for _ in range(1000):
            client.send(GET % b"/")
            await settle(3)
        assert len(armed) <= 3
