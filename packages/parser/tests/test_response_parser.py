"""Responses: what the client's side promises beyond the cases."""

import pytest
from drystone_parser import Response, ResponseParser

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"


def test_the_next_response_waits_for_the_body_to_be_read() -> None:
    parser = ResponseParser(Response)
    parser.feed(OK)
    assert parser.next_response()
    with pytest.raises(RuntimeError, match=r"next_response\(\) before the body"):
        parser.next_response()


def test_a_tunnel_is_released() -> None:
    parser = ResponseParser(Response)
    parser.feed(b"HTTP/1.1 200 OK\r\n\r\n\x16\x03")
    response = parser.next_response("CONNECT")
    assert response is not None
    assert not response.keep_alive
    assert parser.next_response() is None
    assert parser.release() == b"\x16\x03"


def test_nothing_arrived() -> None:
    parser = ResponseParser(Response)
    assert parser.next_response() is None
    parser.feed_eof()
    assert parser.next_response() is None


def test_reading_from_a_source_that_blocks() -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
    pieces = [
        interim[:9],
        interim[9:] + OK[:-1],
        OK[-1:],
        head,
        b"HTTP/1.1 200 OK\r\n\r\nx",
        b"y",
        b"",
    ]
    parser = ResponseParser(Response)
    read = []
    for method in ("GET", "GET", "HEAD", "GET", "GET"):
        response = parser.read_response(lambda: pieces.pop(0), method)
        body = b"".join(parser.read_body(lambda: pieces.pop(0)))
        read.append((response and response.status, body))
    assert read == [(103, b""), (200, b"ab"), (200, b""), (200, b"xy"), (None, b"")]
