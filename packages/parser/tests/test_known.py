"""What is remembered of what arrived: bounded, checked, and never a secret."""

from collections.abc import Iterator

import pytest
from drystone_parser import Limits, ParseError, Request, RequestParser, _known
from drystone_parser._known import ALLOWED, BARE, FRONTS, Acquaintance


@pytest.fixture(autouse=True)
def empty_table() -> Iterator[None]:
    FRONTS.clear()
    yield
    FRONTS.clear()


def request(parser: RequestParser[Request], *lines: str) -> Request:
    parser.feed("\r\n".join(["GET / HTTP/1.1", *lines, "", ""]).encode())
    found = parser.next_request()
    assert found is not None
    assert found.headers.items() == [tuple(line.split(": ", 1)) for line in lines]
    return found


def fronts(parser: RequestParser[Request]) -> list[str]:
    assert parser._client.fronts[-2:] == BARE
    return [front.text.removeprefix("HTTP/1.1\r\n") for front in parser._client.fronts[:-2]]


def test_only_allowed_lines_are_remembered() -> None:
    parser = RequestParser(Request)
    for number in range(5):
        request(parser, "Host: h", "Accept: a", f"Authorization: secret{'a' * number}", "DNT: 1")
    assert fronts(parser) == ["Host: h\r\nAccept: a\r\n"]
    assert "secret" not in repr((FRONTS, parser._client._leads))
    secret = {"cookie", "authorization", "referer", "x-api-key", "proxy-authorization"}
    assert not ALLOWED & secret


def test_a_known_front_gives_the_same_as_the_first_time() -> None:
    parser = RequestParser(Request)
    lines = ["Host: h", "ACCEPT: a", "Accept: b"]
    for number in range(6):
        found = request(parser, "Host: h", "Accept: a", f"X-A: {number}")
        assert found.headers.get("x-a") == str(number)
        found = request(parser, *lines)
        assert found.headers.get("accept") == "a, b"
        assert request(parser, *lines, "accept: c").headers.get("accept") == "a, b, c"
    assert fronts(parser) == [
        "Host: h\r\nACCEPT: a\r\nAccept: b\r\naccept: c\r\n",
        "Host: h\r\nACCEPT: a\r\nAccept: b\r\n",
        "Host: h\r\nAccept: a\r\n",
    ]


def test_bytes_that_look_like_line_ends_elsewhere_stay_in_a_known_front() -> None:
    parser = RequestParser(Request)
    for number in range(4):
        lines = ["Host: h", "User-Agent: a\x85b\xa0c", f"X: {'a' * number}y"]
        parser.feed("\r\n".join(["GET / HTTP/1.1", *lines, "", ""]).encode("latin-1"))
        found = parser.next_request()
        assert found is not None
        assert found.headers.items()[1] == ("User-Agent", "a\x85b\xa0c")
    assert fronts(parser) == ["Host: h\r\nUser-Agent: a\x85b\xa0c\r\n"]


def test_a_known_front_does_not_hide_a_fault() -> None:
    parser = RequestParser(Request)
    for number in range(4):
        request(parser, "Host: h", "Accept: a", f"X-A: {'a' * number}y")
    assert fronts(parser)
    parser.feed(b"GET / HTTP/1.1\r\nHost: h\r\nAccept: a\r\nHost: h\r\n\r\n")
    with pytest.raises(ParseError, match="repeated-host"):
        parser.next_request()


def test_connections_share_fronts_and_have_few() -> None:
    parsers = [RequestParser(Request), RequestParser(Request)]
    for parser in parsers:
        for number in range(4):
            for again in range(3):
                request(parser, f"Host: h{number}", "Accept: a", f"X-A: {'a' * again}b")
    known = [parser._client.fronts[:-2] for parser in parsers]
    assert len(known[0]) == _known.MAX_FRONTS_EACH
    assert known[0][0] is known[1][0]


def test_a_longer_front_takes_the_place_of_a_shorter_one() -> None:
    parser = RequestParser(Request)
    for number in range(3):
        for again in range(3 - bool(number)):
            request(parser, f"Host: h{number}", f"X-A: {'a' * again}b")
    assert fronts(parser) == ["Host: h0\r\n", "Host: h1\r\n", "Host: h2\r\n"]
    for again in range(3):
        request(parser, "Host: h1", "Accept: a", f"X-A: {'a' * again}b")
    assert fronts(parser) == ["Host: h1\r\nAccept: a\r\n", "Host: h0\r\n", "Host: h2\r\n"]


def test_a_connection_teaches_only_at_first() -> None:
    parser = RequestParser(Request)
    for number in range(_known.LESSONS):
        request(parser, f"Host: h{number}")
    for _ in range(4):
        request(parser, "Host: h")
    assert not fronts(parser)
    assert not parser._client._leads


def test_few_fields_allowed_are_not_worth_a_front() -> None:
    parser = RequestParser(Request, Limits(fields=_known.MAX_FRONT_LINES))
    for _ in range(4):
        request(parser, "Host: h")
    assert not fronts(parser)


def test_the_table_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_known, "MAX_FRONTS", 3)
    for number in range(20):
        parser = RequestParser(Request)
        for again in range(3):
            request(parser, f"Host: h{number}", f"X-A: {'a' * again}b")
        assert fronts(parser) == [f"Host: h{number}\r\n"]
    assert len(FRONTS) <= 3


def test_what_is_large_is_not_remembered() -> None:
    parser = RequestParser(Request)
    for _ in range(4):
        request(parser, *[f"Accept: {number:0200}" for number in range(12)], "Host: h")
    assert not FRONTS
    for _ in range(4):
        request(parser, "Host: h", *[f"TE: {number}" for number in range(50)])
    assert all(front.count("\r\n") <= _known.MAX_FRONT_LINES for front in fronts(parser))


def test_a_connection_knows_its_own_last_section_and_tells_no_other() -> None:
    lines = ["Host: h", "Cookie: secret", "X-Token: secret"]
    parser, other = RequestParser(Request), RequestParser(Request)
    first, second, third = [request(parser, *lines) for _ in range(3)]
    assert third.headers is second.headers
    assert third.headers == first.headers
    assert request(other, *lines).headers is not third.headers
    assert "secret" not in repr(FRONTS)
    request(parser, "Host: h", "Accept: a")
    assert parser._client.section == _known._NONE
    assert not parser._client.meaning[1]


def test_one_request_or_a_large_one_is_not_kept() -> None:
    parser = RequestParser(Request)
    request(parser, "Host: h", "Cookie: secret")
    assert parser._client.section == _known._NONE
    assert not parser._client._leads
    for _ in range(3):
        request(parser, "Host: h", "Cookie: " + "a" * _known.MAX_SECTION)
    assert parser._client.section == _known._NONE


def test_the_same_section_is_judged_by_each_request_line() -> None:
    parser = RequestParser(Request)
    for _ in range(3):
        request(parser, "Host: h", "Cookie: a")
    parser.feed(b"GET no HTTP/1.1\r\nHost: h\r\nCookie: a\r\n\r\n")
    with pytest.raises(ParseError, match="bad-target"):
        parser.next_request()


def test_the_same_section_in_a_batch() -> None:
    parser = RequestParser(Request)
    parser.feed(b"GET / HTTP/1.1\r\nHost: h\r\nCookie: a\r\n\r\n" * 5)
    headers = [request.headers for request in iter(parser.next_request, None)]
    assert len(headers) == 5
    assert headers[1] is headers[4]


def test_a_repeated_section_is_kept_once_for_all_who_send_it() -> None:
    own: list[Acquaintance] = []
    shared: list[Acquaintance] = []
    for lines, kept in ((["Host: h", "DNT: 1"], shared), (["Host: h", "Cookie: a"], own)):
        for _ in range(2):
            parser = RequestParser(Request)
            for _ in range(3):
                request(parser, *lines)
            kept.append(parser._client)
    assert shared[0].section is shared[1].section
    assert shared[0].meaning is shared[1].meaning
    assert own[0].section == own[1].section
    assert own[0].section is not own[1].section
    assert own[0].meaning is not own[1].meaning


def test_what_was_kept_first_is_learned_from_later() -> None:
    parser = RequestParser(Request)
    for page in ("a", "b", "cc"):
        request(parser, "Host: h", "Accept: a", f"Referer: {page}")
    assert fronts(parser) == ["Host: h\r\nAccept: a\r\n"]
