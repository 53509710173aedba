"""What is remembered of what arrived: bounded, checked, and never a secret."""

from collections.abc import Iterator

import pytest
from drystone_parser import ParseError, Request, RequestParser, _known
from drystone_parser._known import ALLOWED, FRONTS, HOSTS, LINES, NAMES

TABLES: list[dict[str, object]] = [FRONTS, HOSTS, LINES, NAMES]  # type: ignore[list-item]  # of any values


@pytest.fixture(autouse=True)
def empty_tables() -> Iterator[None]:
    for table in TABLES:
        table.clear()
    yield
    for table in TABLES:
        table.clear()


def request(parser: RequestParser[Request], *lines: str) -> Request:
    parser.feed("\r\n".join(["GET / HTTP/1.1", *lines, "", ""]).encode())
    found = parser.next_request()
    assert found is not None
    assert found.headers.items() == [tuple(line.split(": ", 1)) for line in lines]
    return found


def test_only_allowed_lines_are_remembered() -> None:
    parser = RequestParser(Request)
    for _ in range(3):
        request(
            parser,
            "Host: h",
            "Authorization: Bearer secret",
            "X-Token: secret",
            "Accept: a",
            "Cookie: secret",
            "Referer: secret",
        )
    assert {pair[0] for pair in LINES.values()} == {"host", "accept"}
    assert "secret" not in repr((LINES, FRONTS, HOSTS, NAMES))
    assert all("secret" not in front.text for front in FRONTS.values())
    assert not ALLOWED & {"cookie", "authorization", "referer", "x-api-key", "proxy-authorization"}


def test_a_known_front_gives_the_same_as_the_first_time() -> None:
    parser = RequestParser(Request)
    lines = ["Host: h", "ACCEPT: a", "Accept: b"]
    for number in range(4):
        found = request(parser, "Host: h", "Accept: a", f"X-A: {number}")
        assert found.headers.get("x-a") == str(number)
        found = request(parser, *lines)
        assert found.headers.get("accept") == "a, b"
        assert request(parser, *lines, "accept: c").headers.get("accept") == "a, b, c"
    assert [front.text for front in parser._client.fronts] == [
        "Host: h\r\nACCEPT: a\r\nAccept: b\r\naccept: c\r\n",
        "Host: h\r\nACCEPT: a\r\nAccept: b\r\n",
        "Host: h\r\nAccept: a\r\n",
    ]


def test_bytes_that_look_like_line_ends_elsewhere_stay_in_a_known_front() -> None:
    parser = RequestParser(Request)
    lines = ["Host: h", "User-Agent: a\x85b\xa0c"]
    for _ in range(4):
        parser.feed("\r\n".join(["GET / HTTP/1.1", *lines, "", ""]).encode("latin-1"))
        found = parser.next_request()
        assert found is not None
        assert found.headers.items()[1] == ("User-Agent", "a\x85b\xa0c")
    assert parser._client.fronts[0].size == len("\r\n".join([*lines, ""]))


def test_a_known_front_does_not_hide_a_fault() -> None:
    parser = RequestParser(Request)
    for _ in range(3):
        request(parser, "Host: h", "Accept: a")
    parser.feed(b"GET / HTTP/1.1\r\nHost: h\r\nAccept: a\r\nHost: h\r\n\r\n")
    with pytest.raises(Exception, match="repeated-host"):
        parser.next_request()


def test_connections_share_fronts_and_have_few() -> None:
    parsers = [RequestParser(Request), RequestParser(Request)]
    for parser in parsers:
        for _ in range(2):
            for number in range(6):
                request(parser, f"Host: h{number}", "Accept: a")
    fronts = [parser._client.fronts for parser in parsers]
    assert len(fronts[0]) == _known.MAX_FRONTS_EACH
    assert fronts[0][0] is fronts[1][0]


def test_nothing_is_learned_from_a_connection_that_stays_strange() -> None:
    parser = RequestParser(Request)
    for number in range(20):
        request(parser, f"Host: h{number}", f"Accept: {number}")
    assert parser._client.strange
    assert "Accept: 15" in LINES
    assert "Accept: 16" not in LINES


def test_an_acquaintance_is_not_strange_when_its_lines_change() -> None:
    parser = RequestParser(Request)
    for number in range(30):
        request(parser, "Host: h", "Accept: a", f"Priority: {number}")
    assert not parser._client.strange
    assert "Priority: 29" not in LINES


def test_all_tables_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAX_LINES", "MAX_NAMES", "MAX_FRONTS"):
        monkeypatch.setattr(_known, name, 3)
    for number in range(20):
        parser = RequestParser(Request)
        for _ in range(2):
            request(parser, f"Host: h{number}", f"X-{number}: a")
    for table in TABLES:
        assert len(table) <= 3


def test_what_is_large_is_not_remembered() -> None:
    parser = RequestParser(Request)
    for _ in range(3):
        request(parser, "Host: h", "Accept: " + "a" * 300, "X-" + "a" * 300 + ": b")
        request(parser, *[f"Accept: {number:0200}" for number in range(12)], "Host: h")
    assert max(map(len, LINES)) <= _known.MAX_LINE
    assert max(map(len, NAMES)) <= _known.MAX_NAME
    assert all(front.size <= _known.MAX_FRONT for front in FRONTS.values())


def test_a_connection_knows_its_own_last_section_and_tells_no_other() -> None:
    lines = ["Host: h", "Cookie: secret", "X-Token: secret"]
    parser, other = RequestParser(Request), RequestParser(Request)
    first, second, third = [request(parser, *lines) for _ in range(3)]
    assert third.headers is second.headers
    assert third.headers == first.headers
    assert request(other, *lines).headers is not third.headers
    assert "secret" not in repr((LINES, FRONTS, HOSTS, NAMES))
    request(parser, "Host: h", "Accept: a")
    assert parser._client.section is parser._client.answer is None


def test_one_request_or_a_large_one_is_not_kept() -> None:
    parser = RequestParser(Request)
    request(parser, "Host: h", "Cookie: secret")
    assert parser._client.section is None
    for _ in range(3):
        request(parser, "Host: h", "Cookie: " + "a" * _known.MAX_SECTION)
    assert parser._client.section is None


def test_the_same_section_is_judged_by_each_request_line() -> None:
    parser = RequestParser(Request)
    for _ in range(3):
        request(parser, "Host: h", "Cookie: a")
    parser.feed(b"GET no HTTP/1.1\r\nHost: h\r\nCookie: a\r\n\r\n")
    with pytest.raises(Exception, match="bad-target"):
        parser.next_request()


def test_a_front_has_few_lines() -> None:
    parser = RequestParser(Request)
    for _ in range(4):
        request(parser, "Host: h", *[f"TE: {number}" for number in range(50)])
    assert not parser._client.fronts


@pytest.mark.parametrize(
    "line", [b"no colon", b"a\rb: c", b"a: b\nc", b"a: b\rc", b"a: \x0b", b": b"]
)
def test_a_strange_connection_is_checked_as_any(line: bytes) -> None:
    parser = RequestParser(Request)
    for number in range(20):
        request(parser, f"Host: h{number}", f"Accept: {number}")
    assert parser._client.strange
    parser.feed(b"GET / HTTP/1.1\r\nHost: h\r\n" + line + b"\r\n\r\n")
    with pytest.raises(ParseError):
        parser.next_request()
