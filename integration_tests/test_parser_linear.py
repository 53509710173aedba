"""A byte of hostile input costs the same in a large message as in a small one."""

import time
from collections.abc import Callable, Iterator

import pytest
from drystone_parser import ParseError, Request, RequestParser

CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


def singly(data: bytes) -> list[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


INPUTS: dict[str, Callable[[int], list[bytes]]] = {
    "a long field": lambda n: singly(b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"b" * n),
    "many fields": lambda n: singly(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * (n // 6)),
    "a long target": lambda n: singly(b"GET /" + b"a" * n),
    "tiny chunks": lambda n: singly(CHUNKED + b"1\r\na\r\n" * (n // 6)),
    "tiny chunks at once": lambda n: [CHUNKED + b"1\r\na\r\n" * n],
    "a body of line ends": lambda n: singly(
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n" + b"\n" * n
    ),
    "requests at once": lambda n: [b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * (n // 4)],
    "strange requests at once": lambda n: [b"X / HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n" * (n // 30)],
}


def cost(pieces: list[bytes]) -> float:
    """CPU seconds for each byte, least of three."""
    least = float("inf")
    for _ in range(3):
        parser = RequestParser(Request)
        start = time.process_time()
        try:
            for piece in pieces:
                parser.feed(piece)
                for _ in drain(parser):
                    pass
        except ParseError:
            pass  # a refusal ends it early; that is the cheapest of all
        least = min(least, time.process_time() - start)
    return least / sum(map(len, pieces))


def drain(parser: RequestParser[Request]) -> Iterator[None]:
    while True:
        while piece := parser.next_body():
            yield
        if piece is None or parser.next_request() is None:
            return
        yield


@pytest.mark.parametrize("name", INPUTS)
def test_cost_is_linear(name: str) -> None:
    # Sixteen times the size: a quadratic cost would show as sixteen times the cost of a byte.
    assert cost(INPUTS[name](48_000)) < 6 * cost(INPUTS[name](3_000))
