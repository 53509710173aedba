"""What an application does to a request, the next does not see, whatever the parser remembers."""

import asyncio
from typing import Any

from drystone_parser import RequestParser
from drystone_server import HTTPServer, Request
from drystone_server.asgi import ASGIHandler

REQUEST = b"GET / HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n"


async def converse(server: HTTPServer[Request], sent: bytes) -> bytes:
    await server.start("127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.addresses[0])
        writer.write(sent)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
    return answer


async def test_scope_changed_by_an_asgi_application() -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((len(scope["headers"]), len(scope["extensions"])))
        scope["headers"].append((b"x-user", b"admin"))
        scope["extensions"]["mine"] = {}
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    server = HTTPServer(ASGIHandler(app, lifespan="off"), lambda: RequestParser(Request))

    answer = await converse(server, REQUEST * 3)

    assert answer.count(b"HTTP/1.1 204") == 3
    assert seen == [seen[0]] * 3
