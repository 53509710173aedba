# mypy: disable-error-code="no-untyped-def, no-untyped-call"
"""The parser allows what the application allows."""

import asyncio
from functools import partial
from typing import Annotated, Any

import pytest
from drystone import App, Depends, Form, FormData, FormLimits, Group, UploadFile
from drystone_parser import Limits, RequestParser

MIB = 2**20


def small_app(**options: Any) -> App[None]:
    return App(form_limits=FormLimits(total_size=MIB), **options)


def largest(app: App[Any]) -> int:
    app.build()
    return app.largest_body


async def handler(request):
    return len(await request.body())


async def of_a_form(form: Annotated[FormData, Form(limits=FormLimits(total_size=700 * MIB))]):
    return "form"


async def of_a_file(picture: Annotated[UploadFile, Form(limits=FormLimits(total_size=800 * MIB))]):
    return "file"


async def with_provider(part: Annotated[str, Depends(of_a_form)]):
    return part


def test_the_largest_limit_counts() -> None:
    assert largest(App()) == 256 * MIB
    assert largest(small_app()) == 16 * MIB
    app = small_app()
    app.include(group := Group("/group", max_body=300 * MIB))
    assert largest(app) == 16 * MIB  # nothing is in the group
    group.add_route("/x", handler)
    assert largest(app) == 300 * MIB
    app.add_route("/y", handler, max_body=400 * MIB)
    assert largest(app) == 400 * MIB
    outer = small_app(max_body=20 * MIB)
    outer.add_route("/", handler)
    assert largest(outer) == 20 * MIB
    outer.mount("/inner", app)
    outer.mount("/asgi", lambda scope, receive, send: None)
    assert largest(outer) == 400 * MIB


@pytest.mark.parametrize(
    ("function", "size"), [(of_a_form, 700), (of_a_file, 800), (with_provider, 700)]
)
def test_limits_in_signatures_count(function: Any, size: int) -> None:
    app = small_app()
    app.add_route("/", function, ["POST"])
    assert largest(app) == size * MIB


async def put(port: int, path: str, size: int) -> bytes:
    """Send a body over a socket; what is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"PUT {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n"
    writer.write(head.encode())
    try:
        async with asyncio.timeout(20):
            answer = asyncio.ensure_future(reader.read())
            for _ in range(size // MIB):
                if answer.done():
                    break
                writer.write(bytes(MIB))
                await writer.drain()
            return await answer
    finally:
        writer.close()


async def test_twenty_megabytes_over_a_socket() -> None:
    app: App[None] = App(max_body=32 * MIB)
    app.add_route("/", handler, ["PUT"])
    app.add_route("/small", handler, ["PUT"], max_body=MIB)
    async with await app.start_server(port=0) as server:
        port = server.addresses[0][1]
        assert (await put(port, "/", 20 * MIB)).endswith(b"\r\n\r\n%d" % (20 * MIB))
        refusal = await put(port, "/small", 2 * MIB)
        assert refusal.startswith(b"HTTP/1.1 413 ")
        assert b'"detail":"The body is longer than 1048576 bytes"' in refusal


async def test_a_parser_of_your_own_keeps_its_limits() -> None:
    app: App[None] = App(parser=partial(RequestParser, limits=Limits(body=10)))
    app.add_route("/", handler, ["PUT"])
    async with await app.start_server(port=0) as server:
        answer = await put(server.addresses[0][1], "/", MIB)
        assert answer.startswith(b"HTTP/1.1 413 ")
