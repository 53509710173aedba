"""RFC 9112 sections 2 and 3: empty lines, request line, version, target, Host."""

from ._case import HOST, Case, accept, accept_all, refuse


def _line(line: bytes, host: bytes = HOST) -> bytes:
    return line + b"\r\n" + host + b"\r\n"


PARSING = [
    accept(
        "the plainest request",
        "9112 2.1",
        _line(b"GET / HTTP/1.1"),
        method="GET",
        target="/",
        raw_path="/",
        query_string="",
        http_version="1.1",
        headers=[("Host", "h")],
        keep_alive=True,
        expect_continue=False,
        content_length=0,
        upgrade=False,
        body=b"",
        trailers=[],
    ),
    accept_all(
        "three requests in a row",
        "9112 9.3.2",
        _line(b"GET /1 HTTP/1.1") + _line(b"GET /2 HTTP/1.1") + _line(b"GET /3 HTTP/1.1"),
        {"target": "/1"},
        {"target": "/2"},
        {"target": "/3"},
    ),
    accept("an empty line before", "9112 2.2", b"\r\n" + _line(b"GET / HTTP/1.1"), target="/"),
    accept("four empty lines before", "9112 2.2", b"\r\n" * 4 + _line(b"GET / HTTP/1.1")),
    refuse("five empty lines before", "9112 2.2", b"\r\n" * 5 + b"GET ", "too-many-empty-lines"),
    accept_all(
        "an empty line between two",
        "9112 2.2",
        _line(b"GET /1 HTTP/1.1") + b"\r\n" + _line(b"GET /2 HTTP/1.1"),
        {"target": "/1"},
        {"target": "/2"},
    ),
    accept_all(
        "empty lines count anew for each request",
        "9112 2.2",
        (b"\r\n" * 3 + _line(b"GET / HTTP/1.1")) * 3,
        *[{"target": "/"}] * 3,
    ),
    refuse("LF for an empty line", "9112 2.2", b"\nGET / HTTP/1.1\r\n", "bare-lf"),
    refuse("CR before the method", "9112 2.2", b"\rGET / HTTP/1.1\r\n", "bare-cr"),
    refuse("LF ends the request line", "9112 2.2", b"GET / HTTP/1.1\n" + HOST, "bare-lf"),
    refuse("CR ends the request line", "9112 2.2", b"GET / HTTP/1.1\r" + HOST, "bare-cr"),
    refuse("CR CR LF ends the line", "9112 2.2", b"GET / HTTP/1.1\r\r\n" + HOST, "bare-cr"),
    refuse("LF CR ends the line", "9112 2.2", b"GET / HTTP/1.1\n\r" + HOST, "bare-lf"),
    refuse("LF ends a field line", "9112 2.2", b"GET / HTTP/1.1\r\nHost: h\n\r\n", "bare-lf"),
    refuse("LF LF ends the head", "9112 2.2", b"GET / HTTP/1.1\r\nHost: h\n\n", "bare-lf"),
    refuse("CRLF LF ends the head", "9112 2.2", b"GET / HTTP/1.1\r\nHost: h\r\n\n", "bare-lf"),
    refuse(
        "white space before the first field",
        "9112 2.2",
        b"GET / HTTP/1.1\r\n Host: h\r\n\r\n",
        "folded-line",
    ),
    refuse("a TLS handshake", "9112 2.2", b"\x16\x03\x01\x02\x00\x01", "control-character"),
    refuse(
        "a fault behind two good requests",
        "9112 2.2",
        _line(b"GET /1 HTTP/1.1") + _line(b"GET /2 HTTP/1.1") + b"GET  HTTP/1.1\r\n\r\n",
        "bad-target",
        after=({"target": "/1"}, {"target": "/2"}),
    ),
]

VERSIONS = [
    accept("HTTP/1.0", "9112 2.3", _line(b"GET / HTTP/1.0"), http_version="1.0", keep_alive=False),
    accept("HTTP/1.0 without Host", "9112 3.2", _line(b"GET / HTTP/1.0", b""), http_version="1.0"),
    accept("HTTP/1.2", "9110 2.5", _line(b"GET / HTTP/1.2"), http_version="1.1", keep_alive=True),
    accept("HTTP/1.9", "9110 2.5", _line(b"GET / HTTP/1.9"), http_version="1.1"),
    refuse("HTTP/0.9", "9110 15.6.6", _line(b"GET / HTTP/0.9"), "unsupported-version", 505),
    refuse("HTTP/2.0", "9110 15.6.6", _line(b"GET / HTTP/2.0"), "unsupported-version", 505),
    refuse("HTTP/3.0", "9110 15.6.6", _line(b"GET / HTTP/3.0"), "unsupported-version", 505),
    refuse(
        "the preface of HTTP/2",
        "9113 3.4",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "unsupported-version",
        505,
    ),
    refuse("a request of HTTP/0.9", "9112 2.3", _line(b"GET /"), "bad-version"),
    refuse("no version", "9112 2.3", _line(b"GET / "), "bad-version"),
    *[
        refuse(f"version {text.decode()!r}", "9112 2.3", _line(b"GET / " + text), "bad-version")
        for text in [
            b"HTTP/1.10",
            b"HTTP/11.1",
            b"HTTP/1",
            b"HTTP/1.",
            b"HTTP/.1",
            b"HTTP/1,1",
            b"HTTP/+1.1",
            b"HTTP/1.x",
            b"HTTP 1.1",
            b"HTTP1.1",
            b"http/1.1",
            b"Http/1.1",
            b"HTTPS/1.1",
            b"HTTP/1.1 ",
            b"HTTP/1.1\t",
            b" HTTP/1.1",
            b"HTTP/1.1 HTTP/1.1",
            b"ICY/1.1",
        ]
    ],
    refuse(
        "an Arabic digit in the version", "9112 2.3", _line(b"GET / HTTP/1.\xd9\xa1"), "bad-version"
    ),
]

METHODS = [
    *[
        accept(f"method {name}", "9112 3.1", _line(name.encode() + b" / HTTP/1.1"), method=name)
        for name in [
            "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "PROPFIND",
            "get", "Get", "M-SEARCH", "x", "0", "!#$%&'*+-.^_`|~", "GETGETGETGETGETGETGETGETGET",
        ]
    ],
    refuse("no method", "9112 3.1", _line(b" / HTTP/1.1"), "bad-method"),
    refuse("only a method", "9112 3.1", _line(b"GET"), "bad-method"),
    refuse("two spaces after the method", "9112 3", _line(b"GET  / HTTP/1.1"), "bad-target"),
    refuse("a tab after the method", "9112 3", _line(b"GET\t/ HTTP/1.1"), "bad-method"),
    refuse("a tab before the version", "9112 3", _line(b"GET /\tHTTP/1.1"), "bad-target"),
    *[
        refuse(f"{bytes([byte])!r} in the method", "9112 3.1", _line(b"G%cT / HTTP/1.1" % byte),
               "bad-method")
        for byte in b'"(),/:;<=>?@[\\]{}\x80\xe9\xff'
    ],
    refuse("NUL in the method", "9112 3.1", _line(b"G\x00T / HTTP/1.1"), "control-character"),
]  # fmt: skip

TARGETS = [
    accept(
        "path and query",
        "9112 3.2.1",
        _line(b"GET /a/b%20c;d?e=f&g=?/ HTTP/1.1"),
        target="/a/b%20c;d?e=f&g=?/",
        raw_path="/a/b%20c;d",
        query_string="e=f&g=?/",
    ),
    accept("an empty query", "9112 3.2.1", _line(b"GET /? HTTP/1.1"), target="/?", raw_path="/",
           query_string=""),
    accept("two slashes", "9112 3.2.1", _line(b"GET //h/a HTTP/1.1"), raw_path="//h/a"),
    accept("dot segments stay", "9112 3.2.1", _line(b"GET /a/../b HTTP/1.1"), raw_path="/a/../b"),
    accept("a broken escape stays", "9112 3.2.1", _line(b"GET /%zz%4 HTTP/1.1"), raw_path="/%zz%4"),
    accept("what browsers send raw", "9112 3.2", _line(b"GET /[]|{}?a[]=\"<>\\^` HTTP/1.1"),
           raw_path="/[]|{}", query_string='a[]="<>\\^`'),
    accept("a URI in the path", "9112 3.2.1", _line(b"GET /http://a/b HTTP/1.1"),
           raw_path="/http://a/b"),
    *[
        refuse(f"{bytes([byte])!r} in the target", "9112 3.2", _line(b"GET /a%cb HTTP/1.1" % byte),
               "control-character" if byte < 0x80 else "bad-target")
        for byte in [0x00, 0x01, 0x08, 0x0B, 0x0C, 0x1B, 0x7F, 0x80, 0xA0, 0xC3, 0xFF]
    ],
    refuse("a space in the target", "9112 3.2", _line(b"GET /a b HTTP/1.1"), "bad-version"),
    refuse("a tab in the target", "9112 3.2", _line(b"GET /a\tb HTTP/1.1"), "bad-target"),
    refuse("a fragment", "9112 3.2", _line(b"GET /a#b HTTP/1.1"), "bad-target"),
    refuse("a fragment in the query", "9112 3.2", _line(b"GET /a?b#c HTTP/1.1"), "bad-target"),
    refuse("a fragment alone", "9112 3.2", _line(b"GET # HTTP/1.1"), "bad-target"),
    refuse("a path without slash", "9112 3.2.1", _line(b"GET a/b HTTP/1.1"), "bad-target"),
    refuse("a query alone", "9112 3.2.1", _line(b"GET ?a HTTP/1.1"), "bad-target"),
    refuse("a host and port for GET", "9112 3.2.3", _line(b"GET h:80 HTTP/1.1"), "bad-target"),
]  # fmt: skip

FORMS = [
    accept(
        "absolute-form",
        "9112 3.2.2",
        b"GET http://a.example/b?c HTTP/1.1\r\nAccept: x\r\nHOST: other\r\n\r\n",
        target="http://a.example/b?c",
        raw_path="/b",
        query_string="c",
        headers=[("Accept", "x"), ("HOST", "a.example")],
    ),
    accept("absolute-form with the same host", "9112 3.2.2", _line(b"GET http://h/a HTTP/1.1"),
           raw_path="/a", fields={"host": "h"}),
    accept("absolute-form with a port", "9112 3.2.2", _line(b"GET http://a:8080/ HTTP/1.1"),
           fields={"host": "a:8080"}),
    accept("absolute-form, https, mixed case", "9112 3.2.2", _line(b"GET HttpS://A.b/ HTTP/1.1"),
           fields={"host": "A.b"}),
    accept("absolute-form without path", "9112 3.2.2", _line(b"GET http://a HTTP/1.1"),
           raw_path="/", query_string=""),
    accept("absolute-form, query without path", "9112 3.2.2", _line(b"GET http://a?b HTTP/1.1"),
           raw_path="/", query_string="b"),
    accept("absolute-form with an IPv6 host", "9112 3.2.2", _line(b"GET http://[::1]:1/ HTTP/1.1"),
           fields={"host": "[::1]:1"}),
    accept("absolute-form in HTTP/1.0 without Host", "9112 3.2.2",
           _line(b"GET http://a/b HTTP/1.0", b""), headers=[("Host", "a")], raw_path="/b"),
    refuse("absolute-form in HTTP/1.1 without Host", "9112 3.2",
           _line(b"GET http://a/b HTTP/1.1", b"Accept: x\r\n"), "missing-host"),
    *[
        refuse(f"target {target.decode()}", "9112 3.2.2", _line(b"GET " + target + b" HTTP/1.1"),
               "bad-target")
        for target in [
            b"http:///a", b"http://", b"http:a", b"http:/a", b"://a/", b"http://u@a/",
            b"http://u:p@a/", b"http://a:b/", b"http://a:99999/", b"http://[::1/", b"http://[:::]/",
            b"http://[::1]a/", b"http://a]/", b"http://a%zz/", b"http://:80/", b"urn:a:b",
            b"1http://a/", b"http://a\\b/", b"http://a|b/",
        ]
    ],
    accept("CONNECT", "9112 3.2.3", _line(b"CONNECT a.example:443 HTTP/1.1"), method="CONNECT",
           target="a.example:443", raw_path="", query_string="", upgrade=True, content_length=0),
    accept("CONNECT in HTTP/1.0", "9112 3.2.3", _line(b"CONNECT a:1 HTTP/1.0", b""), upgrade=True,
           keep_alive=False),
    accept("CONNECT to an IPv6 host", "9112 3.2.3", _line(b"CONNECT [::1]:443 HTTP/1.1"),
           target="[::1]:443"),
    accept("CONNECT with Content-Length: 0", "9110 9.3.6",
           _line(b"CONNECT a:1 HTTP/1.1", HOST + b"Content-Length: 0\r\n")),
    *[
        refuse(f"CONNECT {target.decode()}", "9112 3.2.3",
               _line(b"CONNECT " + target + b" HTTP/1.1"), "bad-target")
        for target in [
            b"a", b"a:", b":443", b"a:0", b"a:b", b"a:65536", b"/", b"*", b"http://a:443/",
            b"u@a:443", b"a:443/", b"[::1]", b"a:443?",
        ]
    ],
    refuse("CONNECT with a body", "9110 9.3.6",
           _line(b"CONNECT a:1 HTTP/1.1", HOST + b"Content-Length: 1\r\n"), "ambiguous-framing"),
    refuse("CONNECT with a chunked body", "9110 9.3.6",
           _line(b"CONNECT a:1 HTTP/1.1", HOST + b"Transfer-Encoding: chunked\r\n"),
           "ambiguous-framing"),
    accept("OPTIONS *", "9112 3.2.4", _line(b"OPTIONS * HTTP/1.1"), target="*", raw_path="*",
           query_string=""),
    accept("OPTIONS with a path", "9112 3.2.1", _line(b"OPTIONS /a HTTP/1.1"), raw_path="/a"),
    accept("OPTIONS of a whole server through a proxy", "9112 3.2.4",
           _line(b"OPTIONS http://a:1 HTTP/1.1"), raw_path="*", fields={"host": "a:1"}),
    accept("OPTIONS, absolute-form with a slash", "9112 3.2.4",
           _line(b"OPTIONS http://a/ HTTP/1.1"), raw_path="/"),
    refuse("GET *", "9112 3.2.4", _line(b"GET * HTTP/1.1"), "bad-target"),
    refuse("OPTIONS *a", "9112 3.2.4", _line(b"OPTIONS *a HTTP/1.1"), "bad-target"),
    refuse("OPTIONS *?a", "9112 3.2.4", _line(b"OPTIONS *?a HTTP/1.1"), "bad-target"),
]  # fmt: skip

HOSTS = [
    *[
        accept(f"Host: {value.decode()}", "9110 7.2",
               b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n" % value, fields={"host": value.decode()})
        for value in [
            b"", b"a.example", b"A.Example", b"a.example:80", b"a:", b"a:65535", b"127.0.0.1:8000",
            b"[::1]", b"[::1]:80", b"[2001:db8::192.0.2.1]", b"[v1.a:b]", b"a_b", b"a%20b", b"x--1",
            b"!$&'()*+,;=~", b"999.999.999.999",
        ]
    ],
    *[
        refuse(f"bad Host: {value.decode('latin-1')}", "9112 3.2",
               b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n" % value, "bad-host")
        for value in [
            b"a b", b"a/b", b"a?b", b"a#b", b"u@a", b"u:p@a", b"a:b", b"a:80a", b"a:+80", b"a:-1",
            b"a:65536", b"a:8 0", b"a:80:80", b"a:99999999999999999999", b"[::1", b"::1", b"[:::]",
            b"[1::2::3]", b"[::1%25eth0]", b"[::1]80", b"[g::]", b"[]", b"[127.0.0.1]", b"[v.a]",
            b"a%zz", b"a%2", b"http://a", b"a\\b", b"a|b", b"a\xe9", b"a, b", b"<a>", b"a\"",
        ]
    ],
    accept("white space around Host", "9112 5", b"GET / HTTP/1.1\r\nHost:\t h \t\r\n\r\n",
           fields={"host": "h"}),
    refuse("no Host", "9112 3.2", _line(b"GET / HTTP/1.1", b"Accept: x\r\n"), "missing-host"),
    refuse("no field at all", "9112 3.2", _line(b"GET / HTTP/1.1", b""), "missing-host"),
    refuse("two Hosts", "9112 3.2", _line(b"GET / HTTP/1.1", b"Host: a\r\nHost: b\r\n"),
           "repeated-host"),
    refuse("the same Host twice", "9112 3.2", _line(b"GET / HTTP/1.1", HOST + b"host: h\r\n"),
           "repeated-host"),
    refuse("two Hosts in HTTP/1.0", "9112 3.2", _line(b"GET / HTTP/1.0", HOST + HOST),
           "repeated-host"),
    refuse("a bad Host in HTTP/1.0", "9112 3.2", _line(b"GET / HTTP/1.0", b"Host: a b\r\n"),
           "bad-host"),
    refuse("a bad Host beside absolute-form", "9112 3.2",
           _line(b"GET http://a/ HTTP/1.1", b"Host: a b\r\n"), "bad-host"),
]  # fmt: skip

CASES: list[Case] = [*PARSING, *VERSIONS, *METHODS, *TARGETS, *FORMS, *HOSTS]
