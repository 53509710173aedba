"""Following the revisions of a user's notes."""

import asyncio
import time
from functools import partial
from typing import Any

from drystone import App, Request, Response, event_stream
from drystone_parser import RequestParser
from drystone_server import Deadlines, HTTPServer

from notes.feed import Feed


async def test_a_follower_hears_of_its_owners_changes_only() -> None:
    feed = Feed()
    revisions = feed.follow(1)
    first = await anext(revisions)
    assert first == feed.revision(1)
    following = asyncio.ensure_future(anext(revisions))
    feed.changed(2)
    await asyncio.sleep(0)
    assert not following.done()
    feed.changed(1)
    assert await following == feed.revision(1) != first
    await revisions.aclose()


async def test_a_change_between_two_looks_is_not_missed() -> None:
    feed = Feed()
    revisions = feed.follow(1)
    first = await anext(revisions)
    feed.changed(1)
    feed.changed(1)
    assert await anext(revisions) == feed.revision(1) != first
    await revisions.aclose()


async def test_who_leaves_is_forgotten() -> None:
    feed = Feed()
    one, two = feed.follow(1), feed.follow(1)
    await anext(one)
    await anext(two)
    await one.aclose()
    assert len(feed._waiting[1]) == 1
    await two.aclose()
    assert not feed._waiting


async def test_closing_ends_every_iteration() -> None:
    feed = Feed()
    revisions = feed.follow(1)
    await anext(revisions)
    feed.close()
    assert [revision async for revision in revisions] == []


def test_a_new_feed_has_new_revisions() -> None:
    assert Feed().revision(1) != Feed().revision(1)


def following(feed: Feed) -> App[Any]:
    """An application that tells everybody of the first user's changes."""
    app: App[Any] = App()

    @app.get("/events")
    async def events(request: Request[Any]) -> Response:
        return event_stream(feed.follow(1))

    return app


async def listen(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Ask for the events, and read to the first one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert b"data: " in await reader.readuntil(b"data: ")
    return reader, writer


async def test_a_client_that_hangs_up_is_forgotten() -> None:
    feed = Feed()
    parser = partial(RequestParser, Request)
    quick = Deadlines(half_close=0.1)  # who only ended its sending is waited for that long
    server = HTTPServer(following(feed).handle, parser, deadlines=quick)
    await server.start("127.0.0.1", 0)
    for leave in ("close", "abort"):
        _, writer = await listen(server.addresses[0][1])
        assert len(feed._waiting[1]) == 1
        getattr(writer if leave == "close" else writer.transport, leave)()
        async with asyncio.timeout(10):  # long before a heartbeat would notice
            while feed._waiting:
                await asyncio.sleep(0.02)
    await server.close()


async def test_a_server_that_stops_ends_the_stream_at_once() -> None:
    feed = Feed()
    server = await following(feed).start_server("127.0.0.1", 0)
    reader, writer = await listen(server.addresses[0][1])
    began = time.monotonic()
    closing = asyncio.ensure_future(server.close())
    async with asyncio.timeout(10):
        assert (await reader.read()).endswith(b"0\r\n\r\n")
    writer.close()
    await closing
    assert time.monotonic() - began < 5
