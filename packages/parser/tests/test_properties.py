"""What holds for any bytes and any split."""

import random
from collections.abc import Callable

from drystone_parser import (
    IncompleteMessage,
    Limits,
    ParseError,
    Request,
    RequestParser,
    Response,
    ResponseParser,
    parse_into,
    write_chunk,
    write_last_chunk,
    write_request_head,
    write_response_head,
)
from drystone_parser._head import read_head
from drystone_parser._known import Acquaintance
from drystone_parser._quick import quick_head
from drystone_parser.testing import (
    REQUEST_CASES,
    RESPONSE_CASES,
    Verdict,
    observe,
    observe_responses,
)
from hypothesis import given, settings
from hypothesis import strategies as st

quick = settings(max_examples=100, deadline=None)

SMALL = Limits(
    request_line=60, field_line=40, fields=6, head=150, body=60, chunk_extensions=12, trailers=60
)

TOKENS = st.text("abcXYZ019!#$%&'*+-.^_`|~", min_size=1, max_size=12)
VALUES = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20).map(
    lambda text: text.strip("\t ")
)
# Names that mean nothing to the parser.
PLAIN_FIELDS = st.lists(st.tuples(TOKENS.map(lambda name: f"x-{name}"), VALUES), max_size=6)
TARGETS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"), max_size=20
).map(lambda text: "/" + text)
CHUNKS = st.lists(st.binary(min_size=1, max_size=20), max_size=4)


@st.composite
def connections(draw: st.DrawFn) -> bytes:
    """The bytes of several cases in a row, some of them spoiled a little."""
    cases = st.sampled_from(REQUEST_CASES).filter(lambda case: len(case.data) < 400)
    data = bytearray(b"".join(draw(st.lists(cases.map(lambda case: case.data), max_size=3))))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        kind = draw(st.sampled_from(["drop", "insert", "set"]))
        byte = draw(st.sampled_from(b'\r\n \t:;,0aZ\x00\x7f\x80/#%="'))
        data[at : at + (kind != "insert")] = b"" if kind == "drop" else bytes([byte])
    return bytes(data)


def split(data: bytes, seed: int, pieces: int = 5) -> list[bytes]:
    places = sorted(random.Random(seed).choices(range(len(data) + 1), k=pieces - 1))
    return [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]


def told(verdict: Verdict) -> object:
    """All of a verdict that can be compared."""
    error = verdict.error
    if error is not None:
        assert isinstance(error, ParseError)
        assert type(error) is IncompleteMessage or error.reason != "incomplete-message"
        assert str(error.status) in str(error)
    return verdict.messages, verdict.bodies, error and (type(error), error.args), verdict.waiting


@quick
@given(connections() | st.binary(max_size=60), st.integers(0, 9), st.booleans(), st.booleans())
def test_any_split_gives_the_same_verdict(data: bytes, seed: int, eof: bool, small: bool) -> None:
    limits = SMALL if small else Limits()
    whole = told(observe(RequestParser(Request, limits), [data], eof=eof))
    singly = [data[i : i + 1] for i in range(len(data))]
    assert told(observe(RequestParser(Request, limits), singly, eof=eof)) == whole
    pieces = split(data, seed)
    assert told(observe(RequestParser(Request, limits), pieces, eof=eof)) == whole


@quick
@given(
    st.lists(st.sampled_from(RESPONSE_CASES).map(lambda case: case.data), max_size=2).map(b"".join)
    | st.binary(max_size=60),
    st.integers(0, 9),
    st.booleans(),
    st.sampled_from(["GET", "HEAD", "CONNECT"]),
    st.binary(max_size=2),
    st.integers(0, 60),
)
def test_any_split_gives_the_same_verdict_for_responses(
    data: bytes, seed: int, eof: bool, method: str, extra: bytes, at: int
) -> None:
    data = data[:at] + extra + data[at:]
    verdicts = [
        told(observe_responses(ResponseParser(Response, SMALL), (method,), pieces, eof=eof))
        for pieces in ([data], [data[i : i + 1] for i in range(len(data))], split(data, seed))
    ]
    assert verdicts[1:] == verdicts[:1] * 2


@quick
@given(connections())
def test_the_quick_way_takes_only_what_the_general_way_takes(data: bytes) -> None:
    end = data.find(b"\r\n\r\n") + 4
    text = data.decode("latin-1")
    client = Acquaintance(Limits())
    for behind in (text[end:], "", text[end:], "", ""):
        quick = quick_head(text[:end] + behind, client)
        if quick is not None:
            general = read_head(text[:end], 0, Limits(), whole=True)
            assert general is not None
            assert (*general, end) == quick
            assert general[4][1].items() == quick[4][1].items()
            assert general[4][1].raw == quick[4][1].raw


def error_of_parse_into(request: Request, buffer: bytearray) -> ParseError | None:
    try:
        parse_into(request, buffer, eof=True)
    except ParseError as error:
        return error
    return None


@quick
@given(connections())
def test_parse_into_agrees_with_the_parser(data: bytes) -> None:
    verdict = observe(RequestParser(Request), [data])
    buffer = bytearray(data)
    for message, body in zip(verdict.messages, verdict.bodies, strict=True):
        request = Request()
        error = error_of_parse_into(request, buffer)
        if error is not None:
            assert verdict.error is not None
            assert (type(error), error.reason) == (type(verdict.error), verdict.error.args[0])
            return
        assert request.finished
        assert request.body == body
        request.body, request.finished = b"", False
        assert request == message


@quick
@given(TOKENS, TARGETS, PLAIN_FIELDS, st.binary(max_size=30))
def test_requests_are_read_as_they_were_written(
    method: str, target: str, fields: list[tuple[str, str]], body: bytes
) -> None:
    fields = [("Host", "h"), *fields, ("Content-Length", str(len(body)))]
    parser = RequestParser(Request)
    parser.feed(write_request_head(f"X{method}", target, fields) + body)
    request = parser.next_request()
    assert request is not None
    assert (request.method, request.target) == (f"X{method}", target)
    assert request.headers.items() == fields
    assert parser.next_body() == body
    assert not body or parser.next_body() == b""


@quick
@given(st.integers(200, 999), PLAIN_FIELDS, CHUNKS, PLAIN_FIELDS, VALUES)
def test_responses_are_read_as_they_were_written(
    status: int,
    fields: list[tuple[str, str]],
    chunks: list[bytes],
    trailers: list[tuple[str, str]],
    reason: str,
) -> None:
    fields = [*fields, ("Transfer-Encoding", "chunked")]
    parser = ResponseParser(Response)
    parser.feed(write_response_head(status, fields, reason=reason))
    for chunk in chunks:
        parser.feed(write_chunk(chunk))
    parser.feed(write_last_chunk(trailers))
    response = parser.next_response()
    assert response is not None
    assert (response.status, response.reason) == (status, reason)
    assert response.headers.items() == fields
    if status not in (204, 304):
        pieces = list(iter(parser.next_body, b""))
        assert pieces == chunks
        assert response.trailers.items() == trailers


@quick
@given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
def test_nothing_breaks_out_of_a_head(method: str, name: str, value: str) -> None:
    writers: list[Callable[[], bytes]] = [
        lambda: write_request_head(method, f"/{value}", {name: value}),
        lambda: write_response_head(200, {name: value}, reason=method),
        lambda: write_last_chunk({name: value}),
    ]
    for write in writers:
        try:
            head = write()
        except ValueError:
            continue
        assert head.count(b"\r\n") == head.count(b"\n") == head.count(b"\r") == 3
        assert b"\0" not in head
