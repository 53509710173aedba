"""RFC 9112 section 5 and RFC 9110 section 5: field lines."""

from ._case import Case, accept, refuse


def _with(*lines: bytes) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: h\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


_TCHAR = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

SYNTAX = [
    accept("any case, one order", "9110 5.1", _with(b"b: 1", b"A: 2", b"B: 3", b"x-Y: 4"),
           headers=[("Host", "h"), ("b", "1"), ("A", "2"), ("B", "3"), ("x-Y", "4")],
           fields={"a": "2", "B": "1, 3", "X-y": "4", "c": None}),
    accept("Cookie twice", "9113 8.2.3", _with(b"Cookie: a=1", b"cookie: b=2"),
           fields={"cookie": "a=1; b=2"}),
    accept("an empty value", "9112 5", _with(b"A:"), fields={"a": ""}),
    accept("a value of white space", "9112 5", _with(b"A: \t "), fields={"a": ""}),
    accept("no space after the colon", "9112 5", _with(b"A:b"), fields={"a": "b"}),
    accept("white space around a value", "9112 5", _with(b"A: \t b c\td \t"),
           fields={"a": "b c\td"}),
    accept("colons in a value", "9112 5", _with(b"A: b:c: d"), fields={"a": "b:c: d"}),
    accept("every byte a name may have", "9110 5.6.2", _with(_TCHAR + b": x"),
           fields={_TCHAR.decode(): "x"}),
    accept("every visible byte in a value", "9110 5.5", _with(b"A: " + bytes(range(0x21, 0x7F))),
           fields={"a": bytes(range(0x21, 0x7F)).decode()}),
    accept("bytes beyond ASCII in a value", "9110 5.5", _with(b"A: " + bytes(range(0x80, 0x100))),
           fields={"a": bytes(range(0x80, 0x100)).decode("latin-1")}),
    accept("UTF-8 in a value", "9110 5.5", _with("A: \u20ac".encode()),
           fields={"a": "\u20ac".encode().decode("latin-1")}),
    accept("NEL and NBSP stay in a value", "9110 5.5", _with(b"A: \x85b\xa0"),
           fields={"a": "\x85b\xa0"}),
    refuse("no colon", "9112 5", _with(b"A"), "bad-field-line"),
    refuse("no name", "9112 5", _with(b": a"), "bad-field-name"),
    refuse("a colon alone", "9112 5", _with(b":"), "bad-field-name"),
    refuse("a space before the colon", "9112 5.1", _with(b"A : b"), "bad-field-name"),
    refuse("a tab before the colon", "9112 5.1", _with(b"A\t: b"), "bad-field-name"),
    refuse("a space in a name", "9112 5.1", _with(b"A b: c"), "bad-field-name"),
    refuse("a folded line", "9112 5.2", _with(b"A: b", b" c"), "folded-line"),
    refuse("a line folded by a tab", "9112 5.2", _with(b"A: b", b"\tc: d"), "folded-line"),
    refuse("a line of one space", "9112 5.2", _with(b"A: b", b" "), "folded-line"),
    refuse("a folded Transfer-Encoding", "9112 5.2",
           _with(b"Transfer-Encoding:", b" chunked"), "bad-transfer-encoding"),
    *[
        refuse(f"byte 0x{byte:02x} in a name", "9110 5.1", _with(b"A%cb: c" % byte),
               "control-character" if byte < 0x20 or byte == 0x7F else "bad-field-name")
        for byte in [0x00, 0x01, 0x0B, 0x1F, 0x7F, *b'"(),/;<=>?@[\\]{}', 0x80, 0x85, 0xA0, 0xFF]
    ],
    *[
        refuse(f"byte 0x{byte:02x} in a value", "9110 5.5", _with(b"A: b%cc" % byte),
               "control-character")
        for byte in [*range(9), *range(0x0B, 0x0D), *range(0x0E, 0x20), 0x7F]
    ],
    refuse("LF in a value", "9110 5.5", _with(b"A: b\nContent-Length: 3"), "bare-lf"),
    refuse("CR in a value", "9110 5.5", _with(b"A: b\rContent-Length: 3"), "bare-cr"),
    refuse("CR at a value's end", "9110 5.5", _with(b"A: b\r"), "bare-cr"),
    refuse("CR in a line that LF ends", "9112 2.2",
           b"GET / HTTP/1.1\r\nHost: h\r\nA: b\rC: d\n\r\n", "bare-cr"),
    refuse("CR in a line that LF ends, behind it a good one", "9112 2.2",
           b"GET / HTTP/1.1\r\nA: b\rC: d\nHost: h\r\n\r\n", "bare-cr"),
    refuse("LF for a line's end and CR in the next", "9112 2.2",
           b"GET / HTTP/1.1\r\nA: b\nC: d\rHost: h\r\n\r\n", "bare-lf"),
    refuse("NUL as a value", "9110 5.5", _with(b"A: \x00"), "control-character"),
    refuse("the first of two faults counts", "9112 5", _with(b"A b: c", b"D: \x00"),
           "bad-field-name"),
]  # fmt: skip

CASES: list[Case] = SYNTAX
