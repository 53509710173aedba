"""The parser's reverse proxy, run as a program, between clients and our server."""

import asyncio
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
from drystone_parser import RequestParser
from drystone_server import HTTPServer, Request, Response
from parser_examples import running, talk

PROXY = "parser_reverse_proxy.py"


async def pieces() -> AsyncIterator[bytes]:
    yield b"one,"
    await asyncio.sleep(0)
    yield b"two"


async def show(request: Request) -> Response | None:
    """Answers in many ways."""
    match request.raw_path:
        case "/hinted":
            request.connection.early_hints({"Link": "</a>"})
        case "/streamed":
            return Response(pieces(), trailers={"X-Count": "2"})
        case "/empty":
            return Response(status=204)
        case "/early":
            return Response(b"too much", 413, {"Connection": "close"})
        case "/broken":
            return Response(broken())
        case "/shout":
            upgrade = {"Connection": "upgrade", "Upgrade": "shout"}
            taken = await request.connection.take_over(headers=upgrade)
            while data := await taken.read():
                await taken.write(data.upper())
            return None
    size = 0
    while piece := await request.receive():
        size += len(piece)
    fields = [f"{name}={value}" for name, value in request.headers.items()]
    said = [request.method, request.target, str(size), *fields, *map(str, request.trailers.items())]
    return Response("\n".join(said).encode(), headers={"X-Size": str(size)})


async def broken() -> AsyncIterator[bytes]:
    yield b"a part"
    raise OSError("the disk is gone")


@pytest.fixture
async def origin() -> AsyncIterator[str]:
    async with HTTPServer(show, lambda: RequestParser(Request)) as server:
        await server.start("127.0.0.1", 0)
        yield "http://{}:{}".format(*server.addresses[0])


async def test_host_is_the_origins_and_the_client_is_named(origin: str) -> None:
    with running(PROXY, origin) as (proxy, _):
        answer = await asyncio.to_thread(
            talk,
            proxy,
            b"GET /a?b HTTP/1.1\r\nHost: public\r\nConnection: x-mine, close\r\nX-Mine: 1\r\n"
            b"X-Forwarded-For: forged\r\n\r\n",
        )
    asked = f"GET\n/a?b\n0\nHost={urlsplit(origin).netloc}\nX-Forwarded-For=127.0.0.1"
    assert answer.endswith(b"\r\n\r\n" + asked.encode())


async def test_connections_stay_open_on_both_sides(origin: str) -> None:
    chunked = b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 5d\r\n\r\n"
    requests = [
        b"POST /a HTTP/1.1\r\nHost: h\r\n" + chunked,
        b"HEAD /b HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET /empty HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET /streamed HTTP/1.1\r\nHost: h\r\n\r\n",
        b"GET /hinted HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    ]
    with running(PROXY, origin) as (proxy, _):
        answer = await asyncio.to_thread(talk, proxy, b"".join(requests))
    posted, head, empty, streamed, hint, hinted = answer.split(b"HTTP/1.1 ")[1:]
    assert b"POST\n/a\n5\n" in posted
    assert b"('X-Sum', '5d')" in posted
    assert head.startswith(b"200 ")
    assert head.endswith(b"\r\n\r\n")
    assert empty.startswith(b"204 ")
    assert empty.endswith(b"\r\n\r\n")
    assert streamed.endswith(b"4\r\none,\r\n3\r\ntwo\r\n0\r\nX-Count: 2\r\n\r\n")
    assert hint == b"103 Early Hints\r\nLink: </a>\r\n\r\n"
    assert hinted.startswith(b"200 ")
    assert b"Connection: close\r\n" in hinted


async def test_an_http_1_0_client_is_answered_to_the_end(origin: str) -> None:
    with running(PROXY, origin) as (proxy, _):
        answer = await asyncio.to_thread(talk, proxy, b"GET /streamed HTTP/1.0\r\n\r\n")
    assert b"Transfer-Encoding" not in answer
    assert answer.endswith(b"\r\n\r\none,two")


async def test_an_upgrade_becomes_a_tunnel(origin: str) -> None:
    request = (
        b"GET /shout HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: shout\r\n\r\nhello"
    )
    with running(PROXY, origin) as (proxy, _):
        answer = await asyncio.to_thread(talk, proxy, request)
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert answer.endswith(b"\r\n\r\nHELLO")


async def test_a_body_keeps_its_length_whatever_connection_says(origin: str) -> None:
    request = (
        b"POST /a HTTP/1.1\r\nHost: h\r\nConnection: close, content-length\r\n"
        b"Content-Length: 36\r\n\r\nGET /hidden HTTP/1.1\r\nHost: public\r\n\r\n"
    )
    with running(PROXY, origin) as (proxy, _):
        answer = await asyncio.to_thread(talk, proxy, request)
    assert b"POST\n/a\n36\n" in answer
    assert b"hidden" not in answer


async def test_bodies_larger_than_any_buffer_pass_as_they_come(origin: str) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(100_000)

    with running(PROXY, origin) as (proxy, _):
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(2):
                answer = await client.post(f"{proxy}/a", content=body())
                assert answer.headers["x-size"] == "10000000"
            early = await client.post(f"{proxy}/early", content=bytes(10_000_000))
            assert (early.status_code, early.text) == (413, "too much")
            assert (await client.get(f"{proxy}/streamed")).text == "one,two"


async def test_whoever_expects_100_hears_it_from_the_origin(origin: str) -> None:
    def ask(proxy: str) -> tuple[bytes, bytes]:
        host, port = urlsplit(proxy).netloc.split(":")
        with socket.create_connection((host, int(port)), timeout=10) as client:
            fields = b"Host: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close"
            client.sendall(b"POST /a HTTP/1.1\r\n" + fields + b"\r\n\r\n")
            interim = client.recv(65536)
            client.sendall(b"ok")
            return interim, b"".join(iter(lambda: client.recv(65536), b""))

    with running(PROXY, origin) as (proxy, _):
        interim, answer = await asyncio.to_thread(ask, proxy)
    assert interim == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert b"POST\n/a\n2\n" in answer


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        (b"GET /a HTTP/1.1\r\nHost : h\r\n\r\n", b"HTTP/1.1 400 "),
        (b"POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx", b"HTTP/1.1 400 "),
        (b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nshort", b"HTTP/1.1 400 "),
        (b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", b"HTTP/1.1 501 "),
    ],
)
async def test_what_is_no_request_is_refused(origin: str, sent: bytes, answered: bytes) -> None:
    with running(PROXY, origin) as (proxy, _):
        assert (await asyncio.to_thread(talk, proxy, sent)).startswith(answered)


async def test_a_broken_answer_is_broken_off(origin: str) -> None:
    with running(PROXY, origin) as (proxy, _):
        async with httpx.AsyncClient(trust_env=False) as client:
            with pytest.raises(httpx.TransportError):
                await client.get(f"{proxy}/broken")
            assert (await client.get(f"{proxy}/streamed")).text == "one,two"


def test_an_origin_that_is_not_there_is_502() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        origin = "http://{}:{}".format(*closed.getsockname())
    with running(PROXY, origin) as (proxy, _):
        answer = talk(proxy, b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")
