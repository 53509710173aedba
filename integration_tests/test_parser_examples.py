"""The parser's examples, run as programs, over sockets."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from drystone_parser import Request, RequestParser
from parser_examples import running, talk

PROXY = "parser_logging_proxy.py"


def test_the_blocking_server_echoes() -> None:
    with running("parser_blocking_server.py") as (address, _):
        pipelined = b"POST /%d HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n%d"
        answers = talk(address, b"".join(pipelined % (n, n) for n in range(3)))
        assert [answer[-1:] for answer in answers.split(b"HTTP/1.1 200")[1:]] == [b"0", b"1", b"2"]


def test_the_blocking_server_refuses_and_lives_on() -> None:
    with running("parser_blocking_server.py") as (address, _):
        answer = talk(address, b"GET / HTTP/1.1\r\nHost : h\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert b"white space in a field name" in answer
        assert talk(address, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_the_proxy_passes_on_and_logs() -> None:
    origin, proxy = running("parser_blocking_server.py"), running("parser_logging_proxy.py")
    with origin as (address, _), proxy as (through, process):
        head = f"POST {address}/a?b HTTP/1.1\r\nHost: ignored\r\nTransfer-Encoding: chunked\r\n\r\n"
        answer = talk(through, head.encode() + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")
        assert answer.endswith(b"\r\n\r\nabcde")
        assert process.stdout is not None
        assert process.stdout.readline() == f"POST {address}/a?b -> 200\n"


@contextmanager
def origin_that_says(answer: bytes, heads: list[Request]) -> Iterator[str]:
    """An origin for one connection, and what it was asked."""

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            parser = RequestParser(Request)
            request = parser.read_request(lambda: connection.recv(65536))
            assert request is not None
            heads.append(request)
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield "http://{}:{}".format(*server.getsockname())
        thread.join(10)


HEAD = "GET {}/ HTTP/1.1\r\nHost: h\r\nConnection: close, x-a\r\nX-A: a\r\nX-B: b\r\n\r\n"


def test_the_proxy_passes_on_what_is_not_of_the_connection() -> None:
    heads: list[Request] = []
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    final = b"HTTP/1.1 200 OK\r\nKeep-Alive: 1\r\nX-C: c\r\n\r\nto the end"
    with origin_that_says(early + final, heads) as address, running(PROXY) as (proxy, _):
        answer = talk(proxy, HEAD.format(address).encode())
    assert heads[0].headers.items() == [("Host", address.removeprefix("http://")), ("X-B", "b")]
    assert answer == early + (
        b"HTTP/1.1 200 OK\r\nX-C: c\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"a\r\nto the end\r\n0\r\n\r\n"
    )


def test_the_proxy_says_so_when_the_origin_fails() -> None:
    with running(PROXY) as (proxy, _):
        with origin_that_says(b"", []) as address:
            assert talk(proxy, HEAD.format(address).encode()).startswith(b"HTTP/1.1 502 ")
        with origin_that_says(b"HTTP/2 200\r\n\r\n", []) as address:
            assert talk(proxy, HEAD.format(address).encode()).startswith(b"HTTP/1.1 502 ")
        # Nobody listens there any more.
        assert talk(proxy, HEAD.format(address).encode()).startswith(b"HTTP/1.1 502 ")
        tunnel = b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n"
        assert talk(proxy, tunnel).startswith(b"HTTP/1.1 501 ")


def test_the_proxy_breaks_off_an_answer_that_broke_off() -> None:
    short = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"
    with running(PROXY) as (proxy, _), origin_that_says(short, []) as address:
        assert talk(proxy, HEAD.format(address).encode()) == short
