"""Whole connections through the request parser: what its verbs promise."""

from collections.abc import Callable
from typing import Any

import pytest
from drystone_parser import (
    BadMessage,
    IncompleteMessage,
    Limits,
    Request,
    RequestParser,
    write_chunk,
    write_last_chunk,
)

GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
POST = b"POST /a?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
UPGRADE = b"GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"


def parser_of(*pieces: bytes, limits: Limits | None = None) -> RequestParser[Request]:
    parser = RequestParser(Request, limits) if limits else RequestParser(Request)
    for piece in pieces:
        parser.feed(piece)
    return parser


def test_two_requests_in_one_piece() -> None:
    parser = parser_of(POST + GET)
    first = parser.next_request()
    assert first is not None
    assert (first.method, first.raw_path, first.query_string) == ("POST", "/a", "x=1")
    assert [parser.next_body(), parser.next_body(), parser.next_body()] == [b"hello", b"", b""]
    second = parser.next_request()
    assert second is not None
    assert second.target == "/"
    assert parser.next_request() is None


def test_any_kind_of_bytes_may_be_fed_and_reused() -> None:
    data = bytearray(POST)
    parser = RequestParser(Request)
    parser.feed(memoryview(data)[:50])
    parser.feed(data[50:])
    data[:] = bytes(len(data))
    assert parser.next_request()
    assert parser.next_body() == b"hello"


def test_a_body_comes_as_it_arrives_and_is_not_copied() -> None:
    parser = parser_of(POST[:-5])
    assert parser.next_request()
    assert parser.next_body() is None
    piece = b"hel"
    parser.feed(piece)
    assert parser.next_body() is piece
    parser.feed(b"lo" + GET)
    assert parser.next_body() == b"lo"
    assert parser.next_body() == b""
    assert parser.next_request()


def test_the_next_request_waits_for_the_body_to_be_read() -> None:
    parser = parser_of(POST)
    assert parser.next_request()
    with pytest.raises(RuntimeError, match="call next_body"):
        parser.next_request()
    with pytest.raises(RuntimeError, match=r"release\(\) before the body was read"):
        parser.release()
    assert parser.next_body() == b"hello"


def test_an_error_comes_behind_what_was_complete_and_again() -> None:
    parser = parser_of(GET + POST + b"\x00")
    assert parser.next_request()
    assert parser.next_request()
    assert parser.next_body() == b"hello"
    assert parser.next_body() == b""
    for _ in range(3):
        with pytest.raises(BadMessage):
            parser.next_request()
        with pytest.raises(BadMessage):
            parser.next_body()
        parser.feed(GET)


def test_nothing_is_kept_of_what_arrives_behind_the_last_request() -> None:
    parser = parser_of(b"GET / HTTP/1.0\r\n\r\n")
    assert parser.next_request()
    for _ in range(4):
        parser.feed(bytes(1000))
        assert parser.next_request() is None
        assert parser.next_body() == b""
    assert len(parser.release()) <= 1000


def test_release_hands_over_what_follows() -> None:
    parser = parser_of(UPGRADE + b"frames")
    request = parser.next_request()
    assert request is not None
    assert request.upgrade
    assert parser.release() == b"frames"
    assert parser.next_request() is None
    parser.feed(b"more")
    parser.feed(b" frames")
    assert parser.release() == b"more frames"


def test_release_of_a_tunnel_that_is_the_last_message() -> None:
    parser = parser_of(b"CONNECT h:1 HTTP/1.0\r\n\r\n", b"\x16\x03", b"\x01")
    request = parser.next_request()
    assert request is not None
    assert not request.keep_alive
    assert parser.release() == b"\x16\x03\x01"


def test_an_offer_that_is_not_taken_up_is_an_ordinary_request() -> None:
    parser = parser_of(UPGRADE + GET)
    assert parser.next_request()
    request = parser.next_request()
    assert request is not None
    assert not request.upgrade


def test_the_end_of_input_between_requests_is_no_error() -> None:
    for pieces in ((), (GET,), (b"\r\n",)):
        parser = parser_of(*pieces)
        parser.next_request()
        parser.feed_eof()
        assert parser.next_request() is None


def test_the_end_of_input_at_every_place_of_a_message_is_an_error() -> None:
    message = (
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3;a=b\r\nabc\r\n0\r\nA: b\r\n\r\n"
    )
    for end in range(1, len(message)):
        parser = parser_of(message[:end])
        parser.feed_eof()
        with pytest.raises(IncompleteMessage) as caught:
            if parser.next_request():
                while parser.next_body() != b"":
                    pass
        assert caught.value.offset == end


def test_an_idle_parser_holds_nothing_of_the_last_request() -> None:
    parser = parser_of(POST[:-5], b"hello")
    assert parser.next_request()
    while parser.next_body():
        pass
    assert parser.next_request() is None
    assert parser._buffer == b""
    parser.feed(b"\x00")
    with pytest.raises(BadMessage) as caught:
        parser.next_request()
    assert caught.value.offset == len(POST)


def test_a_piece_that_ends_like_a_head_but_is_none() -> None:
    chunked = (
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    )
    parser = parser_of(chunked + GET)
    assert parser.next_request()
    assert [parser.next_body(), parser.next_body()] == [b"abc", b""]
    assert parser.next_request()


def test_a_head_larger_than_the_smallest_limit_is_judged_by_each() -> None:
    head = b"GET / HTTP/1.1\r\nHost: h\r\n" + b"A: b\r\n" * 20 + b"\r\n"
    assert parser_of(head, limits=Limits(request_line=50)).next_request()
    assert parser_of(head, limits=Limits(field_line=50)).next_request()


def test_a_head_that_fits_exactly() -> None:
    assert parser_of(GET, limits=Limits(head=len(GET))).next_request()
    with pytest.raises(BadMessage.__mro__[1], match="head-too-large"):
        parser_of(GET, limits=Limits(head=len(GET) - 1)).next_request()


@pytest.mark.parametrize("size", [100, 3000, 5000, 70000])
@pytest.mark.parametrize("chunked", [False, True])
def test_bodies_that_were_gathered_before_anybody_asked(size: int, chunked: bool) -> None:
    body = bytes(range(256)) * (size // 100)
    if chunked:
        head = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        framed = write_chunk(body[:size]) + write_chunk(body[size:]) + write_last_chunk()
    else:
        head, framed = POST[:-5].replace(b": 5", b": %d" % len(body)), body
    data = head + framed + GET
    parser = parser_of(*[data[at : at + 1000] for at in range(0, len(data), 1000)])
    request = parser.next_request()
    assert request is not None
    pieces = []
    while piece := parser.next_body():
        pieces.append(piece)
    assert b"".join(pieces) == body
    assert {type(piece) for piece in pieces} == {bytes}
    assert parser.next_request()
    assert parser.next_request() is None


def source(*pieces: bytes) -> Callable[[], bytes]:
    """What a blocking socket gives; asking again after the end would be a mistake."""
    left = list(pieces)
    return lambda: left.pop(0)


def test_reading_from_a_source_that_blocks() -> None:
    data = POST + POST + GET
    receive = source(*[data[at : at + 7] for at in range(0, len(data), 7)], b"")
    parser = RequestParser(Request)
    bodies = []
    while request := parser.read_request(receive):
        bodies.append((request.method, b"".join(parser.read_body(receive))))
    assert bodies == [("POST", b"hello"), ("POST", b"hello"), ("GET", b"")]
    assert parser.read_request(receive) is None


def test_nothing_is_received_after_the_last_request() -> None:
    receive = source(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    parser = RequestParser(Request)
    assert parser.read_request(receive)
    assert list(parser.read_body(receive)) == []
    assert parser.read_request(receive) is None


def test_a_source_that_ends_within_a_message() -> None:
    with pytest.raises(IncompleteMessage):
        RequestParser(Request).read_request(source(GET[:9], b""))
    parser = RequestParser(Request)
    receive = source(POST[:-2], b"")
    assert parser.read_request(receive)
    with pytest.raises(IncompleteMessage):
        list(parser.read_body(receive))


def test_what_is_fed_after_the_end_of_input_is_read_like_the_rest() -> None:
    parser = parser_of(GET)
    parser.feed_eof()
    parser.feed(GET)
    assert parser.next_request()
    assert parser.next_request()
    parser.feed(POST[:-1])
    assert parser.next_request()
    assert parser.next_body() == b"hell"
    with pytest.raises(IncompleteMessage):
        parser.next_body()


@pytest.mark.parametrize("begun", [b"", GET[:9], GET])
@pytest.mark.parametrize("wrong", ["GET", 5, None])
def test_only_bytes_are_fed(begun: bytes, wrong: Any) -> None:
    parser = parser_of(begun)
    if begun == GET:
        assert parser.next_request()
    with pytest.raises(TypeError):
        parser.feed(wrong)
