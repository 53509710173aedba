"""The session's cookie, and the mode for http://localhost."""

import pytest
from drystone_auth import InsecureCookieRefused, MemoryStore, SessionCookie, Sessions
from drystone_auth.testing import FakeRequest
from hypothesis import given
from hypothesis import strategies as st


def test_the_default_is_strict() -> None:
    assert SessionCookie().settings.set("x") == (
        "__Host-session=x; Path=/; Secure; HttpOnly; SameSite=Lax"
    )


def test_the_default_goes_with_any_host() -> None:
    SessionCookie().check_host(FakeRequest(host="example.com"))
    SessionCookie().check_host(FakeRequest())


def test_a_domain_needs_a_name_without_host_prefix() -> None:
    assert "Domain=example.com" in SessionCookie("session", domain="example.com").settings.set("x")
    with pytest.raises(ValueError, match="__Host-"):
        SessionCookie(domain="example.com")


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8000",
        "notes.localhost:8000",
        "127.0.0.1",
        "127.8.8.8:80",
        "[::1]:8000",
        "[::1]",
        "testserver",
    ],
)
def test_localhost_mode_serves_this_machine(host: str) -> None:
    cookie = SessionCookie.for_localhost(also=["testserver"])

    cookie.check_host(FakeRequest(host=host))
    assert cookie.settings.set("x") == "session=x; Path=/; HttpOnly; SameSite=Lax"
    assert SessionCookie.for_localhost("notes").name == "notes"


@given(st.text())
def test_any_host_is_this_machine_or_refused(host: str) -> None:
    name = host.rpartition(":")[0] or host
    try:
        SessionCookie.for_localhost().check_host(FakeRequest(host=host))
    except InsecureCookieRefused:
        return
    assert name.strip("[]").lower().endswith(("localhost", "::1")) or "127." in name


@pytest.mark.parametrize(
    "host",
    [None, "", "example.com", "localhost.evil.com", "127.0.0.1.evil.com", "[::2]", "10.0.0.1", "["],
)
async def test_localhost_mode_refuses_any_other_host(host: str | None) -> None:
    sessions = Sessions(MemoryStore().sessions, cookie=SessionCookie.for_localhost())
    headers = {} if host is None else {"host": host}

    with pytest.raises(InsecureCookieRefused) as caught:
        await sessions.load(FakeRequest(headers=headers))

    assert caught.value.status == 500
    assert "for localhost only" in caught.value.reason
    assert "serve over TLS" in caught.value.reason
