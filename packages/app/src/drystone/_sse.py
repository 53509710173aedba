"""Server-sent events: a response that goes on (WHATWG HTML, 9.2).

A client that comes back says which event it saw last::

    @app.get("/ticks")
    async def ticks(request):
        async def events():
            for count in itertools.count(int(request.headers.get("last-event-id") or 0)):
                yield Event({"count": count}, id=str(count))
                await asyncio.sleep(1)

        return event_stream(events())
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from ._response import Response, check_iterable, encode_json

_LINE_END = re.compile(r"\r\n|\r|\n")
_HEARTBEAT = b":\n\n"  # a comment: clients skip it, proxies see that the connection lives


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes:
        data: a str as it is, anything else as JSON; None sends no data, for ``retry`` alone.
        event: its type; clients take ``message`` where it is empty.
        id: what a client that comes back sends as ``Last-Event-ID``.
        retry: milliseconds that a client should wait before it comes back.
    """

    data: Any = None
    event: str = ""
    id: str | int | None = None
    retry: int | None = None

    def encode(self) -> bytes:
        """The event as it is sent.

        Raises:
            ValueError: the type or the id would break the stream.
        """
        lines = []
        if self.event:
            lines.append(f"event: {_one_line(self.event)}")
        if self.id is not None:
            lines.append(f"id: {_one_line(str(self.id))}")
        if self.retry is not None:
            lines.append(f"retry: {int(self.retry)}")
        if self.data is not None:
            text = self.data if isinstance(self.data, str) else encode_json(self.data).decode()
            lines += [f"data: {line}" for line in _LINE_END.split(text)]
        return ("\n".join(lines) + "\n\n").encode()


def _one_line(text: str) -> str:
    if "\n" in text or "\r" in text or "\0" in text:
        raise ValueError(f"{text!r} must be one line without NUL to be an event's type or id")
    return text


def event_stream(events: AsyncIterable[Any], *, heartbeat: float | None = 15.0) -> Response:
    """Answer with events as they come; the client has status and headers before there are any.

    So refuse in the handler, before this is returned: an error of the iterator is answered only
    until it first waits, and breaks the connection off from then on.

    When the client leaves or the server closes, the iterator is cancelled where it waits, so that
    its ``finally`` runs. A client that a closing server leaves comes back, with ``Last-Event-ID``.

    Args:
        events: `Event` objects, or their data.
        heartbeat: seconds of silence after which a comment is sent, so that neither proxies nor
            the server take the connection for dead; None sends none.

    Raises:
        TypeError: the events are no async iterable.
        ValueError: a heartbeat of no time.
    """
    if heartbeat is not None and heartbeat <= 0:
        raise ValueError(f"heartbeat={heartbeat!r}: write seconds above 0, or None for none")
    return Response(
        EventBody(check_iterable(events, "event_stream"), heartbeat),
        headers=[
            ("content-type", "text/event-stream"),
            ("cache-control", "no-store"),
            ("x-accel-buffering", "no"),  # nginx would hold events back
        ],
    )


class EventBody:
    """The pieces of an event stream, which ends when nobody should wait for it any more.

    Args:
        events: `Event` objects, or their data.
        heartbeat: seconds of silence after which a comment is sent; None sends none.

    Attributes:
        wait_end: ends the stream when it returns; None where nothing tells.
    """

    def __init__(self, events: AsyncIterable[Any], heartbeat: float | None) -> None:
        self.wait_end: Callable[[], Awaitable[object]] | None = None
        self._events = events
        self._heartbeat = heartbeat
        self._begun = False
        self._pieces = self._encode()

    def __aiter__(self) -> EventBody:
        return self

    async def __anext__(self) -> bytes:
        return await anext(self._pieces)

    async def aclose(self) -> None:
        """End the stream where it stands; one that was never begun, for HEAD, is closed, too."""
        await self._pieces.aclose()
        if not self._begun:
            await _close(self._events)

    async def _encode(self) -> AsyncGenerator[bytes, None]:
        self._begun = True
        # The iterator runs in one task of its own: a wait that a heartbeat interrupts is not
        # cancelled, and its context variables and timeouts are those of one task throughout.
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=1)
        tasks = [producer := asyncio.ensure_future(_produce(self._events, queue))]
        if self.wait_end is not None:
            tasks.append(asyncio.ensure_future(_end(self.wait_end, producer, queue)))
        try:
            await asyncio.sleep(0)  # the iterator runs until it first waits, or fails: that is 500
            if queue.empty():
                yield b""  # the head alone: a client is connected before there is an event
            while True:
                try:
                    async with asyncio.timeout(self._heartbeat):
                        encoded = await queue.get()
                except TimeoutError:
                    yield _HEARTBEAT
                    continue
                if encoded is None:
                    break
                yield encoded
            if not producer.cancelled():
                await producer  # raises what the iterator raised
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


async def _end(
    wait_end: Callable[[], Awaitable[object]],
    producer: asyncio.Task[None],
    queue: asyncio.Queue[bytes | None],
) -> None:
    """Break the iterator off when the time has come; what waits to be sent still is."""
    await wait_end()
    producer.cancel()
    await asyncio.wait([producer])
    await queue.put(None)


async def _produce(events: AsyncIterable[Any], queue: asyncio.Queue[bytes | None]) -> None:
    try:
        async for event in events:
            await queue.put((event if isinstance(event, Event) else Event(event)).encode())
    except Exception:
        await queue.put(None)
        raise
    finally:
        await _close(events)
    await queue.put(None)


async def _close(events: AsyncIterable[Any]) -> None:
    close = getattr(events, "aclose", None)
    if close is not None:
        await close()
