# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""Server-sent events."""

import asyncio
import time
from contextvars import ContextVar
from typing import Any

import pytest
from drystone import App, Event, event_stream
from drystone._sse import EventBody
from drystone.testing import Client
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("event", "encoded"),
    [
        (Event("hello"), b"data: hello\n\n"),
        (Event("a\nb\r\nc\rd"), b"data: a\ndata: b\ndata: c\ndata: d\n\n"),
        (Event({"a": 1}, "kind", "7", 100), b'event: kind\nid: 7\nretry: 100\ndata: {"a":1}\n\n'),
        (Event(id=""), b"id: \n\n"),
        (Event(id=7), b"id: 7\n\n"),
        (Event(""), b"data: \n\n"),
        (Event(retry=5), b"retry: 5\n\n"),
    ],
)
def test_encoding(event: Event, encoded: bytes) -> None:
    assert event.encode() == encoded


@settings(max_examples=100)
@given(st.text(max_size=30))
def test_data_comes_through_as_it_was_but_for_line_ends(data: str) -> None:
    lines = Event(data).encode().decode().removesuffix("\n\n").split("\n")
    assert all(line.startswith("data: ") for line in lines)
    received = "\n".join(line.removeprefix("data: ") for line in lines)
    assert received == data.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("event", [Event(1, event="a\nb"), Event(1, id="a\rb"), Event(1, id="\0")])
def test_what_would_break_the_stream(event: Event) -> None:
    with pytest.raises(ValueError, match="one line"):
        event.encode()


@pytest.mark.parametrize("heartbeat", [0, -1.0])
async def test_a_heartbeat_without_rest(heartbeat: float) -> None:
    async def events():
        yield 1

    with pytest.raises(ValueError, match="above 0"):
        event_stream(events(), heartbeat=heartbeat)


async def test_events_over_the_wire() -> None:
    app: App[None] = App()
    variable: ContextVar[int] = ContextVar("variable")

    @app.get("/")
    async def events(request):
        async def count():
            start = int(request.headers.get("last-event-id") or 0)
            variable.set(start)
            for number in range(start + 1, start + 3):
                await asyncio.sleep(0)
                yield Event(number + variable.get() - start, id=str(number))
            yield "plain"

        return event_stream(count())

    async with Client(app) as client:
        answer = await client.get("/", headers={"last-event-id": "4"})
        assert answer.headers.get("content-type") == "text/event-stream"
        assert answer.headers.get("cache-control") == "no-store"
        assert answer.text == "id: 5\ndata: 5\n\nid: 6\ndata: 6\n\ndata: plain\n\n"


async def test_a_client_is_connected_before_there_is_an_event() -> None:
    app: App[None] = App()
    happened = asyncio.Event()

    @app.get("/")
    async def events(request):
        async def late():
            await happened.wait()
            yield "late"

        return event_stream(late(), heartbeat=None)

    async with Client(app) as client, asyncio.timeout(5), client.stream("GET", "/") as answer:
        assert answer.status_code == 200
        happened.set()
        assert await anext(answer.aiter_lines()) == "data: late"


async def test_heartbeats_do_not_disturb_a_wait() -> None:
    app: App[None] = App()
    ready = asyncio.Event()

    @app.get("/")
    async def events(request):
        async def slow():
            await ready.wait()
            yield "done"

        return event_stream(slow(), heartbeat=0.01)

    async with Client(app) as client, client.stream("GET", "/") as answer:
        lines = answer.aiter_lines()
        assert await anext(lines) == ":"
        assert await anext(lines) == ""
        assert await anext(lines) == ":"
        ready.set()
        rest = [line async for line in lines]
        assert rest[-2:] == ["data: done", ""]


@pytest.mark.parametrize("heartbeat", [None, 0.01, 60])
async def test_a_client_that_leaves_ends_the_iterator(heartbeat: float | None) -> None:
    app: App[None] = App()
    ended = asyncio.Event()

    @app.get("/")
    async def events(request):
        async def endless():
            try:
                yield "first"
                await asyncio.Event().wait()
            finally:
                ended.set()

        return event_stream(endless(), heartbeat=heartbeat)

    async with Client(app) as client:
        async with client.stream("GET", "/") as answer:
            assert await anext(answer.aiter_lines()) == "data: first"
        await asyncio.wait_for(ended.wait(), 5)


async def test_an_iterator_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    app: App[None] = App()

    class Plain:
        """An async iterator that cannot be closed."""

        left = 1

        def __aiter__(self) -> Any:
            return self

        async def __anext__(self) -> Any:
            self.left -= 1
            if self.left < 0:
                raise StopAsyncIteration
            if request_fails:
                raise ValueError("no more")
            return "one"

    @app.get("/")
    async def events(request):
        return event_stream(Plain(), heartbeat=None)

    request_fails = False
    async with Client(app) as client:
        assert (await client.get("/")).text == "data: one\n\n"
    request_fails = True

    async with Client(app) as client:
        assert (await client.get("/")).status_code == 500
    assert "no more" in str([record.exc_info for record in caplog.records])


async def listen(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Ask for events, and read to the first one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.readuntil(b"data: ")
    return reader, writer


def endless_app(ended: list[str]) -> App[None]:
    app: App[None] = App()

    @app.get("/")
    async def events(request):
        async def endless():
            try:
                yield "first"
                await asyncio.Event().wait()
            finally:
                ended.append("cleaned up")

        return event_stream(endless())

    return app


async def test_a_server_that_closes_ends_the_stream_at_once() -> None:
    ended: list[str] = []
    server = await endless_app(ended).start_server(port=0)
    reader, writer = await listen(server.addresses[0][1])
    begun = time.monotonic()
    closing = asyncio.ensure_future(server.close())
    async with asyncio.timeout(10):
        assert (await reader.read()).endswith(b"0\r\n\r\n")
        assert ended == ["cleaned up"]
        writer.close()
        await closing
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("leave", ["close", "abort"])
async def test_a_socket_that_is_closed_ends_the_iterator(leave: str) -> None:
    ended: list[str] = []
    async with await endless_app(ended).start_server(port=0) as server:
        _, writer = await listen(server.addresses[0][1])
        getattr(writer if leave == "close" else writer.transport, leave)()
        async with asyncio.timeout(10):  # long before a heartbeat would notice
            while not ended:
                await asyncio.sleep(0.01)


async def test_a_body_by_itself_and_one_that_is_ended() -> None:
    given = asyncio.Event()

    async def events():
        yield 1
        given.set()
        yield 2
        await asyncio.sleep(0)
        yield 3

    whole = [b"data: 1\n\n", b"data: 2\n\n", b"data: 3\n\n"]
    assert [piece async for piece in EventBody(events(), None)] == whole
    given.clear()
    body = EventBody(events(), None)
    body.wait_end = given.wait
    pieces = [piece async for piece in body]
    assert pieces == whole[: len(pieces)] != whole


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("followed", [False, True])
async def test_what_was_opened_before_is_closed_once(method: str, followed: bool) -> None:
    """As a subscription is, which a handler begins; a HEAD asks for no event of it."""
    app: App[None] = App()
    closed = []

    class Subscription:
        def __init__(self) -> None:
            self.left = ["one"]

        def __aiter__(self) -> Any:
            return self

        async def __anext__(self) -> str:
            if not self.left:
                raise StopAsyncIteration
            return self.left.pop()

        async def aclose(self) -> None:
            closed.append(method)

    @app.get("/")
    async def events(request):
        if followed:
            request.run_after(closed.append, "after")
        return event_stream(Subscription())

    async with Client(app) as client:
        await client.request(method, "/")
    assert closed == [method, "after"][: 1 + followed]
