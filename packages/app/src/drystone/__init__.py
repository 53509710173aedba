"""An async web framework made of parts that stand alone."""

from ._app import App
from ._errors import HTTPError, ValidationError
from ._group import Group
from ._headers import ResponseHeaders
from ._interfaces import Guard, Handler, Middleware
from ._multidict import MultiDict, QueryParams
from ._redirect import redirect
from ._request import Request
from ._response import Response, html, json, stream, text
from ._state import Key, State

__version__ = "0.1.0"

__all__ = [
    "App",
    "Group",
    "Guard",
    "HTTPError",
    "Handler",
    "Key",
    "Middleware",
    "MultiDict",
    "QueryParams",
    "Request",
    "Response",
    "ResponseHeaders",
    "State",
    "ValidationError",
    "html",
    "json",
    "redirect",
    "stream",
    "text",
]
