"""One request from a buffer, in one call or many."""

import pytest
from drystone_parser import IncompleteMessage, LimitExceeded, Limits, Request, parse_into

POST = b"POST /a%20b?c HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n2\r\nde\r\n0\r\nA: b\r\n\r\n"
)


def test_a_request_leaves_what_follows() -> None:
    buffer = bytearray(POST + b"GET /next")
    request = Request()
    parse_into(request, buffer)
    assert request.finished
    assert (request.method, request.path, request.query_string) == ("POST", "/a b", "c")
    assert request.body == b"hello"
    assert buffer == b"GET /next"


def test_any_number_of_calls() -> None:
    request = Request()
    buffer = bytearray()
    for number, byte in enumerate(CHUNKED, 1):
        buffer.append(byte)
        parse_into(request, buffer)
        assert request.finished == (number == len(CHUNKED))
        assert not buffer
    assert request.body == b"abcde"
    assert request.trailers.items() == [("A", "b")]
    assert request.content_length is None


def test_a_finished_request_is_not_filled_again() -> None:
    request = Request()
    parse_into(request, bytearray(POST))
    with pytest.raises(RuntimeError, match="give a new Request"):
        parse_into(request, bytearray(POST))


def test_the_end_of_input() -> None:
    request = Request()
    parse_into(request, bytearray(POST[:-1]))
    with pytest.raises(IncompleteMessage):
        parse_into(request, bytearray(), eof=True)


def test_an_error_is_raised_again() -> None:
    request = Request()
    limits = Limits(body=4)
    for buffer in (bytearray(POST), bytearray(), bytearray(POST)):
        with pytest.raises(LimitExceeded):
            parse_into(request, buffer, limits)
    assert not request.finished


def test_what_a_request_shows() -> None:
    request = Request()
    assert request.path == ""
    assert "finished=False" in repr(request)
    assert "_reading" not in repr(request)
    request.raw_path = "/%C3%A9%ff%zz+"
    assert request.path == "/\xe9\ufffd%zz+"
