"""The servers that ``bench_server.py`` compares, each with the smallest application there is.

python server_contenders.py native 8000
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

LARGE = b"x" * 1_000_000
HEADERS = [(b"content-type", b"text/plain")]


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """GET /user/42 is 42, /large a megabyte, POST an echo."""
    if scope["type"] != "http":
        raise NotImplementedError
    if scope["method"] == "POST":
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
    else:
        body = LARGE if scope["path"] == "/large" else b"42"
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, length]})
    await send({"type": "http.response.body", "body": body})


def native_handlers() -> dict[str, Any]:
    """The same for our server, which a peer's process need not import; a megabyte in pieces."""
    from drystone_server import Response

    async def native(request: Any) -> Any:
        if request.method == "POST":
            body = await request.body()
        else:
            body = LARGE if request.raw_path == "/large" else b"42"
        return Response(body, 200, {"content-type": "text/plain"})

    async def streamed(request: Any) -> Any:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(20):
                yield LARGE[:50_000]

        return Response(pieces())

    return {"native": native, "streamed": streamed}


class Floor(asyncio.Protocol):
    """One constant reply for each read, nothing parsed."""

    reply = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n42"

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(self.reply)


async def serve_floor(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Floor, "127.0.0.1", port)
    await server.serve_forever()


async def serve_drystone(kind: str, port: int) -> None:
    from drystone_parser import RequestParser
    from drystone_server import HTTPServer, Request
    from drystone_server.asgi import ASGIHandler

    handlers = {"asgi": ASGIHandler(asgi), **native_handlers()}
    server = HTTPServer(handlers[kind], lambda: RequestParser(Request))
    await server.start("127.0.0.1", port)
    await server.serve_forever()


def main(kind: str, port: int) -> None:
    import uvloop

    uvloop.run(serve_floor(port) if kind == "floor" else serve_drystone(kind, port))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
