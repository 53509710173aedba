"""RFC 6265bis: reading Cookie, writing Set-Cookie."""

from typing import Any

import pytest
from drystone_auth import CookieSettings, cookie_values, parse_cookies
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("header", "pairs"),
    [
        (None, []),
        ("", []),
        ("a=1", [("a", "1")]),
        ("a=1; b=2", [("a", "1"), ("b", "2")]),
        ("a=1;b=2 ;\tc = 3", [("a", "1"), ("b", "2"), ("c", "3")]),
        ("a=1; b; a=2", [("a", "1"), ("a", "2")]),
        ("=x; a==;;", [("a", "=")]),
        ('a="1"', [("a", '"1"')]),
        ("a=%3B", [("a", "%3B")]),
    ],
)
def test_pairs_in_order(header: str | None, pairs: list[tuple[str, str]]) -> None:
    assert parse_cookies(header) == pairs


def test_values_of_one_name() -> None:
    assert cookie_values("a=1; aa=2; a=3", "a") == ["1", "3"]
    assert cookie_values("a=1", "b") == []
    assert cookie_values("x=a", "a") == []
    assert cookie_values(None, "a") == []


def test_names_are_case_sensitive() -> None:
    assert cookie_values("__host-session=planted", "__Host-session") == []
    assert cookie_values("A=1; a=2", "a") == ["2"]


@given(st.text())
def test_any_header_parses(header: str) -> None:
    for name, value in parse_cookies(header):
        assert name
        assert ";" not in name + value
        assert value in cookie_values(header, name)


OCTETS = st.text(st.sampled_from([chr(c) for c in range(0x21, 0x7F) if chr(c) not in '",;\\']))


@given(OCTETS)
def test_what_is_set_comes_back(value: str) -> None:
    line = CookieSettings(name="__Host-x").set(value)

    assert parse_cookies(line)[0] == ("__Host-x", value)


@given(st.text())
def test_a_value_never_ends_the_cookie_or_the_line(value: str) -> None:
    try:
        line = CookieSettings(name="x").set(value)
    except ValueError:
        return

    assert line == f"x={value}; Path=/; Secure; HttpOnly; SameSite=Lax"
    assert not set(value) & set('\r\n\x00;, "\\')


@pytest.mark.parametrize(
    "value",
    ["a\r\nSet-Cookie: admin=1", "a; Domain=evil", "a\x00", "a b", 'a"b', "caf\u00e9", "a\\"],
)
def test_header_injection_through_a_value_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="no cookie may hold"):
        CookieSettings(name="x").set(value)


def test_every_attribute() -> None:
    settings = CookieSettings(
        name="x",
        path="/app",
        domain="example.com",
        secure=True,
        http_only=False,
        same_site="None",
    )

    assert settings.set("1", max_age=60) == (
        "x=1; Max-Age=60; Path=/app; Domain=example.com; Secure; SameSite=None"
    )


def test_clear_expires_it() -> None:
    assert CookieSettings(name="x", secure=False).clear() == (
        "x=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a b"},
        {"name": ""},
        {"name": "a\r\n"},
        {"name": "x", "path": "app"},
        {"name": "x", "path": "/a;b"},
        {"name": "x", "path": "/\r\nSet-Cookie: a=b"},
        {"name": "x", "domain": "a b"},
        {"name": "x", "domain": "evil\r\n"},
        {"name": "x", "same_site": "lax"},
        {"name": "x", "same_site": "None", "secure": False},
        {"name": "__Secure-x", "secure": False},
        {"name": "__Host-x", "secure": False},
        {"name": "__host-x", "path": "/app"},
        {"name": "__Host-x", "domain": "example.com"},
    ],
)
def test_settings_that_browsers_drop_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        CookieSettings(**wrong)
