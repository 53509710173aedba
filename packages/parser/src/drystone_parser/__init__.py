"""A strict HTTP/1.1 parser in pure Python: bytes to requests, no I/O and no event loop."""

from ._errors import BadMessage, IncompleteMessage, LimitExceeded, NotSupported, ParseError
from ._forward import end_to_end
from ._headers import Headers
from ._interfaces import FillableRequest, FillableResponse
from ._limits import DEFAULT, Limits
from ._parse_into import parse_into
from ._request import Request
from ._request_parser import RequestParser
from ._response import Response
from ._response_parser import ResponseParser
from ._writers import write_chunk, write_last_chunk, write_request_head, write_response_head

__version__ = "0.1.0"

__all__ = [
    "DEFAULT",
    "BadMessage",
    "FillableRequest",
    "FillableResponse",
    "Headers",
    "IncompleteMessage",
    "LimitExceeded",
    "Limits",
    "NotSupported",
    "ParseError",
    "Request",
    "RequestParser",
    "Response",
    "ResponseParser",
    "end_to_end",
    "parse_into",
    "write_chunk",
    "write_last_chunk",
    "write_request_head",
    "write_response_head",
]
