"""Requests, handlers and a server for tests, each as small as can be."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

from ._request import Request
from ._response import Response
from ._server import HTTPServer
from ._small_parser import SmallParser

GET: Final = b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n"
"""A request; ``GET % b"/"`` fills in its target."""

CLOSE: Final = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
"""A request that is the last of its connection."""


def post(body: bytes, *fields: bytes) -> bytes:
    """A POST with this body and further field lines."""
    lines = b"".join(field + b"\r\n" for field in fields)
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n%b\r\n" % (len(body), lines)
    return head + body


async def echo_target(request: Request) -> Response:
    """Answer with the target."""
    return Response(request.target.encode())


async def echo_body(request: Request) -> Response:
    """Answer with the body."""
    return Response(await request.body())


def make_server(handler: Any = None, **options: Any) -> HTTPServer[Request]:
    """A server of plain requests with the `SmallParser`.

    Args:
        handler: None is `echo_target`.
        **options: those of `HTTPServer`.
    """
    return HTTPServer(handler or echo_target, lambda: SmallParser(Request), **options)


async def settle(turns: int = 10) -> None:
    """Let the event loop turn a few times."""
    for _ in range(turns):
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def listening(
    server: HTTPServer[Any], seconds: float = 20, **options: Any
) -> AsyncIterator[tuple[str, int]]:
    """Start a server on a free port of this machine, give its address, close it in the end.

    Args:
        server: not started, or started elsewhere.
        seconds: the most that all of it may take.
        **options: those of `HTTPServer.start`.
    """
    await server.start("127.0.0.1", 0, **options)
    async with asyncio.timeout(seconds), server:
        yield server.addresses[0]


async def ask(address: tuple[str, int], data: bytes) -> bytes:
    """Send bytes to a server over a socket, and give all that comes until it closes."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write(data)
        return await reader.read()
    finally:
        writer.close()


def asgi_start(
    status: int = 200, headers: Iterable[Iterable[bytes]] = (), **extra: Any
) -> dict[str, Any]:
    """The message that begins a response."""
    return {"type": "http.response.start", "status": status, "headers": list(headers), **extra}


def asgi_body(data: bytes = b"", more: bool = False) -> dict[str, Any]:
    """A message with a piece of the body of a response."""
    return {"type": "http.response.body", "body": data, "more_body": more}
