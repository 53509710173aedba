"""The cases, run against our own parsers."""

from drystone_parser import RequestParser, ResponseParser
from drystone_parser.testing import (
    LIMIT_CASES,
    REQUEST_CASES,
    RESPONSE_CASES,
    check_parser,
    check_response_parser,
)


def test_our_parser_passes_all_request_cases() -> None:
    check_parser(RequestParser, strict=True)


def test_our_parser_passes_all_limit_cases() -> None:
    check_parser(RequestParser, LIMIT_CASES, strict=True)


def test_our_parser_passes_all_response_cases() -> None:
    check_response_parser(ResponseParser, strict=True)


def test_names_are_unique_and_there_are_enough() -> None:
    for cases in (REQUEST_CASES, LIMIT_CASES, RESPONSE_CASES):
        assert len({case.name for case in cases}) == len(cases)
    assert len(REQUEST_CASES) >= 200
