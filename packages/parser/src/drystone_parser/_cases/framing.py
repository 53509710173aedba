"""RFC 9112 section 6: where a body begins and ends."""

from ._case import Case, accept, accept_all, cut, refuse

_NEXT = b"GET /next HTTP/1.1\r\nHost: h\r\n\r\n"


def _post(*lines: bytes, version: bytes = b"1.1", body: bytes = b"") -> bytes:
    head = b"POST / HTTP/%b\r\nHost: h\r\n" % version
    return head + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


LENGTH = [
    accept("Content-Length: 5", "9112 6.2", _post(b"Content-Length: 5", body=b"hello"),
           content_length=5, body=b"hello"),
    accept("Content-Length: 0", "9112 6.2", _post(b"Content-Length: 0"), content_length=0, body=b""),
    accept("neither length nor coding", "9112 6.3", _post(), content_length=0, body=b""),
    accept("leading zeros", "9110 8.6", _post(b"Content-Length: 0005", body=b"hello"),
           content_length=5, body=b"hello"),
    accept("a body for GET", "9110 9.3.1",
           b"GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab", body=b"ab"),
    accept("a body in HTTP/1.0", "9112 6.3", _post(b"Content-Length: 2", version=b"1.0", body=b"ab"),
           body=b"ab", keep_alive=False),
    accept("white space around the length", "9112 5", _post(b"Content-Length: \t2\t ", body=b"ab"),
           body=b"ab"),
    accept("a body that looks like a head", "9112 6.3",
           _post(b"Content-Length: 31", body=b"GET / HTTP/1.1\r\nHost: evil\r\n\r\n!"),
           body=b"GET / HTTP/1.1\r\nHost: evil\r\n\r\n!"),
    accept("a body of line ends", "9112 6.3", _post(b"Content-Length: 8", body=b"\r\n\r\n\n\n\r\n"),
           body=b"\r\n\r\n\n\n\r\n"),
    accept_all("a body, then a request", "9112 9.3.2",
               _post(b"Content-Length: 3", body=b"abc") + _NEXT, {"body": b"abc"},
               {"target": "/next"}),
    *[
        refuse(f"Content-Length: {value!r}"[:60], "9110 8.6",
               _post(b"Content-Length: " + value, body=b"hello"), "bad-content-length")
        for value in [
            b"", b"+5", b"-5", b"-0", b"5.0", b"0x5", b"5_0", b"5 5", b"5,5", b"5, 5", b"5, 6",
            b",5", b"5,", b"5;", b'"5"', b"5e0", b"five", b"\xb2", b"\xd9\xa5", b"5\xa0", b"\x855",
            b"5L", b"0b1", b"Infinity",
        ]
    ],
    *[
        refuse(f"0x{byte:02x} beside the length", "9110 8.6",
               _post(b"Content-Length: %c5" % byte, body=b"hello"), "control-character")
        for byte in [0x0B, 0x0C, 0x1C, 0x1D, 0x1E, 0x1F]
    ],
    refuse("the same length twice", "9112 6.3",
           _post(b"Content-Length: 5", b"Content-Length: 5", body=b"hello"),
           "repeated-content-length"),
    refuse("two lengths", "9112 6.3",
           _post(b"Content-Length: 5", b"content-length: 6", body=b"hello!"),
           "repeated-content-length"),
    refuse("a huge length", "9110 15.5.14", _post(b"Content-Length: 99999999999999999999"),
           "body-too-large", 413),
    refuse("a length of 5,000 digits", "9110 15.5.14", _post(b"Content-Length: " + b"9" * 5000),
           "body-too-large", 413),
    accept("a zero of 5,000 digits", "9110 8.6", _post(b"Content-Length: " + b"0" * 5000),
           content_length=0),
]  # fmt: skip

CODING = [
    accept("Transfer-Encoding: chunked", "9112 6.1",
           _post(b"Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n"),
           content_length=None, body=b"hello", trailers=[]),
    accept("CHUNKED", "9112 7", _post(b"TRANSFER-ENCODING: CHUNKED", body=b"0\r\n\r\n"),
           content_length=None, body=b""),
    accept("white space around chunked", "9112 5",
           _post(b"Transfer-Encoding: \t chunked \t", body=b"0\r\n\r\n"), content_length=None),
    refuse("length and coding", "9112 6.1",
           _post(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
           "ambiguous-framing"),
    refuse("coding and length", "9112 6.1",
           _post(b"Transfer-Encoding: chunked", b"Content-Length: 0", body=b"0\r\n\r\n"),
           "ambiguous-framing"),
    refuse("chunked in HTTP/1.0", "9112 6.1",
           _post(b"Transfer-Encoding: chunked", version=b"1.0", body=b"0\r\n\r\n"),
           "bad-transfer-encoding"),
    *[
        refuse(f"Transfer-Encoding: {value.decode()}", "9112 6.1",
               _post(b"Transfer-Encoding: " + value, body=b"0\r\n\r\n"), "unknown-transfer-coding",
               501)
        for value in [b"gzip", b"xchunked", b"identity", b"gzip, chunked", b"x;a=b, chunked", b"chunk"]
    ],
    *[
        refuse(f"Transfer-Encoding: {value!r}", "9112 6.1",
               _post(b"Transfer-Encoding: " + value, body=b"0\r\n\r\n"), "bad-transfer-encoding")
        for value in [
            b"", b"chunked, chunked", b"chunked, identity", b"chunked, gzip", b"chunked;a=b",
            b'"chunked"', b"chunked,", b",chunked", b"chun ked", b"\xa0chunked", b"chunked\x85",
            b"[chunked]", b"(chunked)",
        ]
    ],
    *[
        refuse(f"0x{byte:02x} beside chunked", "9112 6.1",
               _post(b"Transfer-Encoding: %cchunked" % byte, body=b"0\r\n\r\n"), "control-character")
        for byte in [0x00, 0x0B, 0x0C, 0x1C, 0x1F]
    ],
    refuse("chunked on two lines", "9112 6.1",
           _post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
           "bad-transfer-encoding"),
    refuse("chunked, then another on its line", "9112 6.1",
           _post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"),
           "bad-transfer-encoding"),
    accept("a name that is nearly Transfer-Encoding", "9110 5.1", _post(b"Transfer_Encoding: chunked"),
           content_length=0),
]  # fmt: skip

CUT = [
    cut("input ends in the method", "9112 8", b"GE"),
    cut("input ends after the request line", "9112 8", b"GET / HTTP/1.1\r\n"),
    cut("input ends in a field", "9112 8", b"GET / HTTP/1.1\r\nHost: h"),
    cut("input ends before the empty line", "9112 8", b"GET / HTTP/1.1\r\nHost: h\r\n"),
    cut("input ends in the empty line", "9112 8", b"GET / HTTP/1.1\r\nHost: h\r\n\r"),
    cut("input ends behind one request", "9112 8", _NEXT + b"GET", {"target": "/next"}),
    cut("input ends before the body", "9112 8", _post(b"Content-Length: 5")),
    cut("input ends in the body", "9112 8", _post(b"Content-Length: 5", body=b"hell")),
    *[
        cut(f"input ends after {body!r}", "9112 8", _post(b"Transfer-Encoding: chunked", body=body))
        for body in [
            b"", b"5", b"5\r", b"5;a", b"5\r\n", b"5\r\nhell", b"5\r\nhello", b"5\r\nhello\r",
            b"5\r\nhello\r\n", b"5\r\nhello\r\n0", b"5\r\nhello\r\n0\r", b"5\r\nhello\r\n0\r\n",
            b"5\r\nhello\r\n0\r\n\r", b"0\r\nA: b", b"0\r\nA: b\r\n", b"0\r\nA: b\r\n\r",
        ]
    ],
    Case("input ends in a line with a fault", "9112 8", b"GET / HTTP/1.1\r\nA b", (), 400,
         "bad-field-name", eof=True),
]  # fmt: skip

CASES: list[Case] = [*LENGTH, *CODING, *CUT]
