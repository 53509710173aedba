"""Several schemes as one."""

import base64

import pytest
from drystone_auth import (
    AllOf,
    APIKey,
    Basic,
    Bearer,
    FirstOf,
    MalformedCredentials,
    Principal,
    Unauthorized,
)
from drystone_auth.testing import FakeRequest


async def password(username: str, password: str) -> Principal | None:
    return Principal(username) if password == "right" else None


async def token(text: str) -> Principal | None:
    return Principal("robot") if text == "good" else None


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


BASIC, BEARER, KEY = Basic(password), Bearer(token), APIKey(token)
EITHER = FirstOf(BEARER, BASIC, KEY)
BOTH = AllOf(KEY, BASIC)


async def test_the_first_that_applies_wins() -> None:
    request = FakeRequest(authorization=basic("ann:right"), x_api_key="good")

    principal = await FirstOf(KEY, BASIC).authenticate(FakeRequest(headers=lower(request)))
    assert principal is not None
    assert principal.scheme == "api-key"
    principal = await FirstOf(BASIC, KEY).authenticate(FakeRequest(headers=lower(request)))
    assert principal is not None
    assert principal.scheme == "basic"


def lower(request: FakeRequest) -> dict[str, str]:
    return {**request.headers, "X-API-Key": request.headers.get("x-api-key", "")}


async def test_wrong_credentials_are_not_made_good_by_others() -> None:
    request = FakeRequest(headers={"authorization": "Bearer bad", "X-API-Key": "good"})

    with pytest.raises(Unauthorized):
        await EITHER.authenticate(request)


async def test_nothing_applies() -> None:
    assert await EITHER.authenticate(FakeRequest()) is None
    assert await FirstOf().authenticate(FakeRequest()) is None


def test_the_challenges_of_all() -> None:
    assert [text.partition(" ")[0] for text in EITHER.challenges] == ["Bearer", "Basic", "ApiKey"]


@pytest.mark.parametrize("value", [basic("ann:wrong"), "Basic", "@"])
async def test_a_401_has_every_fitting_challenge(value: str) -> None:
    with pytest.raises((Unauthorized, MalformedCredentials)) as caught:
        await EITHER.authenticate(FakeRequest(authorization=value))

    assert caught.value.status == 401
    schemes = sorted(text.partition(" ")[0] for text in caught.value.challenges)
    assert schemes == ["ApiKey", "Basic", "Bearer"]


async def test_a_400_keeps_its_own_challenge_only() -> None:
    with pytest.raises(MalformedCredentials) as caught:
        await EITHER.authenticate(FakeRequest(authorization="Bearer a b"))

    assert caught.value.status == 400
    assert len(caught.value.challenges) == 1


async def test_all_are_required() -> None:
    request = FakeRequest(headers={"authorization": basic("ann:right"), "X-API-Key": "good"})

    principal = await BOTH.authenticate(request)

    assert principal is not None
    assert (principal.id, principal.scheme) == ("robot", "api-key")
    assert [other.id for other in principal.attributes["others"]] == ["ann"]
    assert await BOTH.authenticate(FakeRequest()) is None


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ({"authorization": basic("ann:right")}, "ApiKey"),
        ({"X-API-Key": "good"}, "Basic"),
        ({"authorization": basic("ann:wrong"), "X-API-Key": "good"}, "Basic"),
    ],
)
async def test_one_of_all_is_not_enough(headers: dict[str, str], challenge: str) -> None:
    with pytest.raises(Unauthorized) as caught:
        await BOTH.authenticate(FakeRequest(headers=headers))

    assert [text.partition(" ")[0] for text in caught.value.challenges] == [challenge]


def test_all_of_none_is_refused() -> None:
    with pytest.raises(ValueError, match="let everybody in"):
        AllOf()
