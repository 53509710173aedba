from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from drystone._cookies import format_cookie, parse_cookies
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("header", "cookies"),
    [
        ("", {}),
        ("a=1; b=2", {"a": "1", "b": "2"}),
        ("a=1;b=2;", {"a": "1", "b": "2"}),
        ("a=first; a=second", {"a": "first"}),
        ('a="quoted"; b="', {"a": "quoted", "b": '"'}),
        ("a=b=c", {"a": "b=c"}),
        ("nothing; =x", {}),
        (" a = 1 ", {"a": "1"}),
    ],
)
def test_reading(header: Any, cookies: Any) -> None:
    assert parse_cookies(header) == cookies


def test_the_defaults_are_the_safe_ones() -> None:
    assert format_cookie("id", "42") == "id=42; Path=/; Secure; HttpOnly; SameSite=Lax"


def test_every_attribute() -> None:
    assert format_cookie(
        "id",
        "42",
        max_age=60,
        expires=datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1))),
        path="/a",
        domain="example.org",
        same_site="strict",
        partitioned=True,
    ) == (
        "id=42; Expires=Fri, 02 Jan 2026 02:04:05 GMT; Max-Age=60; Domain=example.org; Path=/a; "
        "Secure; HttpOnly; SameSite=Strict; Partitioned"
    )
    plain = format_cookie("a", "", secure=False, http_only=False, same_site=None)
    assert plain == "a=; Path=/"


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "a b"},
        {"name": ""},
        {"name": "a", "value": "x y"},
        {"name": "a", "value": "x;y"},
        {"name": "a", "value": "é"},
        {"name": "a", "value": "x\r\n"},
        {"name": "a", "path": "/;"},
        {"name": "a", "domain": "x\ny"},
        {"name": "a", "same_site": "none", "secure": False},
        {"name": "a", "partitioned": True, "secure": False},
        {"name": "__Secure-a", "secure": False},
        {"name": "__Host-a", "path": "/x"},
        {"name": "__Host-a", "domain": "example.org"},
        {"name": "__Host-a", "secure": False},
        {"name": "__host-a", "path": "/x"},
        {"name": "__secure-a", "secure": False},
        {"name": "__Http-a", "http_only": False},
        {"name": "__Http-a", "secure": False},
        {"name": "__Host-Http-a", "http_only": False},
        {"name": "a", "path": ""},
        {"name": "a", "path": "x"},
        {"name": "a", "domain": ""},
        {"name": "a", "domain": "https://example.org"},
        {"name": "a", "domain": "example.org:80"},
        {"name": "a", "max_age": 1.5},
        {"name": "a", "max_age": timedelta(days=1)},
        {"name": "a", "expires": datetime(2026, 1, 1)},
        {"name": "a", "same_site": "None", "secure": False},
        {"name": "a", "same_site": "loose"},
        {"name": "a", "value": "x" * 4096},
    ],
)
def test_what_a_browser_would_drop_is_refused(arguments: Any) -> None:
    with pytest.raises(ValueError, match=r"[Cc]ookie"):
        format_cookie(**{"value": "1", **arguments})


def test_prefixes_that_hold() -> None:
    assert format_cookie("__Host-a", "1").startswith("__Host-a=1; Path=/; Secure")
    assert format_cookie("__Secure-a", "1", path="/x").startswith("__Secure-a=1")


COOKIE_OCTETS = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in '",;\\')


@settings(max_examples=50)
@given(st.text("abcXYZ019!#$%&'*+-.^_`|~", min_size=1), st.text(COOKIE_OCTETS))
def test_what_was_written_is_read(name: Any, value: Any) -> None:
    pair = format_cookie(name, value, secure=True).partition(";")[0]
    assert parse_cookies(pair) == {name: value}
