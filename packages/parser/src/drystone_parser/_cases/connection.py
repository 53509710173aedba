"""RFC 9112 section 9 and RFC 9110 sections 7 and 10: what happens around and after a request."""

from ._case import Case, accept, accept_all, refuse


def _get(*lines: bytes, version: bytes = b"1.1", target: bytes = b"/") -> bytes:
    head = b"GET %b HTTP/%b\r\nHost: h\r\n" % (target, version)
    return head + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


def _post(*lines: bytes, version: bytes = b"1.1") -> bytes:
    head = b"POST / HTTP/%b\r\nHost: h\r\nContent-Length: 2\r\n" % version
    return head + b"".join(line + b"\r\n" for line in lines) + b"\r\nab"


PERSISTENCE = [
    *[
        accept(f"Connection: {value!r} in HTTP/1.1", "9112 9.3", _get(b"Connection: " + value),
               keep_alive=keep)
        for value, keep in [
            (b"close", False), (b"Close", False), (b"CLOSE", False), (b"keep-alive, close", False),
            (b"a,close ,b", False), (b",close,", False), (b"close, keep-alive", False),
            (b"keep-alive", True), (b"Keep-Alive", True), (b"closed", True), (b"not-close", True),
            (b"", True), (b"Keep-Alive, TE", True), (b"TE, close", False),
        ]
    ],
    *[
        accept(f"Connection: {value!r} in HTTP/1.0", "9112 9.3",
               _get(b"Connection: " + value, version=b"1.0"), keep_alive=keep)
        for value, keep in [
            (b"close", False), (b"keep-alive", True), (b"Keep-Alive", True), (b"a, keep-alive", True),
            (b"keep-alive, close", False), (b"keepalive", False), (b"", False),
        ]
    ],
    accept("Connection on two lines", "9110 7.6.1", _get(b"Connection: a", b"connection: Close"),
           keep_alive=False),
    *[
        refuse(f"Connection: {value!r}", "9110 7.6.1", _get(b"Connection: " + value), "bad-connection")
        for value in [b"close;a", b"a b", b'"close"', b"close\xa0", b"keep-alive; timeout=5"]
    ],
    accept_all("nothing is read behind a request to close", "9112 9.6",
               _get(b"Connection: close") + _get(target=b"/late"),
               {"target": "/", "keep_alive": False}),
    accept_all("garbage behind a request to close", "9112 9.6",
               _get(b"Connection: close") + b"\x00\x01\n\n", {"keep_alive": False}),
    accept_all("garbage behind a body and a close", "9112 9.6",
               _post(b"Connection: close") + b"garbage\n" * 3, {"body": b"ab"}),
    refuse("LF behind a body that ends with CR", "9112 2.2",
           b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na\r\nGET / HTTP/1.1\r\n", "bare-lf",
           after=({"body": b"a\r"},)),
    accept_all("kept alive in HTTP/1.0", "9112 9.3",
               _get(b"Connection: keep-alive", version=b"1.0") + _get(target=b"/2"),
               {"http_version": "1.0"}, {"target": "/2"}),
]  # fmt: skip

EXPECT = [
    accept("Expect: 100-continue", "9110 10.1.1", _post(b"Expect: 100-continue"),
           expect_continue=True, body=b"ab"),
    accept("Expect: 100-Continue", "9110 10.1.1", _post(b"expect: 100-Continue"),
           expect_continue=True),
    accept("Expect with a chunked body", "9110 10.1.1",
           b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
           b"0\r\n\r\n", expect_continue=True),
    accept("Expect without a body", "9110 10.1.1", _get(b"Expect: 100-continue"),
           expect_continue=False),
    accept("Expect in HTTP/1.0", "9110 10.1.1", _post(b"Expect: 100-continue", version=b"1.0"),
           expect_continue=False, body=b"ab"),
    *[
        refuse(f"Expect: {value!r}", "9110 10.1.1", _post(b"Expect: " + value), "unknown-expectation",
               417)
        for value in [b"200-ok", b"100-continue, x", b"100 continue", b"100-continue;a", b"x=1"]
    ],
]  # fmt: skip

UPGRADE = [
    accept("a WebSocket handshake", "9110 7.8",
           _get(b"Connection: keep-alive, Upgrade", b"Upgrade: websocket"), upgrade=True,
           keep_alive=True),
    accept("an offer of h2c, as curl makes it", "9110 7.8",
           _get(b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk"),
           upgrade=True, content_length=0),
    accept("an offer of h2c with a body", "9110 7.8",
           _post(b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c"), upgrade=True, body=b"ab"),
    accept_all("a refused offer goes on as HTTP", "9110 7.8",
               _get(b"Connection: upgrade", b"Upgrade: x") + _get(target=b"/2"), {"upgrade": True},
               {"target": "/2", "upgrade": False}),
    accept("Upgrade without Connection", "9110 7.8", _get(b"Upgrade: websocket"), upgrade=False),
    accept("Connection: upgrade without Upgrade", "9110 7.8", _get(b"Connection: upgrade"),
           upgrade=False),
    accept("Upgrade in HTTP/1.0", "9110 7.8",
           _get(b"Connection: upgrade", b"Upgrade: x", version=b"1.0"), upgrade=False),
    accept_all("a request behind CONNECT, until it is accepted", "9110 9.3.6",
               b"CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n" + _get(target=b"/2"),
               {"upgrade": True}, {"target": "/2"}),
]  # fmt: skip

CASES: list[Case] = [*PERSISTENCE, *EXPECT, *UPGRADE]
