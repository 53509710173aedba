"""The cases of `drystone_parser.testing`, as data, in the order of the RFCs."""

from . import chunked, connection, fields, framing, limits, request_line, responses
from ._case import Case

REQUEST_CASES: tuple[Case, ...] = (
    *request_line.CASES,
    *fields.CASES,
    *framing.CASES,
    *chunked.CASES,
    *connection.CASES,
)
LIMIT_CASES: tuple[Case, ...] = tuple(limits.CASES)
RESPONSE_CASES: tuple[Case, ...] = tuple(responses.CASES)

__all__ = ["LIMIT_CASES", "REQUEST_CASES", "RESPONSE_CASES", "Case"]
