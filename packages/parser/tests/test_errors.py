"""Errors tell what, where and which rule, to people and to programs."""

import copy
import pickle

import pytest
from drystone_parser import (
    BadMessage,
    IncompleteMessage,
    LimitExceeded,
    NotSupported,
    ParseError,
    Request,
    RequestParser,
    Response,
    ResponseParser,
)


def error_of(data: bytes) -> ParseError:
    parser = RequestParser(Request)
    parser.feed(data)
    with pytest.raises(ParseError) as caught:
        parser.next_request()
    return caught.value


def test_an_error_reads_well() -> None:
    error = error_of(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n")
    assert str(error) == (
        "400 bad-host: Host is not a host with or without a port (at byte 16; RFC 9112 section 3.2)"
    )
    assert (error.status, error.reason, error.offset, error.section) == (
        400,
        "bad-host",
        16,
        "9112 3.2",
    )


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"\x00", BadMessage, 400),
        (b"GET /" + b"a" * 20000, LimitExceeded, 414),
        (b"GET / HTTP/2.0\r\n\r\n", NotSupported, 505),
    ],
)
def test_the_ladder(data: bytes, kind: type[ParseError], status: int) -> None:
    error = error_of(data)
    assert type(error) is kind
    assert error.status == status


def test_the_end_of_input_within_a_message_says_where() -> None:
    parser = RequestParser(Request)
    parser.feed(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab")
    assert parser.next_request()
    assert parser.next_body() == b"ab"
    parser.feed_eof()
    with pytest.raises(IncompleteMessage, match=r"3 bytes before its end \(at byte 49;"):
        parser.next_body()


def test_offsets_count_from_the_first_byte_of_the_connection() -> None:
    good = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    parser = RequestParser(Request)
    for piece in (good, good + b"GET", b" /#"):
        parser.feed(piece)
        while parser.next_request():
            pass
    parser.feed(b" HTTP/1.1\r\n\r\n")
    with pytest.raises(BadMessage) as caught:
        parser.next_request()
    assert caught.value.offset == 2 * len(good) + 5


def test_all_errors_of_a_response_are_a_gateways() -> None:
    parser = ResponseParser(Response)
    parser.feed(b"nonsense\r\n\r\n")
    with pytest.raises(BadMessage, match="502 bad-status-line"):
        parser.next_response()


def test_errors_can_be_copied_and_pickled() -> None:
    error = error_of(b"\x00")
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(twin) is BadMessage
        assert str(twin) == str(error)
