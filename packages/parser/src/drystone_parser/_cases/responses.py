"""RFC 9112 sections 4 and 6.3, from the client's side."""

from dataclasses import replace

from drystone_parser._limits import Limits

from ._case import Case, accept, accept_all, refuse

_OK = b"HTTP/1.1 200 OK\r\n"


def _answering(method: str, case: Case) -> Case:
    return replace(case, answers=(method,) * 4)


def _broken(name: str, section: str, data: bytes, reason: str, *after: dict[str, object]) -> Case:
    return refuse(name, section, data, reason, 502, after)


STATUS_LINES = [
    accept("a plain response", "9112 4", _OK + b"Content-Length: 2\r\n\r\nab", status=200, reason="OK",
           http_version="1.1", headers=[("Content-Length", "2")], keep_alive=True, content_length=2,
           body=b"ab", trailers=[]),
    accept("an empty reason", "9112 4", b"HTTP/1.1 204 \r\n\r\n", status=204, reason=""),
    accept("no space and no reason", "9112 4", b"HTTP/1.1 204\r\n\r\n", status=204, reason=""),
    accept("a reason of words", "9112 4", b"HTTP/1.1 304 Not modified, \xe9\tno\r\n\r\n", status=304,
           reason="Not modified, \xe9\tno"),
    accept("an unknown status", "9110 15", b"HTTP/1.1 999 \r\nContent-Length: 0\r\n\r\n", status=999),
    accept("HTTP/1.0 closes", "9112 9.3", b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
           http_version="1.0", keep_alive=False),
    accept("HTTP/1.0 kept alive", "9112 9.3",
           b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\n\r\n", keep_alive=True),
    accept("HTTP/1.3", "9110 2.5", b"HTTP/1.3 204 \r\n\r\n", http_version="1.1"),
    _broken("HTTP/2.0", "9110 2.5", b"HTTP/2.0 200 OK\r\n\r\n", "unsupported-version"),
    *[
        _broken(f"status line {line!r}", "9112 4", line + b"\r\n\r\n", "bad-status-line")
        for line in [
            b"", b"HTTP/1.1", b"HTTP/1.1 ", b"HTTP/1.1 20", b"HTTP/1.1 2000 OK", b"HTTP/1.1 099 OK",
            b"HTTP/1.1  200 OK", b"HTTP/1.1\t200 OK", b"HTTP/1.1 200\tOK", b"HTTP/1.1 +20 OK",
            b"HTTP/1.10 200 OK", b"http/1.1 200 OK", b"ICY 200 OK", b"<html>", b" HTTP/1.1 200 OK",
            b"HTTP/1.1 2\xb20 OK",
        ]
    ],
    _broken("LF ends the status line", "9112 2.2", b"HTTP/1.1 200 OK\n\r\n", "bare-lf"),
    _broken("NUL in the reason", "9112 4", b"HTTP/1.1 200 \x00\r\n\r\n", "control-character"),
    replace(_broken("a status line too long", "9112 4", _OK[:-2] + b"K" * 50, "status-line-too-long"),
            limits=Limits(request_line=40)),
    replace(_broken("a head too large", "9112 4", _OK + b"A: b\r\n" * 10 + b"\r\n", "head-too-large"),
            limits=Limits(head=40)),
]  # fmt: skip

BODIES = [
    accept("a body until the end of input", "9112 6.3", b"HTTP/1.1 200 OK\r\n\r\nabc\r\n\r\n",
           content_length=None, keep_alive=False, body=b"abc\r\n\r\n"),
    accept("an empty body until the end of input", "9112 6.3", b"HTTP/1.0 200 OK\r\n\r\n", body=b""),
    accept("a chunked response", "9112 7.1",
           _OK + b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nA: b\r\n\r\n", body=b"abc",
           content_length=None, trailers=[("A", "b")], keep_alive=True),
    accept_all("two responses", "9112 9.3.2", (_OK + b"Content-Length: 1\r\n\r\na") * 2,
               {"body": b"a"}, {"body": b"a"}),
    accept_all("100, 103, then 200", "9110 15.2",
               b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
               + _OK + b"Content-Length: 1\r\n\r\na",
               {"status": 100, "body": b""}, {"status": 103, "fields": {"link": "</a>"}},
               {"status": 200, "body": b"a"}),
    accept_all("an interim response of HTTP/1.0 that closes", "9110 15.2",
               b"HTTP/1.0 100 Continue\r\n\r\n" + _OK + b"Content-Length: 0\r\n\r\n",
               {"status": 100}, {"status": 200}),
    accept_all("204 with a length", "9112 6.3",
               b"HTTP/1.1 204 \r\nContent-Length: 5\r\n\r\n" + _OK + b"Content-Length: 0\r\n\r\n",
               {"status": 204, "content_length": 0}, {"status": 200}),
    accept_all("304 with the length of 200", "9112 6.3",
               b"HTTP/1.1 304 \r\nContent-Length: 99999999999\r\n\r\nHTTP/1.1 204 \r\n\r\n",
               {"status": 304, "body": b""}, {"status": 204}),
    _answering("HEAD", accept_all("an answer to HEAD with a length", "9112 6.3",
               _OK + b"Content-Length: 5\r\n\r\n" + _OK + b"Transfer-Encoding: chunked\r\n\r\n",
               {"content_length": 0, "fields": {"content-length": "5"}}, {"content_length": 0})),
    _answering("HEAD", accept("an answer to HEAD without length", "9112 6.3", _OK + b"\r\n",
               content_length=0, keep_alive=True)),
    _answering("CONNECT", accept("success for CONNECT", "9112 6.3",
               _OK + b"Content-Length: 5\r\n\r\n", content_length=0)),
    _answering("CONNECT", accept("failure for CONNECT", "9112 6.3",
               b"HTTP/1.1 403 \r\nContent-Length: 2\r\n\r\nno", body=b"no", keep_alive=True)),
    accept("101 ends HTTP", "9110 7.8",
           b"HTTP/1.1 101 \r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", status=101, body=b""),
    accept_all("nothing is read behind a close", "9112 9.6",
               _OK + b"Content-Length: 0\r\nConnection: close\r\n\r\nHTTP/1.1 200",
               {"keep_alive": False}),
    _broken("length and coding", "9112 6.3",
            _OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "ambiguous-framing"),
    _broken("two lengths", "9112 6.3", _OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
            "repeated-content-length"),
    _broken("a bad length", "9110 8.6", _OK + b"Content-Length: +5\r\n\r\n", "bad-content-length"),
    _broken("an unknown coding", "9112 6.1", _OK + b"Transfer-Encoding: gzip\r\n\r\n",
            "unknown-transfer-coding"),
    _broken("chunked in HTTP/1.0", "9112 6.1",
            b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "bad-transfer-encoding"),
    _broken("a folded line", "9112 5.2", _OK + b"A: b\r\n c\r\n\r\n", "folded-line"),
    _broken("a bad chunk", "9112 7.1", _OK + b"Transfer-Encoding: chunked\r\n\r\nx\r\n",
            "bad-chunk-size", {"status": 200}),
    replace(_broken("a body until the end, too large", "9110 15.5.14", _OK + b"\r\n" + b"a" * 11,
            "body-too-large", {"status": 200, "body": b"a" * 10}), limits=Limits(body=10)),
]  # fmt: skip

CUT = [
    Case(f"input ends in {data!r}"[:60], "9112 8", data, after, 502, "incomplete-message", eof=True)
    for data, after in [
        (b"HTTP", ()),
        (b"HTTP/1.1 200 OK\r\n", ()),
        (_OK + b"Content-Length: 5\r\n\r\nhell", ({"status": 200},)),
        (_OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", ({"status": 200},)),
    ]
]

CASES: list[Case] = [
    replace(case, answers=case.answers or ("GET",) * 4) for case in [*STATUS_LINES, *BODIES, *CUT]
]
