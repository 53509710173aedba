"""API keys in a header, and in the query only where asked for."""

import pytest
from drystone_auth import APIKey, AuthError, MalformedCredentials, Principal, Unauthorized
from drystone_auth.testing import FakeRequest
from hypothesis import given
from hypothesis import strategies as st


async def verify(key: str) -> Principal | None:
    return Principal("robot") if key == "good-key" else None


KEY = APIKey(verify)
QUERY = APIKey(verify, query="api_key")


def asking(query: str = "", **headers: str) -> FakeRequest:
    request = FakeRequest(headers={k.replace("_", "-"): v for k, v in headers.items()})
    request.query_string = query
    return request


async def test_a_known_key_is_a_principal() -> None:
    principal = await KEY.authenticate(asking(X_API_Key="good-key"))

    assert principal == Principal("robot", scheme="api-key")


async def test_no_key_is_none() -> None:
    assert await KEY.authenticate(asking()) is None
    assert await QUERY.authenticate(asking("a=b")) is None


async def test_an_unknown_key_is_401_with_a_challenge() -> None:
    with pytest.raises(Unauthorized) as caught:
        await KEY.authenticate(asking(X_API_Key="stale"))

    assert caught.value.headers == [
        ("WWW-Authenticate", 'ApiKey realm="Restricted", name="X-API-Key"')
    ]


@pytest.mark.parametrize("key", ["", " ", "a b", "good-key, good-key", "caf\u00e9", "a\x00"])
async def test_a_key_that_is_none_or_two_is_400(key: str) -> None:
    with pytest.raises(MalformedCredentials) as caught:
        await KEY.authenticate(asking(X_API_Key=key))

    assert caught.value.status == 400


async def test_the_query_is_left_alone_unless_asked_for() -> None:
    assert await KEY.authenticate(asking("api_key=good-key")) is None
    assert await QUERY.authenticate(asking("api_key=good-key")) is not None
    assert await QUERY.authenticate(asking("x=1&api_key=good%2Dkey")) is not None


@pytest.mark.parametrize("query", ["api_key=good-key&api_key=good-key", "api_key=", "api_key"])
async def test_a_repeated_or_empty_query_key_is_400(query: str) -> None:
    with pytest.raises(MalformedCredentials):
        await QUERY.authenticate(asking(query))


async def test_header_and_query_at_once_are_400() -> None:
    with pytest.raises(MalformedCredentials):
        await QUERY.authenticate(asking("api_key=good-key", X_API_Key="good-key"))


async def test_another_field_and_another_request() -> None:
    scheme = APIKey(verify, header="Token", query="k", query_string=lambda request: "k=good-key")

    assert await scheme.authenticate(asking()) is not None
    with pytest.raises(MalformedCredentials):
        await scheme.authenticate(asking(Token="good-key"))


@given(st.text(), st.text())
async def test_any_key_and_query_is_answered(key: str, query: str) -> None:
    status = 200
    try:
        await QUERY.authenticate(asking(query, X_API_Key=key))
    except AuthError as error:
        status = error.status

    assert status in {200, 400, 401}
