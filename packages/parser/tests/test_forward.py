"""What a proxy passes on."""

from drystone_parser import Headers, end_to_end


def test_what_is_of_the_connection_stays_behind() -> None:
    fields = [
        ("Host", "h"),
        ("Connection", "keep-alive, X-Session"),
        ("Keep-Alive", "timeout=5"),
        ("x-session", "1"),
        ("Set-Cookie", "a"),
        ("TE", "trailers"),
        ("Transfer-Encoding", "chunked"),
        ("connection", "\tX-Other , "),
        ("X-OTHER", "2"),
        ("Upgrade", "h2c"),
        ("Proxy-Authorization", "Basic eDp5"),
        ("Set-Cookie", "b"),
        ("Content-Length", "5"),
    ]
    passed = [("Host", "h"), ("Set-Cookie", "a"), ("Set-Cookie", "b"), ("Content-Length", "5")]
    assert end_to_end(Headers(fields)) == passed
    assert end_to_end(Headers(fields), "Content-Length", "HOST") == passed[1:3]
    assert end_to_end(Headers()) == []


def test_connection_takes_neither_length_nor_host_away() -> None:
    fields = [("Host", "h"), ("Connection", "Content-Length, host, x"), ("Content-Length", "5")]
    assert end_to_end(Headers(fields)) == [fields[0], fields[2]]
    assert end_to_end(Headers(fields), "content-length") == fields[:1]
