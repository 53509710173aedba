"""Every limit, met exactly and exceeded by one."""

from dataclasses import replace

from drystone_parser._limits import Limits

from ._case import HOST, Case, accept, refuse

_LINE = b"GET / HTTP/1.1\r\n"
_CHUNKED = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
_BEGUN = ({"method": "POST"},)
_SMALL = Limits(
    request_line=40,
    field_line=30,
    fields=5,
    head=150,
    body=10,
    chunk_extensions=12,
    trailers=40,
    empty_lines=1,
)


def _fields(number: int) -> bytes:
    return HOST + b"".join(b"A: %d\r\n" % n for n in range(number - 1))


def _head_of(size: int) -> bytes:
    head = _LINE + HOST + (b"A: " + b"b" * 27 + b"\r\n") * 3
    return head + b"A: " + b"b" * (size - len(head) - 7) + b"\r\n\r\n"


LIMITED = [
    accept("the longest request line", "9112 3", b"GET /" + b"a" * 26 + b" HTTP/1.1\r\n" + HOST + b"\r\n"),
    refuse("a request line too long by one", "9112 3", b"GET /" + b"a" * 27 + b" HTTP/1.1\r\n" + HOST,
           "request-line-too-long", 414),
    refuse("a request line without end", "9112 3", b"GET /" + b"a" * 100, "request-line-too-long", 414),
    refuse("a method without end", "9112 3", b"A" * 41, "request-line-too-long", 414),
    refuse("a fault within a line too long", "9112 3", b"GET /\x00" + b"a" * 100, "control-character"),
    refuse("a fault behind a line too long", "9112 3", b"GET /" + b"a" * 36 + b"\x00 HTTP/1.1\r\n",
           "request-line-too-long", 414),
    accept("the longest field line", "9110 5.4", _LINE + HOST + b"A: " + b"b" * 27 + b"\r\n\r\n"),
    refuse("a field line too long by one", "9110 5.4", _LINE + HOST + b"A: " + b"b" * 28 + b"\r\n\r\n",
           "field-line-too-long", 431),
    refuse("a field name without end", "9110 5.4", _LINE + b"A" * 31, "field-line-too-long", 431),
    refuse("a field too long, of spaces", "9110 5.4", _LINE + b"A:" + b" " * 29, "field-line-too-long",
           431),
    refuse("CR where a line is too long", "9110 5.4", _LINE + b"A: " + b"b" * 27 + b"\rb",
           "field-line-too-long", 431),
    accept("the most fields", "9110 5.4", _LINE + _fields(5) + b"\r\n"),
    refuse("a field too many", "9110 5.4", _LINE + _fields(6) + b"\r\n", "too-many-fields", 431),
    accept("the largest head", "9110 5.4", _head_of(150)),
    refuse("a head too large by one", "9110 5.4", _head_of(151), "head-too-large", 431),
    refuse("a head without end", "9110 5.4", _head_of(150)[:-2] + b"AAA", "head-too-large", 431),
    refuse("a fault within a head too large", "9110 5.4", _head_of(151).replace(b"bb\r", b" \x01\r", 1),
           "control-character"),
    refuse("a fault behind the limit of the head", "9110 5.4", _head_of(150)[:-2] + b"AAA \x00",
           "head-too-large", 431),
    accept("the largest content", "9110 15.5.14",
           b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789", body=b"0123456789"),
    refuse("content too large by one", "9110 15.5.14",
           b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n", "body-too-large", 413),
    accept("the largest chunked content", "9110 15.5.14",
           _CHUNKED + b"6\r\n012345\r\n4\r\n6789\r\n0\r\n\r\n", body=b"0123456789"),
    refuse("chunked content too large by one", "9110 15.5.14",
           _CHUNKED + b"6\r\n012345\r\n5\r\n", "body-too-large", 413, after=_BEGUN),
    refuse("one chunk too large", "9110 15.5.14", _CHUNKED + b"b\r\n", "body-too-large", 413,
           after=_BEGUN),
    accept("the most chunk extensions", "9112 7.1.1",
           _CHUNKED + b"1;abcde\r\n0\r\n1;a=cde\r\n1\r\n0\r\n\r\n", body=b"01"),
    refuse("chunk extensions too large by one", "9112 7.1.1",
           _CHUNKED + b"1;abcde\r\n0\r\n1;a=cdef\r\n1\r\n0\r\n\r\n", "chunk-extensions-too-large", 413,
           after=_BEGUN),
    refuse("a chunk extension without end", "9112 7.1.1", _CHUNKED + b"1;" + b"a" * 12,
           "chunk-extensions-too-large", 413, after=_BEGUN),
    refuse("a bad chunk extension without end", "9112 7.1.1", _CHUNKED + b"1 " * 20,
           "chunk-extensions-too-large", 413, after=_BEGUN),
    refuse("a fault in a chunk extension too large", "9112 7.1.1",
           _CHUNKED + b"1;\n" + b"a" * 20, "bad-chunk-extension", after=_BEGUN),
    accept("the largest trailers", "9110 5.4",
           _CHUNKED + b"0\r\nA: " + b"b" * 15 + b"\r\nC: " + b"d" * 13 + b"\r\n\r\n"),
    refuse("trailers too large by one", "9110 5.4",
           _CHUNKED + b"0\r\nA: " + b"b" * 15 + b"\r\nC: " + b"d" * 14 + b"\r\n\r\n",
           "trailers-too-large", 431, after=_BEGUN),
    refuse("trailers without end", "9110 5.4", _CHUNKED + b"0\r\n" + b"A: b\r\n" * 5 + b"C: " + b"d" * 8,
           "trailers-too-large", 431, after=_BEGUN),
    refuse("a trailer line too long", "9110 5.4", _CHUNKED + b"0\r\nA: " + b"b" * 28,
           "field-line-too-long", 431, after=_BEGUN),
    refuse("a trailer too many", "9110 5.4", _CHUNKED + b"0\r\n" + b"A: b\r\n" * 6 + b"\r\n",
           "too-many-fields", 431, after=_BEGUN),
    accept("the most empty lines", "9112 2.2", b"\r\n" + _LINE + HOST + b"\r\n"),
    refuse("an empty line too many", "9112 2.2", b"\r\n\r\n" + _LINE + HOST + b"\r\n",
           "too-many-empty-lines"),
]  # fmt: skip

CASES: list[Case] = [replace(case, limits=_SMALL) for case in LIMITED]
