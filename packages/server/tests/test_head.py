"""Heads of responses: status, Date, Server, Connection, framing."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from drystone_server import InvalidResponse
from drystone_server._fields import render_raw_fields
from drystone_server._head import (
    CHUNKED,
    NO_BODY,
    UNTIL_CLOSE,
    HeadRenderer,
    ResponseFacts,
)

DATE = b"Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"


@pytest.fixture
def heads() -> HeadRenderer:
    return HeadRenderer(clock=lambda: 0.0)


def test_an_ordinary_response(heads: HeadRenderer) -> None:
    data = heads.whole(200, {"X-A": "b"}, b"hi", ResponseFacts())
    assert data == b"HTTP/1.1 200 OK\r\n" + DATE + b"Content-Length: 2\r\nX-A: b\r\n\r\nhi"


def test_bytes_fields(heads: HeadRenderer) -> None:
    data = heads.whole(200, [(b"x-a", b"b")], b"hi", ResponseFacts(), render_raw_fields)
    assert b"x-a: b\r\n" in data


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (413, b"413 Content Too Large"),
        (422, b"422 Unprocessable Content"),
        (299, b"299 "),
        (599, b"599 "),
        (HTTPStatus.NOT_FOUND, b"404 Not Found"),
    ],
)
def test_status_lines(heads: HeadRenderer, status: int, line: bytes) -> None:
    assert heads.whole(status, (), b"", ResponseFacts()).startswith(b"HTTP/1.1 " + line + b"\r\n")


@pytest.mark.parametrize("status", [0, 99, 100, 199, 600, 1000, -1, None, "200", 200.5])
def test_a_status_that_is_no_final_one(heads: HeadRenderer, status: Any) -> None:
    with pytest.raises(InvalidResponse, match="is not a final status"):
        heads.whole(status, (), b"", ResponseFacts())


def test_date_and_server_may_be_given(heads: HeadRenderer) -> None:
    data = heads.whole(200, {"Date": "then", "Server": "me"}, b"", ResponseFacts())
    assert data == b"HTTP/1.1 200 OK\r\nDate: then\r\nServer: me\r\nContent-Length: 0\r\n\r\n"


def test_a_server_field() -> None:
    heads = HeadRenderer("drystone", lambda: 0.0)
    assert b"\r\nServer: drystone\r\n" in heads.whole(200, (), b"", ResponseFacts())
    with pytest.raises(InvalidResponse):
        HeadRenderer("a\r\nb")


def test_the_date_changes_each_second() -> None:
    now = [0.0]
    heads = HeadRenderer(clock=lambda: now[0])

    def dates() -> set[bytes]:
        answers = [
            heads.whole(status, (), b"", ResponseFacts(http10=status == 404))
            for status in (200, 404)
        ]
        return {answer.split(b"\r\n")[1] for answer in answers}

    for now[0], seconds in ((0.9, b"00"), (1.0, b"01"), (61.5, b"01"), (0.5, b"00")):
        minute = b"01" if now[0] > 60 else b"00"
        assert dates() == {b"Date: Thu, 01 Jan 1970 00:%b:%b GMT" % (minute, seconds)}


@pytest.mark.parametrize(
    ("http10", "keep", "given", "expected"),
    [
        (False, True, None, None),
        (False, True, "keep-alive", None),
        (False, True, "close", b"close"),
        (False, False, None, b"close"),
        (False, False, "Upgrade", b"close, upgrade"),
        (False, True, "Upgrade, x", b"upgrade, x"),
        (True, True, None, b"keep-alive"),
        (True, True, "close", b"close"),
        (True, False, None, b"close"),
    ],
)
def test_9112_9_6_connection(
    heads: HeadRenderer, http10: bool, keep: bool, given: str | None, expected: bytes | None
) -> None:
    facts = ResponseFacts(http10=http10, keep=keep)
    fields = () if given is None else [("Connection", given)]
    data = heads.whole(200, fields, b"", facts)
    lines = [line for line in data.split(b"\r\n") if line.startswith(b"Connection")]
    assert lines == ([] if expected is None else [b"Connection: " + expected])
    assert facts.keep == (keep and given != "close")


@pytest.mark.parametrize("head_only", [True, False])
@pytest.mark.parametrize("status", [200, 204, 304])
@pytest.mark.parametrize("given", [None, "5", "3"])
@pytest.mark.parametrize("body", [b"", b"hello"])
def test_9110_8_6_content_length(
    heads: HeadRenderer, head_only: bool, status: int, given: str | None, body: bytes
) -> None:
    bodyless = head_only or status != 200
    fields = () if given is None else [("Content-Length", given)]
    facts = ResponseFacts(head_only=head_only)
    if given is not None and int(given) != len(body) and not bodyless:
        with pytest.raises(InvalidResponse, match=f"Content-Length is {given}"):
            heads.whole(status, fields, body, facts)
        return
    head, _, sent = heads.whole(status, fields, body, facts).partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.startswith(b"Content-Length")]
    assert sent == (b"" if bodyless else body)
    assert len(lengths) == (0 if status == 204 or (status == 304 and given is None) else 1)
    if lengths:
        assert lengths == [b"Content-Length: %d" % (len(body) if given is None else int(given))]


@pytest.mark.parametrize("http10", [True, False])
@pytest.mark.parametrize("head_only", [True, False])
@pytest.mark.parametrize("length", [None, 3])
@pytest.mark.parametrize("status", [200, 204, 304])
def test_9112_6_3_framing_of_pieces(
    heads: HeadRenderer, http10: bool, head_only: bool, length: int | None, status: int
) -> None:
    facts = ResponseFacts(head_only=head_only, http10=http10)
    head, framing = heads.streamed(status, (), length, facts)
    assert head.endswith(b"\r\n\r\n")
    assert (b"chunked" in head) == (length is None and not http10 and status == 200)
    assert (b"Content-Length: 3" in head) == (length == 3 and status != 204)
    if head_only or status != 200:
        assert framing == NO_BODY
    elif length is not None:
        assert framing == length
    else:
        assert framing == (UNTIL_CLOSE if http10 else CHUNKED)
        assert facts.keep is not http10


def test_a_length_that_contradicts(heads: HeadRenderer) -> None:
    with pytest.raises(InvalidResponse, match="Content-Length is 4, but the body has 5 bytes"):
        heads.streamed(200, {"Content-Length": "4"}, 5, ResponseFacts())
    assert heads.streamed(200, {"Content-Length": "5"}, 5, ResponseFacts())[1] == 5
    assert heads.streamed(200, {"Content-Length": "5"}, None, ResponseFacts())[1] == 5
