"""An async web framework made of parts that stand alone."""

from ._app import App
from ._arguments import Body, Cookie, Form, Header, Query, SignatureError
from ._compression import compression, uncompressed
from ._conditional import conditional, is_not_modified
from ._cors import cors
from ._depends import Depends
from ._errors import ClientDisconnected, HTTPError, ValidationError
from ._files import file, static
from ._forms import FormData, FormLimits, UploadFile
from ._group import Group
from ._handlers import Guard, Handler, Middleware
from ._headers import ResponseHeaders
from ._hosts import allowed_hosts
from ._multidict import MultiDict, QueryParams
from ._redirect import redirect
from ._request import Request
from ._response import Response, html, json, stream, text
from ._sse import Event, event_stream
from ._state import Key, State

__version__ = "0.1.0"

__all__ = [
    "App",
    "Body",
    "ClientDisconnected",
    "Cookie",
    "Depends",
    "Event",
    "Form",
    "FormData",
    "FormLimits",
    "Group",
    "Guard",
    "HTTPError",
    "Handler",
    "Header",
    "Key",
    "Middleware",
    "MultiDict",
    "Query",
    "QueryParams",
    "Request",
    "Response",
    "ResponseHeaders",
    "SignatureError",
    "State",
    "UploadFile",
    "ValidationError",
    "allowed_hosts",
    "compression",
    "conditional",
    "cors",
    "event_stream",
    "file",
    "html",
    "is_not_modified",
    "json",
    "redirect",
    "static",
    "stream",
    "text",
    "uncompressed",
]
