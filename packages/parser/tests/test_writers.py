"""Heads, chunks and trailers as bytes; what could break out of them is refused."""

from collections.abc import Callable

import pytest
from drystone_parser import write_chunk, write_last_chunk, write_request_head, write_response_head


def test_a_request_head() -> None:
    head = write_request_head("GET", "/a?b", {"Host": "h", "X": ""})
    assert head == b"GET /a?b HTTP/1.1\r\nHost: h\r\nX: \r\n\r\n"
    assert write_request_head("OPTIONS", "*", http_version="1.0") == b"OPTIONS * HTTP/1.0\r\n\r\n"


def test_a_response_head() -> None:
    pairs = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=\xe9")]
    head = b"HTTP/1.1 404 Not Found\r\nSet-Cookie: a=1\r\nSet-Cookie: b=\xe9\r\n\r\n"
    assert write_response_head(404, pairs) == head
    assert write_response_head(299) == b"HTTP/1.1 299 \r\n\r\n"
    assert write_response_head(200, reason="") == b"HTTP/1.1 200 \r\n\r\n"
    assert write_response_head(200, reason="Fine so far") == b"HTTP/1.1 200 Fine so far\r\n\r\n"


def test_chunks() -> None:
    assert write_chunk(b"x" * 26) == b"1a\r\n" + b"x" * 26 + b"\r\n"
    assert write_chunk(b"") == b""
    assert write_last_chunk() == b"0\r\n\r\n"
    assert write_last_chunk({"A": "b"}) == b"0\r\nA: b\r\n\r\n"


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda: write_request_head("", "/"), "method '' is not a token"),
        (lambda: write_request_head("G T", "/"), "method 'G T' is not a token"),
        (lambda: write_request_head("GET", ""), "target '' is not visible ASCII"),
        (lambda: write_request_head("GET", "/a b"), "percent-encode"),
        (lambda: write_request_head("GET", "/\r\nA: b"), "percent-encode"),
        (lambda: write_request_head("GET", "/\xe9"), "percent-encode"),
        (lambda: write_request_head("GET", "/", http_version="2"), "version '2' is not"),
        (lambda: write_response_head(99), "status 99 is not a whole number from 100 to 999"),
        (lambda: write_response_head(200.5), "status 200.5 is not a whole"),  # type: ignore[arg-type]  # a mistake
        (lambda: write_response_head(1000), "status 1000 is not"),
        (lambda: write_response_head(200, reason="a\nb"), r"reason 'a\\nb' holds a control"),
        (lambda: write_response_head(200, {"": "b"}), "field name '' is not a token"),
        (lambda: write_response_head(200, {"A\n": "b"}), "is not a token"),
        (lambda: write_response_head(200, {"A:": "b"}), "is not a token"),
        (lambda: write_response_head(200, {"A": "b\r\nC: d"}), "holds a control character"),
        (lambda: write_response_head(200, {"A": "b\0"}), "holds a control character"),
        (lambda: write_response_head(200, {"A": "\u20ac"}), "beyond latin-1"),
        (lambda: write_response_head(200, {"A": " b"}), "begins or ends with white space"),
        (lambda: write_last_chunk({"A": "b\n"}), "holds a control character"),
    ],
)
def test_what_could_not_be_read_back_is_refused(write: Callable[[], bytes], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        write()


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "Cookie"])
def test_trailers_that_readers_refuse_are_not_written(name: str) -> None:
    with pytest.raises(ValueError, match="send it in the head"):
        write_last_chunk([(name, "x")])


def test_a_chunk_is_as_large_as_its_bytes() -> None:
    words = memoryview(bytearray(b"abcd")).cast("I")
    assert write_chunk(words) == b"4\r\nabcd\r\n"  # type: ignore[arg-type]  # whoever has no checker


@pytest.mark.parametrize("fields", [{"Content-Length": 5}, {"X": None}, {b"X": "1"}])
def test_what_is_not_text_is_a_mistake_with_a_name(fields: dict[str, str]) -> None:
    with pytest.raises(TypeError, match=r"field b?'[\w-]+': .* both must be str"):
        write_response_head(200, fields)
