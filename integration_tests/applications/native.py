"""A native handler for programs of the system to talk to.

Run as a script with the name of an event loop, it serves that handler and prints its port.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

from drystone_server import FileBody, Request, Response

Answer: TypeAlias = Callable[[Request], Awaitable[Response]]

LARGE = bytes(range(251)) * 40_000
"""Ten megabytes in which each block shows its order."""


async def handle(request: Request) -> Response:
    """Answer by path; see the functions below."""
    return await ANSWERS.get(request.raw_path, missing)(request)


async def missing(request: Request) -> Response:
    return Response(b"nothing here\n", 404)


async def hello(request: Request) -> Response:
    return Response(b"hello\n", headers={"Content-Type": "text/plain", "X-Method": request.method})


async def large(request: Request) -> Response:
    return Response(LARGE)


async def streamed(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"one,", b"two,", b"three\n"):
            yield piece
            await asyncio.sleep(0)

    return Response(pieces(), trailers=[("X-Sum", "3")])


async def endless(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        number = 0
        while True:
            number += 1
            yield b"data: %d\n\n" % number
            await asyncio.sleep(0.02)

    return Response(pieces(), headers={"Content-Type": "text/event-stream"})


async def broken(request: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"so far so good"
        await asyncio.sleep(0.05)  # on its way before the rest fails
        raise RuntimeError("the stream broke")

    return Response(pieces())


async def flood(request: Request) -> Response:
    """More than any client takes, by an iterator that never waits for anything itself."""

    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield LARGE[:65536]

    return Response(pieces())


async def echo(request: Request) -> Response:
    """Read the whole body, piece by piece, and tell what came."""
    digest, size = hashlib.sha256(), 0
    while piece := await request.receive():
        digest.update(piece)
        size += len(piece)
    told: dict[str, Any] = {
        "method": request.method,
        "version": request.http_version,
        "length": request.content_length,
        "size": size,
        "sha256": digest.hexdigest(),
        "query": request.query_string,
        "headers": {name.lower(): value for name, value in request.headers.items()},
    }
    return Response(json.dumps(told).encode(), headers={"Content-Type": "application/json"})


async def slowly(request: Request) -> Response:
    """Read a body slower than it comes."""
    size = 0
    while piece := await request.receive():
        size += len(piece)
        await asyncio.sleep(0.001)
    return Response(b"%d" % size)


async def brook(request: Request) -> Response:
    """As `flood`, but others get their turn between the pieces."""

    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield LARGE[:65536]
            await asyncio.sleep(0)

    return Response(pieces())


async def unread(request: Request) -> Response:
    """Answer without asking for the body."""
    return Response(b"no thanks\n")


async def who(request: Request) -> Response:
    """The port of the client, which tells its connections apart."""
    return Response(b"%d" % request.connection.client[1])


async def hinted(request: Request) -> Response:
    request.connection.early_hints([("Link", "</style.css>; rel=preload; as=style")])
    return Response(b"hinted\n")


async def from_file(request: Request) -> Response:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the server closes it
    file.write(LARGE)
    file.flush()
    return Response(FileBody(file))


async def failing(request: Request) -> Response:
    raise RuntimeError("the handler broke")


ANSWERS: dict[str, Answer] = {
    "/hello": hello,
    "/large": large,
    "/stream": streamed,
    "/endless": endless,
    "/broken": broken,
    "/flood": flood,
    "/brook": brook,
    "/echo": echo,
    "/slowly": slowly,
    "/unread": unread,
    "/who": who,
    "/hinted": hinted,
    "/file": from_file,
    "/failing": failing,
}


async def main() -> None:
    from serving import make_server

    server = make_server(handle)
    await server.start("127.0.0.1", 0)
    print(server.addresses[0][1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    from serving import LOOPS

    with asyncio.Runner(loop_factory=LOOPS[sys.argv[1]]) as runner:
        runner.run(main())
