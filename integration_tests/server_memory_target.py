"""A server to measure: an upload to a slow handler, a response to a reader that stalls.

    python server_memory_target.py asyncio|uvloop

Prints its port.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator

import uvloop
from drystone_parser import Limits, RequestParser
from drystone_server import FileBody, HTTPServer, Request, Response

SIZE = 200_000_000
PIECE = b"x" * 65536


async def handle(request: Request) -> Response:
    if request.method == "POST":
        size = 0
        while piece := await request.receive():
            size += len(piece)
            await asyncio.sleep(0.002)
        return Response(str(size).encode())
    if request.raw_path == "/file":
        return Response(FileBody(FILE.name))

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(SIZE // len(PIECE)):
            yield PIECE

    return Response(pieces() if request.raw_path == "/pieces" else b"small")


async def main() -> None:
    limits = Limits(body=SIZE)
    server = HTTPServer(handle, lambda: RequestParser(Request, limits))
    await server.start("127.0.0.1", 0)
    print(server.addresses[0][1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    FILE = tempfile.NamedTemporaryFile()  # noqa: SIM115
    FILE.truncate(SIZE)
    factory = uvloop.new_event_loop if sys.argv[1] == "uvloop" else asyncio.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(main())
