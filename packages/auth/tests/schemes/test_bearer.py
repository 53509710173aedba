"""RFC 6750."""

import pytest
from drystone_auth import (
    AuthError,
    Bearer,
    MalformedCredentials,
    Principal,
    Unauthorized,
    insufficient_scope,
)
from hypothesis import given
from hypothesis import strategies as st


class Asking:
    """A request of nothing but a method and fields."""

    def __init__(self, authorization: str | None = None) -> None:
        self.method = "GET"
        self.headers = {} if authorization is None else {"authorization": authorization}


async def verify(token: str) -> Principal | None:
    return Principal("ann") if token == "good-token" else None


BEARER = Bearer(verify, realm="Notes")


async def test_known_token_is_a_principal() -> None:
    assert await BEARER.authenticate(Asking("Bearer good-token")) == Principal(
        "ann", scheme="bearer"
    )


@pytest.mark.parametrize("value", [None, "Basic YTpi"])
async def test_other_credentials_do_not_concern_it(value: str | None) -> None:
    assert await BEARER.authenticate(Asking(value)) is None


def test_the_plain_challenge_has_no_error_code() -> None:
    assert BEARER.challenges == ('Bearer realm="Notes"',)


async def test_unknown_token_is_401_invalid_token() -> None:
    with pytest.raises(Unauthorized) as caught:
        await BEARER.authenticate(Asking("Bearer stale"))

    assert caught.value.status == 401
    assert 'error="invalid_token"' in caught.value.challenges[0]
    assert "stale" not in repr(caught.value)


@pytest.mark.parametrize(
    "value", ["", " ", " a b", " good-token, Bearer good-token", " a=b", " \u00e9"]
)
async def test_malformed_is_400_invalid_request(value: str) -> None:
    with pytest.raises(MalformedCredentials) as caught:
        await BEARER.authenticate(Asking("Bearer" + value))

    assert caught.value.status == 400
    assert 'error="invalid_request"' in caught.value.challenges[0]


def test_insufficient_scope_names_the_scopes() -> None:
    assert insufficient_scope(frozenset({"write", "read"})) == (
        'Bearer error="insufficient_scope", scope="read write"'
    )


@given(st.text())
async def test_any_value_is_answered(value: str) -> None:
    status = 200
    try:
        principal = await BEARER.authenticate(Asking("Bearer " + value))
    except AuthError as error:
        status = error.status
    else:
        assert principal == Principal("ann", scheme="bearer")
        assert value.strip(" \t") == "good-token"

    assert status in {200, 400, 401}
