"""An asyncio HTTP/1.1 server with deadlines that hold: a parser of your choice, a handler."""

from ._connection import HTTPConnection
from ._deadlines import Deadlines, Limits
from ._errors import (
    BodyTooLarge,
    ClientDisconnected,
    HandlerTimeout,
    InvalidResponse,
    RequestTimeout,
    ServerClosing,
)
from ._file import FileBody
from ._interfaces import Handler, IncomingRequest, OutgoingResponse, Parser
from ._proxies import TrustedProxies
from ._request import Request
from ._response import Response
from ._server import HTTPServer
from ._takeover import TakenConnection

__all__ = [
    "BodyTooLarge",
    "ClientDisconnected",
    "Deadlines",
    "FileBody",
    "HTTPConnection",
    "HTTPServer",
    "Handler",
    "HandlerTimeout",
    "IncomingRequest",
    "InvalidResponse",
    "Limits",
    "OutgoingResponse",
    "Parser",
    "Request",
    "RequestTimeout",
    "Response",
    "ServerClosing",
    "TakenConnection",
    "TrustedProxies",
]

__version__ = "0.1.0"
