"""Checks for any parser that has the interface of this one, and the cases they run.

`REQUEST_CASES` are grammar and framing, `LIMIT_CASES` need small limits, `RESPONSE_CASES` are for
the client's side. Each case runs whole, byte by byte, at random splits, and with bytes of a next
message behind it, and must give the same verdict each time.
"""

from ._cases import LIMIT_CASES, REQUEST_CASES, RESPONSE_CASES, Case
from ._check import check_parser, check_response_parser, failures
from ._observe import Parser, ResponseReader, Verdict, observe, observe_responses, ways

__all__ = [
    "LIMIT_CASES",
    "REQUEST_CASES",
    "RESPONSE_CASES",
    "Case",
    "Parser",
    "ResponseReader",
    "Verdict",
    "check_parser",
    "check_response_parser",
    "failures",
    "observe",
    "observe_responses",
    "ways",
]
