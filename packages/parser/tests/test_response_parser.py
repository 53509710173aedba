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
