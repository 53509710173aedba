"""What is done when a response was sent."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from drystone import Request, Response, event_stream
from drystone._after import AfterWork, FollowedBody, clean_up, end_with_connection


async def pieces(order: list[str]) -> AsyncIterator[bytes]:
    try:
        yield b"a"
        yield b"b"
    finally:
        order.append("cleaned up")


async def test_a_stream_that_ends() -> None:
    order: list[str] = []
    body = FollowedBody(pieces(order), lambda: order.append("then"))
    assert [piece async for piece in body] == [b"a", b"b"]
    await body.aclose()
    assert order == ["cleaned up", "then"]


async def test_a_stream_that_is_broken_off() -> None:
    order: list[str] = []
    body = FollowedBody(pieces(order), lambda: order.append("then"))
    assert await anext(body) == b"a"
    await body.aclose()
    assert order == ["cleaned up", "then"]


async def test_a_stream_that_was_never_begun() -> None:
    order: list[str] = []
    await FollowedBody(pieces(order), lambda: order.append("then")).aclose()
    assert order == ["then"]


async def test_a_stream_that_fails_or_cannot_be_closed() -> None:
    class Failing:
        def __aiter__(self) -> Any:
            return self

        async def __anext__(self) -> bytes:
            raise ValueError("no more")

    order: list[str] = []
    body = FollowedBody(Failing(), lambda: order.append("then"))
    with pytest.raises(ValueError, match="no more"):
        await anext(body)
    await body.aclose()
    assert order == ["then"]


async def test_work_is_awaited_before_the_end() -> None:
    after = AfterWork()
    order: list[str] = []

    async def slow() -> None:
        await asyncio.sleep(0.001)
        order.append("done")

    after.start([slow])
    assert order == []
    await after.drain()
    assert order == ["done"]


def test_who_can_be_told_that_the_client_left_or_the_server_closes() -> None:
    class Connection:
        client = None
        scheme = "http"
        asked = 0
        disconnected = False

        def cancel_on_disconnect(self) -> None:
            self.asked += 1

        async def wait_closing(self) -> None: ...

    class Plain:
        client = None
        scheme = "http"

    async def none() -> AsyncIterator[Any]:
        yield 1

    request: Request[None] = Request()
    connection = request.connection = Connection()
    response = event_stream(none())
    end_with_connection(response, request.connection)
    assert connection.asked == 1
    assert getattr(response.body, "wait_end", None) == connection.wait_closing
    connection.disconnected = True
    end_with_connection(event_stream(none()), request.connection)
    assert connection.asked == 1
    request.connection = Plain()
    end_with_connection(response := event_stream(none()), request.connection)
    assert getattr(response.body, "wait_end", 0) is None


class Asked:
    """A request whose connection leaves the sending to others."""

    def __init__(self, *cleanups: Any) -> None:
        self.connection: Any = None
        self.after: Any = None
        self.cleanups: Any = list(cleanups)

    async def respond(self, response: Response) -> None:
        raise AssertionError("it cannot")


async def test_no_clean_up_is_left_out_by_a_cancellation() -> None:
    order: list[str] = []
    begun = asyncio.Event()

    async def first() -> None:
        order.append("first")

    async def waiting() -> None:
        begun.set()
        await asyncio.Event().wait()

    async def failing() -> None:
        order.append("failing")
        raise LookupError

    task = asyncio.ensure_future(clean_up(Asked(first, waiting, failing)))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert order == ["failing", "first"]


async def test_a_connection_that_sends_by_itself_has_the_work_follow() -> None:
    after, order = AfterWork(), []

    async def work() -> None:
        order.append("work")

    response = Response(b"x")
    assert await after.see_to(Asked(work), response) is response
    await after.drain()
    assert order == ["work"]
