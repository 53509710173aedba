"""Whole connections through the request parser."""

from drystone_parser import Request, RequestParser


def test_two_requests_in_one_piece() -> None:
    parser = RequestParser(Request)
    parser.feed(
        b"POST /a?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
        b"GET /b HTTP/1.1\r\nHost: h\r\n\r\n"
    )
    first = parser.next_request()
    assert first is not None
    assert (first.method, first.raw_path, first.query_string) == ("POST", "/a", "x=1")
    assert [parser.next_body(), parser.next_body()] == [b"hello", b""]
    second = parser.next_request()
    assert second is not None
    assert second.target == "/b"
    assert parser.next_request() is None
