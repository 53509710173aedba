"""RFC 9110 section 11: the grammar of Authorization and WWW-Authenticate."""

import pytest
from drystone_auth import MalformedCredentials, build_challenge, parse_authorization
from hypothesis import given
from hypothesis import strategies as st


def test_absent_is_none() -> None:
    assert parse_authorization(None) is None


@pytest.mark.parametrize(
    ("value", "scheme", "rest"),
    [
        ("Basic YTpi", "basic", "YTpi"),
        ("BEARER x", "bearer", "x"),
        ("Bearer   x", "bearer", "x"),
        ("  Bearer x\t", "bearer", "x"),
        ("Bearer", "bearer", ""),
        ('Digest username="a", uri="/"', "digest", 'username="a", uri="/"'),
    ],
)
def test_scheme_and_rest(value: str, scheme: str, rest: str) -> None:
    credentials = parse_authorization(value)

    assert credentials is not None
    assert (credentials.scheme, credentials.value) == (scheme, rest)


@pytest.mark.parametrize("value", ["", " ", "@x", "Bearer\tx", "Ba\u017fic x y\nz", "\x00"])
def test_no_scheme_is_malformed(value: str) -> None:
    with pytest.raises(MalformedCredentials) as caught:
        parse_authorization(value)

    assert caught.value.status == 401


def test_two_joined_field_lines_are_no_token68() -> None:
    credentials = parse_authorization("Bearer a, Bearer b")

    assert credentials is not None
    assert not credentials.is_token68


@given(st.text(st.characters(max_codepoint=0x2FF)))
def test_any_text_parses_or_is_refused(value: str) -> None:
    try:
        credentials = parse_authorization(value)
    except MalformedCredentials:
        return

    assert credentials is not None
    assert credentials.scheme == credentials.scheme.lower()
    assert value.strip(" \t").lower().startswith(credentials.scheme)


def test_credentials_keep_their_secret_out_of_the_repr() -> None:
    assert "hunter2" not in repr(parse_authorization("Bearer hunter2"))


def test_challenge_quotes_and_leaves_out_none() -> None:
    text = build_challenge("Bearer", realm='say "hi" \\', scope=None, error_description="no")

    assert text == r'Bearer realm="say \"hi\" \\", error_description="no"'


def test_challenge_without_parameters() -> None:
    assert build_challenge("Negotiate") == "Negotiate"


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: x=1", "a\x00", "caf\u00e9", "\x7f"])
def test_challenge_refuses_what_could_end_the_line(value: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        build_challenge("Basic", realm=value)


def test_challenge_refuses_a_scheme_that_is_no_token() -> None:
    with pytest.raises(ValueError, match="token"):
        build_challenge("Basic realm")
