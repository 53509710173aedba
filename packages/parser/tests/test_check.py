"""The checks find fault with parsers that are wrong."""

from types import SimpleNamespace
from typing import Any

import pytest
from drystone_parser import Request, RequestParser
from drystone_parser.testing import REQUEST_CASES, Case, check_parser, failures, observe

PLAIN = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"


class Lenient(RequestParser[Any]):
    """Takes everything for one request to the same place."""

    def next_request(self) -> Any:
        try:
            return super().next_request()
        except Exception:
            return None

    def next_body(self) -> bytes | None:
        return b""


class Forgetful(RequestParser[Any]):
    """Raises an error once."""

    def next_request(self) -> Any:
        if self._error is not None:
            return None
        return super().next_request()


class Rude(RequestParser[Any]):
    """Raises what has no status."""

    def next_request(self) -> Any:
        raise KeyError("x")


class Single(RequestParser[Any]):
    """Reads one request and no more."""

    def next_request(self) -> Any:
        request = super().next_request()
        if request is not None:
            self._between, self._ended = False, True
        return request


def case(data: bytes = PLAIN, *messages: dict[str, Any], status: int = 0, reason: str = "") -> Case:
    return Case("a case", "9112 3", data, messages, status, reason)


@pytest.mark.parametrize(
    ("make", "wanted", "said"),
    [
        (RequestParser, case(PLAIN, {"method": "POST"}), "method is 'GET' instead of 'POST'"),
        (RequestParser, case(PLAIN, {"fields": {"host": "g"}}), "fields is {'host': 'h'} instead"),
        (RequestParser, case(PLAIN, {}, {}), "1 messages instead of 2"),
        (RequestParser, case(PLAIN, status=400), "1 messages instead of 400"),
        (RequestParser, case(b"\x00", {}), r"400 \(400 control-character.* instead of acceptance"),
        (RequestParser, case(b"\x00", status=400, reason="bad-x"), "instead of bad-x"),
        (RequestParser, case(b"\x00", status=414), "instead of 414"),
        (
            RequestParser,
            case(
                PLAIN.replace(b"Host", b"Content-Length: 2\r\nHost"),
                {},
                status=400,
                reason="incomplete-message",
            ),
            "1 messages and a wait instead of 400",
        ),
        (Single, case(PLAIN, {}), "1 messages instead of the next message"),
        (Lenient, case(b"", {}), "0 messages instead of 1"),
    ],
)
def test_a_wrong_verdict_is_told(make: Any, wanted: Case, said: str) -> None:
    with pytest.raises(AssertionError, match=f"1 cases:\na case: .*{said}"):
        check_parser(make, [wanted], strict=True)


def test_a_lenient_parser_fails_what_is_to_be_refused() -> None:
    found = failures(Lenient, REQUEST_CASES)
    assert len(found) > 250
    assert "two Hosts" in found
    assert "the plainest request" not in found


def test_any_refusal_will_do_unless_strict() -> None:
    wrong_status = case(b"\x00\r\n\r\n", status=417)
    check_parser(RequestParser, [wrong_status])
    with pytest.raises(AssertionError):
        check_parser(RequestParser, [wrong_status], strict=True)


def test_declined_cases_may_fail_and_must() -> None:
    declined = {"a case": "it does so for a reason"}
    check_parser(RequestParser, [case(PLAIN, status=400)], declined=declined)
    with pytest.raises(AssertionError, match="passes, though it is declined: it does so"):
        check_parser(RequestParser, [case(PLAIN, {})], declined=declined)


def test_an_error_has_a_status_and_is_raised_again() -> None:
    with pytest.raises(AssertionError, match="has no int status"):
        observe(Rude(Request), [PLAIN])
    with pytest.raises(AssertionError, match="a later call gave None"):
        observe(Forgetful(SimpleNamespace), [b"\x00"])
