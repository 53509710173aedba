"""Refusals: what a client sees, and what it never sees."""

from drystone_auth import Forbidden, MalformedCredentials, Unauthorized


def test_each_challenge_is_a_field_line_of_its_own() -> None:
    error = Unauthorized("no credentials", challenges=['Basic realm="a"', 'Bearer realm="a"'])

    assert error.headers == [
        ("WWW-Authenticate", 'Basic realm="a"'),
        ("WWW-Authenticate", 'Bearer realm="a"'),
    ]


def test_the_reason_is_for_the_log_not_for_the_client() -> None:
    error = Forbidden("ann lacks the role admin")

    assert "admin" not in str(error)
    assert repr(error) == "Forbidden(status=403, reason='ann lacks the role admin')"


def test_malformed_takes_the_status_of_its_scheme() -> None:
    assert MalformedCredentials("x").status == 401
    assert MalformedCredentials("x", status=400).status == 400
