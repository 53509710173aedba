"""CSRF by a double-submitted token."""

import pytest
from drystone_auth import CrossOriginRequest, DoubleSubmit
from drystone_auth.testing import FakeRequest
from hypothesis import given
from hypothesis import strategies as st

OLD, NEW = b"o" * 32, b"n" * 32
CSRF = DoubleSubmit([NEW])


def post(cookie: str, header: str | None = None) -> FakeRequest:
    headers = {"cookie": cookie}
    if header is not None:
        headers["X-CSRF-Token"] = header
    return FakeRequest("POST", headers)


def test_the_token_passes_from_header_and_form() -> None:
    token, line = CSRF.issue("session-1")
    cookie = line.partition(";")[0]

    assert line.endswith("; Path=/; Secure; SameSite=Lax")
    CSRF.check(post(cookie, token), "session-1")
    CSRF.check(post(f"a=b; {cookie}"), "session-1", submitted=token)


def test_safe_methods_pass() -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        CSRF.check(FakeRequest(method), "session-1")


def test_a_forged_request_has_the_cookie_only() -> None:
    _, line = CSRF.issue("session-1")
    for request in (post(line.partition(";")[0]), post(line.partition(";")[0], "")):
        with pytest.raises(CrossOriginRequest):
            CSRF.check(request, "session-1")


def test_a_planted_cookie_with_its_own_token_is_not_signed() -> None:
    planted = "A" * 43 + "." + "0" * 64

    with pytest.raises(CrossOriginRequest):
        CSRF.check(post(f"__Host-csrf={planted}", planted), "session-1")


def test_another_sessions_token_does_not_pass() -> None:
    token, line = CSRF.issue("attackers-session")

    with pytest.raises(CrossOriginRequest):
        CSRF.check(post(line.partition(";")[0], token), "session-1")


def test_lengths_keep_session_and_nonce_apart() -> None:
    token, line = CSRF.issue("s")
    with pytest.raises(CrossOriginRequest):
        CSRF.check(post(line.partition(";")[0], token), "s!")


def test_keys_rotate_in_and_out() -> None:
    token, line = DoubleSubmit([OLD]).issue("s")
    request = post(line.partition(";")[0], token)

    DoubleSubmit([NEW, OLD]).check(request, "s")
    with pytest.raises(CrossOriginRequest):
        DoubleSubmit([NEW]).check(request, "s")


@pytest.mark.parametrize("keys", [[], [b"short"], [NEW, b""]])
def test_weak_keys_are_refused(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 random bytes"):
        DoubleSubmit(keys)


@given(st.text(), st.text())
def test_nothing_invented_passes(token: str, session: str) -> None:
    with pytest.raises(CrossOriginRequest):
        CSRF.check(post(f"__Host-csrf={token}", token), session)
