"""One list of hostile field names and values, over everything of ours that writes a head."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from drystone_parser import (
    RequestParser,
    write_last_chunk,
    write_request_head,
    write_response_head,
)
from drystone_server import HTTPServer, Request, Response
from drystone_server.asgi import ASGIHandler
from drystone_server.testing import connect

NAMES = [
    "", " ", "a b", " a", "a ", "a:", ":a", "a\r\nb", "a\nb", "a\rb", "a\x00b", "a\tb", "a\x0bb",
    "a\x7f", "\xe9", "a\x85", "a\xa0", "a\u010a", "a\u010d", "(a)", "a,b", "a/b", "[a]", "{a}",
    "a=b", "a@b", '"a"',
]  # fmt: skip
VALUES = [
    "a\r\nSet-Cookie: b", "a\r\n\r\n<html>", "a\nb", "a\rb", "a\r", "a\n", "\r\n b", "a\r\n\tb",
    "a\x00b", "\x00", "a\x01b", "a\x0bb", "a\x0cb", "a\x1bb", "a\x7fb", "a\u010ab", "a\u010db",
    "a\u2028b", "\ud800",
]  # fmt: skip
PAIRS = [(name, "v") for name in NAMES] + [("X-Test", value) for value in VALUES]

WRITERS: dict[str, Callable[[Any], bytes]] = {
    "write_request_head": lambda fields: write_request_head("GET", "/", fields),
    "write_response_head": lambda fields: write_response_head(200, fields),
    "write_last_chunk": write_last_chunk,
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("pair", PAIRS, ids=ascii)
def test_the_writers_of_the_parser_refuse_it(writer: str, pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        WRITERS[writer]([pair])


def as_bytes(pair: tuple[str, str]) -> tuple[bytes, bytes]:
    name, value = (text.encode("utf-8", "surrogatepass") for text in pair)
    return name, value


async def in_fields(pair: tuple[str, str]) -> Any:
    return Response(b"secret", 200, [pair])


async def in_streamed_fields(pair: tuple[str, str]) -> Any:
    async def pieces() -> Any:
        yield b"secret"

    return Response(pieces(), 200, [pair])


async def in_trailers(pair: tuple[str, str]) -> Any:
    async def pieces() -> Any:
        yield b""

    return Response(pieces(), 200, trailers=[pair])


SENDERS = {"fields": in_fields, "streamed": in_streamed_fields, "trailers": in_trailers}


async def answer_of(handler: Any) -> tuple[bytes, bool]:
    client = connect(HTTPServer(handler, lambda: RequestParser(Request)))
    client.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    for _ in range(20):
        await asyncio.sleep(0)
    answer, aborted = bytes(client.sent), client.aborted
    client.disconnect()
    return answer, aborted


def check(answer: bytes, aborted: bool) -> None:
    assert b"secret" not in answer
    assert b"Set-Cookie" not in answer
    assert b"<html>" not in answer
    assert aborted or answer.startswith(b"HTTP/1.1 500 ")
    assert not answer.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("pair", PAIRS, ids=ascii)
async def test_the_server_refuses_it(sender: str, pair: tuple[str, str]) -> None:
    async def handler(request: Request) -> Any:
        return await SENDERS[sender](pair)

    check(*await answer_of(handler))


@pytest.mark.parametrize("pair", PAIRS, ids=ascii)
async def test_interim_responses_refuse_it(pair: tuple[str, str]) -> None:
    async def handler(request: Request) -> Any:
        request.connection.early_hints([pair])
        return Response(b"secret")

    check(*await answer_of(handler))


# Bytes beyond ASCII are legal in values: what came as UTF-8 goes out as it came.
LEGAL_AS_BYTES = {"a\u010ab", "a\u010db", "a\u2028b", "\ud800"}


@pytest.mark.parametrize("pair", PAIRS, ids=ascii)
async def test_hosted_applications_cannot_send_it(pair: tuple[str, str]) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [as_bytes(pair)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"secret"})

    answer, aborted = await answer_of(ASGIHandler(app, lifespan="off"))
    if pair[1] in LEGAL_AS_BYTES:
        assert answer.count(b"\r\n") == 5
    else:
        check(answer, aborted)
