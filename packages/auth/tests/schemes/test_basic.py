"""RFC 7617."""

import base64

import pytest
from drystone_auth import Basic, MalformedCredentials, Principal, Unauthorized, parse_basic
from hypothesis import given
from hypothesis import strategies as st


class Asking:
    """A request of nothing but a method and fields."""

    def __init__(self, authorization: str | None = None) -> None:
        self.method = "GET"
        self.headers = {} if authorization is None else {"authorization": authorization}


async def verify(username: str, password: str) -> Principal | None:
    return Principal(username) if password == "right:one" else None


BASIC = Basic(verify, realm="Notes")


def encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


async def test_right_password_is_a_principal() -> None:
    assert await BASIC.authenticate(Asking("basic " + encode("ann:right:one"))) == Principal(
        "ann", scheme="basic"
    )


@pytest.mark.parametrize("value", [None, "Bearer x", "Digest a=b"])
async def test_other_credentials_do_not_concern_it(value: str | None) -> None:
    assert await BASIC.authenticate(Asking(value)) is None


async def test_wrong_password_is_401_with_the_challenge() -> None:
    with pytest.raises(Unauthorized) as caught:
        await BASIC.authenticate(Asking("Basic " + encode("ann:wrong")))

    assert caught.value.status == 401
    assert caught.value.headers == [
        ("WWW-Authenticate", 'Basic realm="Notes", charset="UTF-8"'),
    ]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "%",
        "YTpi, Basic YTpi",
        "YTpi YTpi",
        "YTp",
        "YTpiYx==",
        "YTpiYx",
        base64.b64encode(b"\xff:\xff").decode(),
        encode("no colon"),
        encode("ann\n:x"),
        encode("ann:\x00"),
        encode("ann:\x85"),
        "\u00e9",
    ],
)
async def test_malformed_is_401_and_quotes_nothing(value: str) -> None:
    with pytest.raises(MalformedCredentials) as caught:
        await BASIC.authenticate(Asking("Basic " + value))

    assert caught.value.status == 401
    assert caught.value.challenges
    assert caught.value.__cause__ is None
    assert value == "" or value not in repr(caught.value)


def test_the_first_colon_parts() -> None:
    assert parse_basic("YTpiOmM=") == ("a", "b:c")


NO_CONTROLS = st.text(st.characters(exclude_categories=("Cc", "Cs")))


@given(NO_CONTROLS.filter(lambda name: ":" not in name), NO_CONTROLS)
def test_what_a_client_encodes_comes_back(username: str, password: str) -> None:
    assert parse_basic(encode(f"{username}:{password}")) == (username, password)


@given(st.text() | st.binary().map(lambda data: base64.b64encode(data).decode()))
def test_any_value_parses_or_is_refused(value: str) -> None:
    try:
        username, password = parse_basic(value)
    except ValueError:
        return

    assert encode(f"{username}:{password}") == value
