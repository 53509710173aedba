"""RFC 9112 section 7: chunked bodies and their trailers."""

from ._case import Case, accept, accept_all, refuse

_HEAD = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
_BEGUN = ({"method": "POST"},)


def _chunked(name: str, section: str, coded: bytes, **attributes: object) -> Case:
    return accept(name, section, _HEAD + coded, content_length=None, **attributes)


def _broken(name: str, section: str, coded: bytes, reason: str, status: int = 400) -> Case:
    return refuse(name, section, _HEAD + coded, reason, status, after=_BEGUN)


SIZES = [
    _chunked("several chunks", "9112 7.1", b"3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n", body=b"abcdefg"),
    _chunked("sizes in hexadecimal", "9112 7.1", b"A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
             body=b"01234567890123456789"),
    _chunked("leading zeros in a size", "9112 7.1", b"0003\r\nabc\r\n0\r\n\r\n", body=b"abc"),
    _chunked("a size of 16 digits", "9112 7.1", b"0" * 15 + b"3\r\nabc\r\n0\r\n\r\n", body=b"abc"),
    _chunked("a last chunk of several zeros", "9112 7.1", b"3\r\nabc\r\n000\r\n\r\n", body=b"abc"),
    _chunked("no chunk but the last", "9112 7.1", b"0\r\n\r\n", body=b""),
    _chunked("chunk data that looks like framing", "9112 7.1", b"7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n",
             body=b"\r\n0\r\n\r\n"),
    accept_all("a chunked body, then a request", "9112 9.3.2",
               _HEAD + b"3\r\nabc\r\n0\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
               {"body": b"abc"}, {"target": "/2"}),
    *[
        _broken(f"chunk size {size!r}", "9112 7.1", size + b"\r\nabc\r\n0\r\n\r\n", "bad-chunk-size")
        for size in [
            b"", b"0x3", b"+3", b"-3", b"3_0", b" 3", b"\t3", b"g", b"3g", b"3.0", b"three", b"\x0b3",
            b"3\x00", b"\xb3", b"3\xa0", b"3,", b'"3"', b"3\r", b"0" * 16 + b"3", b"f" * 17,
        ]
    ],
    _broken("a chunk size of 16 large digits", "9112 7.1", b"f" * 16 + b"\r\n", "body-too-large", 413),
    _broken("LF after a size", "9112 7.1", b"3\nabc\r\n0\r\n\r\n", "bad-chunk-size"),
    _broken("CR alone after a size", "9112 7.1", b"3\rabc\r\n0\r\n\r\n", "bad-chunk-size"),
    _broken("LF after the last size", "9112 7.1", b"3\r\nabc\r\n0\n\r\n", "bad-chunk-size"),
    *[
        _broken(f"{end!r} after chunk data", "9112 7.1", b"3\r\nabc" + end + b"0\r\n\r\n",
                "bad-chunk-end")
        for end in [b"d\r\n", b"\n", b"\r", b"\rX", b"\n\r", b"XX", b"X\n", b"  ", b"\x00\x00", b"0"]
    ],
    _broken("two CRLFs after chunk data", "9112 7.1", b"3\r\nabc\r\n\r\n0\r\n\r\n", "bad-chunk-size"),
]  # fmt: skip

EXTENSIONS = [
    *[
        _chunked(f"extension {extension.decode('latin-1')}", "9112 7.1.1",
                 b"3" + extension + b"\r\nabc\r\n0" + extension + b"\r\n\r\n", body=b"abc")
        for extension in [
            b";a", b";a=b", b";a=b;c;d=e", b';a="b"', b';a="b;c\\"d"', b' ; a = b',
            b'\t;\ta="\xe9 \t"', b';a=""',
        ]
    ],
    *[
        _broken(f"bad extension {extension!r}", "9112 7.1.1",
                b"3" + extension + b"\r\nabc\r\n0\r\n\r\n", "bad-chunk-extension")
        for extension in [
            b" ", b"\t", b";", b"; ", b";=b", b";a=", b";a b", b";a=b c", b';a="b', b';a=b"', b" a",
            b";a;", b";a=b ", b";a\x00", b";a=\x7f", b";a\xe9", b";a\rb", b';a="\\\x01"', b";a,b",
        ]
    ],
    _broken("LF in an extension", "9112 7.1.1", b"3;a\nabc\r\n0\r\n\r\n", "bad-chunk-extension"),
    _broken("LF in a quoted extension", "9112 7.1.1", b'3;a="\n"\r\nabc\r\n', "bad-chunk-extension"),
]  # fmt: skip

TRAILERS = [
    _chunked("trailers", "9112 7.1.2", b"3\r\nabc\r\n0\r\nA: b\r\nc:d \r\nA: e\r\n\r\n", body=b"abc",
             trailers=[("A", "b"), ("c", "d"), ("A", "e")]),
    _chunked("a digest in the trailers", "9110 6.5", b"0\r\nContent-Digest: sha-256=:x:\r\n\r\n",
             trailers=[("Content-Digest", "sha-256=:x:")]),
    accept_all("trailers stay with their message", "9110 6.5.1",
               (_HEAD + b"0\r\nA: b\r\n\r\n") + (_HEAD + b"0\r\n\r\n"),
               {"trailers": [("A", "b")], "fields": {"a": None}}, {"trailers": []}),
    *[
        _broken(f"{name.decode()} in the trailers", "9110 6.5.1",
                b"0\r\n" + name + b": 1\r\n\r\n", "forbidden-trailer")
        for name in [
            b"Content-Length", b"Transfer-Encoding", b"Trailer", b"TE", b"Connection", b"Upgrade",
            b"Host", b"Expect", b"Max-Forwards", b"Authorization", b"Proxy-Authorization", b"Cookie",
            b"Set-Cookie", b"WWW-Authenticate", b"cONTENT-lENGTH",
        ]
    ],
    _broken("a folded trailer", "9112 5.2", b"0\r\nA: b\r\n c\r\n\r\n", "folded-line"),
    _broken("a space before a trailer's colon", "9112 5.1", b"0\r\nA : b\r\n\r\n", "bad-field-name"),
    _broken("a trailer without colon", "9112 5", b"0\r\nA\r\n\r\n", "bad-field-line"),
    _broken("LF ends a trailer", "9112 2.2", b"0\r\nA: b\n\r\n", "bare-lf"),
    _broken("LF for the empty line", "9112 2.2", b"0\r\n\n", "bare-lf"),
    _broken("CR in a trailer", "9112 2.2", b"0\r\nA: b\rc\r\n\r\n", "bare-cr"),
    _broken("NUL in a trailer", "9110 5.5", b"0\r\nA: \x00\r\n\r\n", "control-character"),
    _broken("a request for trailers", "9112 5", b"0\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
            "bad-field-name"),
    refuse("a fault behind a chunked request", "9112 2.2", _HEAD + b"1\r\na\r\n0\r\n\r\n\x00",
           "control-character", after=({"body": b"a"},)),
]  # fmt: skip

CASES: list[Case] = [*SIZES, *EXTENSIONS, *TRAILERS]
