"""The cookies of a test client."""

from email.utils import formatdate

import pytest
from drystone._client.cookies import CookieJar


def jar_after(*lines: str, url: str = "/") -> CookieJar:
    jar = CookieJar()
    for line in lines:
        jar.set_by(url, line)
    return jar


def test_it_is_a_mapping() -> None:
    jar = CookieJar({"a": "1"})
    jar["b"] = "2"
    assert jar == {"a": "1", "b": "2"}
    assert len(jar) == 2
    assert repr(jar) == "CookieJar({'a': '1', 'b': '2'})"
    del jar["a"]
    with pytest.raises(KeyError):
        del jar["a"]
    with pytest.raises(KeyError):
        jar["a"]
    jar.clear()
    assert jar.sent_to("/") == {}


@pytest.mark.parametrize(
    ("line", "set_at", "sent_to", "is_sent"),
    [
        ("a=1", "/", "/anywhere", True),
        ("a=1", "/sub/page", "/sub/other", True),
        ("a=1", "/sub/page", "/", False),
        ("a=1; Path=/sub", "/", "/sub", True),
        ("a=1; Path=/sub", "/", "/sub/x", True),
        ("a=1; Path=/sub", "/", "/subway", False),
        ("a=1; Path=/sub/", "/", "/sub/x", True),
        ("a=1; Path=relative", "/x/y", "/x/z", True),
        ("a=1; Secure; HttpOnly; SameSite=Lax", "/", "/", True),
        ("a=1", "http://one.example/", "http://two.example/", False),
        ("a=1", "http://one.example/", "http://sub.one.example/", False),
        ("a=1; Domain=one.example", "http://one.example/", "http://sub.one.example/", True),
        ("a=1; Domain=.One.example", "http://x.one.example/", "http://one.example/", True),
        ("a=1; Domain=one.example", "http://one.example/", "http://bone.example/", False),
        ("a=1; Domain=two.example", "http://one.example/", "http://two.example/", False),
        ("a=1; Max-Age=60", "/", "/", True),
        ("a=1; Max-Age=05", "/", "/", True),
        ("a=1; Max-Age=0", "/", "/", False),
        ("a=1; max-age=-1", "/", "/", False),
        ("a=1; Max-Age=soon", "/", "/", True),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "/", "/", False),
        ("a=1; Expires=Thu, 01 Jan 2970 00:00:00 GMT", "/", "/", True),
        ("a=1; Expires=never", "/", "/", True),
        ("a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "/", "/", True),
    ],
)
def test_where_a_cookie_goes(line: str, set_at: str, sent_to: str, is_sent: bool) -> None:
    jar = jar_after(line, url=set_at)
    assert jar.sent_to(sent_to) == ({"a": "1"} if is_sent else {})


def test_a_cookie_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    jar = jar_after("a=1; Max-Age=60", f"b=2; Expires={formatdate(2e9, usegmt=True)}", "c=3")
    assert jar == {"a": "1", "b": "2", "c": "3"}
    monkeypatch.setattr("time.time", lambda: 3e9)
    assert jar == {"c": "3"}


def test_the_longest_path_wins_and_a_response_replaces_what_the_test_set() -> None:
    jar = CookieJar({"a": "mine"})
    jar.set_by("/", "a=site; Path=/")
    jar.set_by("/", "a=section; Path=/sub")
    assert jar.sent_to("/sub/x") == {"a": "section"}
    assert jar.sent_to("/") == {"a": "site"}
    assert len(jar) == 1
    jar.set_by("/", "a=; Path=/; Max-Age=0")
    assert jar.sent_to("/") == {}
    assert jar.sent_to("/sub") == {"a": "section"}
